//! The identities that undo resources: the owner if possible, otherwise an admin.

use std::pin::Pin;
use std::sync::Arc;

use crate::client::by_id::Api;
use crate::ledger::Owner;

/// A session of another identity, or why there is none.
pub type Acting<'a> = Pin<Box<dyn Future<Output = Result<Arc<dyn Api>, String>> + Send + 'a>>;

/// The identities that a cleanup can act as.
pub trait Owners: Send + Sync {
    /// Returns a session of the admin.
    fn admin(&self) -> Arc<dyn Api>;

    /// Returns a session of the identity that created a resource.
    fn acting_as<'a>(&'a self, owner: &'a Owner) -> Acting<'a>;
}
