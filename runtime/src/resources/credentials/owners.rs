//! Who undoes a resource: its owner if possible, otherwise an admin.

use std::pin::Pin;
use std::sync::Arc;

use crate::client::Session;
use crate::client::by_id::{Api, Request, SessionApi};
use crate::ledger::Owner;

/// The result of acting as an identity, or why that is not possible.
pub type Acting<'a> = Pin<Box<dyn Future<Output = Result<Arc<dyn Api>, String>> + Send + 'a>>;

/// The identities that a cleanup can act as.
pub trait Owners: Send + Sync {
    /// Returns the admin.
    fn admin(&self) -> Arc<dyn Api>;

    /// Whether the admin sees the resources of every project: only then does it mean
    /// something that the admin does not find one.
    fn admin_sees_everything(&self) -> bool {
        true
    }

    /// Acts as the owner of a resource.
    fn acting_as<'a>(&'a self, owner: &'a Owner) -> Acting<'a>;
}

/// Whether a session has an admin's rights, by asking what only an admin may.
pub(crate) async fn sees_everything(session: &Session) -> bool {
    let api = SessionApi::new(session.clone());
    let request = Request {
        spec: crate::identity::Identity::SPEC,
        operation: "identity.roles.list",
        params: &std::collections::BTreeMap::new(),
        query: Vec::new(),
        body: None,
    };
    api.send(request).await.is_ok_and(|answer| answer.status < 300)
}
