//! The lease of an identity by a test.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::identity::Identity;

/// An identity leased to a test.
///
/// Only `give_back` returns it for another lease. A lease that is dropped, because its
/// cleanup was interrupted for example, leaves an identity that must not be leased again.
#[derive(Debug)]
pub struct Lease {
    identity: Identity,
    returns: Arc<dyn Returns>,
    given_back: AtomicBool,
}

/// Takes identities back.
pub(super) trait Returns: fmt::Debug + Send + Sync {
    /// Takes back an identity that can be leased again.
    fn back(&self, identity: &Identity);

    /// Takes note of an identity that must not be leased again.
    fn lost(&self, identity: &Identity);
}

impl Lease {
    pub(super) fn new(identity: Identity, returns: Arc<dyn Returns>) -> Self {
        Self { identity, returns, given_back: AtomicBool::new(false) }
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Returns the identity, to be leased again.
    pub(crate) fn give_back(&self) {
        if !self.given_back.swap(true, Ordering::Relaxed) {
            self.returns.back(&self.identity);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.given_back.swap(true, Ordering::Relaxed) {
            self.returns.lost(&self.identity);
        }
    }
}
