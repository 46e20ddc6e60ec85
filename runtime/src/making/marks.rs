//! Marks of requests in flight that have a ledger entry.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::kinds::Kind;

/// The key of the note that carries a call's ledger number; the journal shows it.
pub(crate) const NOTE: &str = "ledger";

/// The ledger entry of a request in flight.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    /// The kind that is being created.
    pub(crate) kind: &'static Kind,
    /// The name that the request must contain.
    pub(crate) name: String,
}

/// The marks in force, by ledger number.
///
/// A mark is valid for one request: sending the same call again has none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks(Arc<Mutex<BTreeMap<u64, Mark>>>);

impl Marks {
    /// Marks the request of an intent until the returned guard is dropped.
    pub(crate) fn hold(&self, seq: u64, mark: Mark) -> Held {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(seq, mark);
        Held { marks: self.clone(), seq }
    }

    /// Finds a mark by the note of a call.
    pub(crate) fn find(&self, note: Option<&str>) -> Option<Mark> {
        let seq = note?.parse().ok()?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&seq).cloned()
    }
}

/// Keeps a mark in force until it is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    marks: Marks,
    seq: u64,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.marks.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.seq);
    }
}
