//! The mark of a request in flight that has a ledger entry.
//!
//! It travels with the call, as an extension of its own type, to the guard that
//! permits the request.

use std::sync::{Arc, Weak};

use crate::kinds::Kind;

/// The ledger entry of a request in flight.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    /// The kind that is being created.
    pub(crate) kind: &'static Kind,
    /// The name that the request must contain.
    pub(crate) name: String,
}

/// Carried by a call whose request is that of a description.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AsDescribed;

/// Carried by a call whose request is that of a description with one value changed, to see
/// whether it is refused.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Altered;

/// A mark that is valid until this is dropped.
///
/// It is valid for one request: a call that is kept and sent again goes without.
#[derive(Debug)]
pub(crate) struct Held(Arc<Mark>);

impl Held {
    /// Makes a mark valid.
    pub(crate) fn new(mark: Mark) -> Self {
        Self(Arc::new(mark))
    }

    /// Returns what a call carries.
    pub(crate) fn carried(&self) -> Carried {
        Carried(Arc::downgrade(&self.0))
    }
}

/// A mark as a call carries it.
#[derive(Debug, Clone)]
pub(crate) struct Carried(Weak<Mark>);

impl Carried {
    /// Returns the mark while it is valid.
    pub(crate) fn mark(&self) -> Option<Arc<Mark>> {
        self.0.upgrade()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::compute::SERVER;

    #[test]
    fn a_mark_is_gone_with_its_request() {
        let held = Held::new(Mark { kind: &SERVER, name: "squall-1-x-2".to_owned() });
        let carried = held.carried();
        assert!(carried.mark().is_some());
        drop(held);
        assert!(carried.mark().is_none());
    }
}
