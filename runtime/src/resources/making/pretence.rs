//! What a test's requests only pretend to do: the embedded cloud answers as if they had worked.
//!
//! Only the body of the test pretends. Its identities and fixtures are what it stands on, and its
//! cleanup has to remove what is really there.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use http::{HeaderMap, HeaderValue};
use squall_model::service::PRETEND_HEADER;

/// The operations that a test only pretends, and whether its body runs.
#[derive(Debug)]
pub(crate) struct Pretence {
    operations: BTreeSet<String>,
    is_under_way: AtomicBool,
}

impl Pretence {
    /// A pretence that has not begun.
    pub(crate) fn of(operations: BTreeSet<String>) -> Self {
        Self { operations, is_under_way: AtomicBool::new(false) }
    }

    /// Begins with the test's body.
    pub(crate) fn begin(&self) {
        self.is_under_way.store(true, Ordering::Relaxed);
    }

    /// Ends before the test's cleanup.
    pub(crate) fn end(&self) {
        self.is_under_way.store(false, Ordering::Relaxed);
    }

    /// Returns the header that marks a request, if it is pretended.
    pub(crate) fn headers(&self, operation: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if self.is_under_way.load(Ordering::Relaxed) && self.operations.contains(operation) {
            headers.insert(PRETEND_HEADER, HeaderValue::from_static("true"));
        }
        headers
    }
}
