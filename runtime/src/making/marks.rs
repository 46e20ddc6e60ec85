//! The marks of requests that stand in the ledger and are under way.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::kinds::Kind;

/// The note of a call that tells its number in the ledger; the journal shows it.
pub(crate) const NOTE: &str = "ledger";

/// What the ledger holds of a request that is under way.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    /// The kind that is being made.
    pub(crate) kind: &'static Kind,
    /// The name that the request has to carry.
    pub(crate) name: String,
}

/// The marks that hold now, by their number in the ledger.
///
/// A mark holds for one request: whoever keeps a call and sends it again sends
/// it without.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks(Arc<Mutex<BTreeMap<u64, Mark>>>);

impl Marks {
    /// Marks the request of an intent, for as long as the guard given back lives.
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

/// A mark that holds until this is dropped.
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
