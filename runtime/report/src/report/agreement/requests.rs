//! The requests of a run, and which of them are the same in another run.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use squall_model::Microversion;

use crate::client::Exchange;
use crate::journal::{Entry, Event};

/// What the tests of a run sent: by test, then by operation, in the order of sending.
///
/// Neither what set up a fixture nor what deleted something afterwards is among it: these depend
/// on what runs at the same time.
#[derive(Debug, Default)]
pub(super) struct Requests<'a>(BTreeMap<&'a str, ByOperation<'a>>);

type ByOperation<'a> = BTreeMap<&'a str, Calls<'a>>;

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
    /// Calls of an operation are paired if they asked for the same microversion; what only one run
    /// asked for is paired with what only the other did, since the newest is not the same one
    /// everywhere. Where both called it as often, the calls are paired in their order; otherwise, as
    /// of a wait that took longer, the last ones.
    pub(super) fn pairs(&self, other: &Self) -> Vec<Pair<'a>> {
        let mut pairs = Vec::new();
        for (test, by_operation) in &self.0 {
            let Some(twins) = other.0.get(test) else { continue };
            for (operation, sent) in by_operation {
                let Some(twins) = twins.get(operation) else { continue };
                for (sent, twins) in by_version(sent, twins) {
                    let paired = if sent.len() == twins.len() { sent.len() } else { 1 };
                    let last =
                        |calls: &Calls<'a>| calls.iter().rev().take(paired).copied().collect();
                    let (sent, twins): (Calls<'a>, Calls<'a>) = (last(&sent), last(&twins));
                    let both = sent.into_iter().zip(twins).rev();
                    pairs.extend(both.map(|(one, other)| Pair { test, both: [one, other] }));
                }
            }
        }
        pairs
    }
}

/// Calls of one operation, in the order of sending.
type Calls<'a> = Vec<&'a Exchange>;

/// Splits the calls of two runs by the microversion that they asked for; last those of versions
/// that only one of the runs asked for.
fn by_version<'a>(sent: &Calls<'a>, twins: &Calls<'a>) -> Vec<(Calls<'a>, Calls<'a>)> {
    let of = |calls: &Calls<'a>, wanted| -> Calls<'a> {
        calls.iter().filter(|call| call.requested_version == wanted).copied().collect()
    };
    let versions = |calls: &Calls<'a>| -> BTreeSet<Option<Microversion>> {
        calls.iter().map(|call| call.requested_version).collect()
    };
    let (here, there) = (versions(sent), versions(twins));
    let mut split: Vec<_> = here
        .intersection(&there)
        .map(|version| (of(sent, *version), of(twins, *version)))
        .collect();
    let alone = |calls: &Calls<'a>, others: &BTreeSet<_>| -> Calls<'a> {
        calls.iter().filter(|call| !others.contains(&call.requested_version)).copied().collect()
    };
    split.push((alone(sent, &there), alone(twins, &here)));
    split
}

/// A request that both clouds answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) test: &'a str,
    pub(super) both: [&'a Exchange; 2],
}
