//! The requests of a run, and which of them are the same in another run.

use std::collections::{BTreeMap, HashSet};

use crate::client::Exchange;
use crate::journal::{Entry, Event};

/// What the tests of a run sent: by test, then by operation, in the order of sending.
///
/// Neither what set up a fixture nor what deleted something afterwards is among it: these depend
/// on what runs at the same time.
#[derive(Debug, Default)]
pub(super) struct Requests<'a>(BTreeMap<&'a str, ByOperation<'a>>);

type ByOperation<'a> = BTreeMap<&'a str, Vec<&'a Exchange>>;

impl<'a> Requests<'a> {
    /// Collects the requests of these tests. Of a test that was retried, the last attempt counts.
    pub(super) fn of(entries: &'a [Entry], tests: &HashSet<&str>) -> Self {
        let mut all: BTreeMap<&str, ByOperation<'_>> = BTreeMap::new();
        let mut ended: HashSet<&str> = HashSet::new();
        for entry in entries {
            match &entry.event {
                Event::TestStarted { test, .. } => {
                    ended.remove(test.as_str());
                    all.remove(test.as_str());
                }
                Event::TestUndoing { test } => {
                    ended.insert(test);
                }
                Event::Exchange { test: Some(test), exchange }
                    if tests.contains(test.as_str())
                        && !ended.contains(test.as_str())
                        && !exchange.operation.starts_with("session.") =>
                {
                    let sent = all.entry(test).or_default();
                    let sent = sent.entry(&exchange.operation).or_default();
                    if exchange.attempt > 1 {
                        sent.pop();
                    }
                    sent.push(exchange);
                }
                _ => {}
            }
        }
        Self(all)
    }

    /// Returns the pairs of requests that are the same in another run, with their test.
    ///
    /// Where a test called an operation as often in both runs, the calls are paired in their order;
    /// otherwise, as of a wait that took longer, the last ones.
    pub(super) fn pairs(&self, other: &Self) -> Vec<Pair<'a>> {
        let mut pairs = Vec::new();
        for (test, by_operation) in &self.0 {
            let Some(twins) = other.0.get(test) else { continue };
            for (operation, sent) in by_operation {
                let Some(twin) = twins.get(operation) else { continue };
                let from = if sent.len() == twin.len() { 0 } else { sent.len() - 1 };
                let last = twin.len() - (sent.len() - from);
                let both = sent[from..].iter().zip(&twin[last..]);
                pairs.extend(both.map(|(one, other)| Pair { test, both: [*one, *other] }));
            }
        }
        pairs
    }
}

/// A request that both clouds answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) test: &'a str,
    pub(super) both: [&'a Exchange; 2],
}
