//! Which operations the bodies of tests send, and what the pretended ones would have done.

use std::collections::{BTreeMap, BTreeSet};

use squall_model::service::{HAD_EFFECT, PRETENDED_HEADER};

use crate::client::Exchange;
use crate::journal::{Entry, Event};

/// What a pretended operation would have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    /// Nothing.
    None,
    /// It would have changed something.
    Some,
}

/// The beginning of the ids of a session's own requests.
const OF_SESSIONS: &str = "session.";

/// Returns the operations that the body of each test sends with success, those that only read
/// left out.
///
/// Whether an operation really changes something is known when it is pretended: a `POST` may read.
pub(super) fn changing(run: &[Entry]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    of_bodies(run, |test, exchange| {
        let reads = matches!(exchange.method.as_str(), "GET" | "HEAD" | "OPTIONS");
        let succeeded = exchange.status.is_some_and(|status| (200..300).contains(&status));
        if succeeded && !reads && !exchange.operation.starts_with(OF_SESSIONS) {
            found.entry(test.to_owned()).or_default().insert(exchange.operation.clone());
        }
    });
    found
}

/// Returns what each pretended operation of each test would have done.
pub(super) fn effects(run: &[Entry]) -> BTreeMap<(&str, &str), Effect> {
    let mut found = BTreeMap::new();
    of_bodies(run, |test, exchange| {
        if let Some(said) = exchange.response_headers.get(PRETENDED_HEADER) {
            let effect = if said == HAD_EFFECT { Effect::Some } else { Effect::None };
            let known = found.entry((test, exchange.operation.as_str())).or_insert(effect);
            *known = effect.max(*known);
        }
    });
    found
}

/// Calls `see` for every request that the body of a test sent.
fn of_bodies<'a>(run: &'a [Entry], mut see: impl FnMut(&'a str, &'a Exchange)) {
    let mut in_body: BTreeSet<&str> = BTreeSet::new();
    for entry in run {
        match &entry.event {
            Event::TestStarted { test, .. } => {
                in_body.insert(test);
            }
            Event::TestUndoing { test } => {
                in_body.remove(test.as_str());
            }
            Event::TestFinished(result) => {
                in_body.remove(result.test.as_str());
            }
            Event::Exchange { test: Some(test), exchange } if in_body.contains(test.as_str()) => {
                see(test, exchange);
            }
            _ => {}
        }
    }
}
