//! The lease of an identity by a test.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::identity::Identity;

/// An identity in a test's hands.
///
/// It goes back to where it came from by `give_back` alone: a lease that
/// is dropped, because its test took the process along or its cleanup was cut
/// short, leaves an identity that nobody should have again.
#[derive(Debug)]
pub struct Lease {
    identity: Identity,
    returns: Arc<dyn Returns>,
    given_back: AtomicBool,
}

/// Where an identity goes that a test is done with.
pub(super) trait Returns: fmt::Debug + Send + Sync {
    /// It comes back as it went.
    fn back(&self, identity: &Identity);

    /// It is not to be lent again.
    fn lost(&self, identity: &Identity);
}

impl Lease {
    pub(super) fn new(identity: Identity, returns: Arc<dyn Returns>) -> Self {
        Self { identity, returns, given_back: AtomicBool::new(false) }
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Gives the identity to whoever wishes for its persona next.
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
