//! Who undoes a thing: its owner where possible, an admin where that is enough.

use std::pin::Pin;
use std::sync::Arc;

use crate::client::by_id::Api;
use crate::ledger::Owner;

/// An answer to "act as this one", or why it cannot be done.
pub type Acting<'a> = Pin<Box<dyn Future<Output = Result<Arc<dyn Api>, String>> + Send + 'a>>;

/// The identities that a cleanup can act as.
pub trait Owners: Send + Sync {
    /// Acts as the admin.
    fn admin(&self) -> Arc<dyn Api>;

    /// Acts as whoever made a thing.
    fn acting_as<'a>(&'a self, owner: &'a Owner) -> Acting<'a>;
}
