//! The lease of an identity by a test.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::identity::Identity;
use super::pool::Free;

/// An identity in a test's hands.
///
/// It goes back to the pool by `give_back` alone: a lease that
/// is dropped, because its test took the process along or its cleanup was cut
/// short, leaves an identity that nobody should have again.
#[derive(Debug)]
pub struct Lease {
    identity: Identity,
    free: Arc<Free>,
    given_back: AtomicBool,
}

impl Lease {
    pub(super) fn new(identity: Identity, free: Arc<Free>) -> Self {
        Self { identity, free, given_back: AtomicBool::new(false) }
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Gives the identity to whoever wishes for its persona next.
    pub(crate) fn give_back(&self) {
        if !self.given_back.swap(true, Ordering::Relaxed) {
            self.free.put(self.identity.clone());
        }
    }
}
