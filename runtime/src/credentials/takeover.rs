//! Acts as identities of this run whose passwords are lost, by setting new ones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::json;

use super::owners::{Acting, Owners};
use super::{api, secret};
use crate::client::Session;
use crate::client::auth::{Credential, Project, Scope, User};
use crate::client::by_id::{Api, SessionApi};
use crate::kinds;
use crate::ledger::{Outstanding, Owner};

/// The identities that a cleanup can act as.
#[derive(Debug)]
pub(crate) struct Takeover {
    admin: Session,
    admin_id: String,
    /// The sessions that exist already.
    known: BTreeMap<Owner, Session>,
    /// The users of this run; no other user's password is changed.
    ours: BTreeSet<String>,
    sees_everything: bool,
}

impl Takeover {
    /// Takes the admin, the existing sessions, and what is left to undo.
    pub(crate) fn new(
        admin: Session,
        admin_id: String,
        known: BTreeMap<Owner, Session>,
        left: &[Outstanding],
    ) -> Self {
        let users = left.iter().filter(|thing| thing.intent.kind == kinds::USER.name);
        let ours = users.filter_map(|user| user.id.clone()).collect();
        Self { admin, admin_id, known, ours, sees_everything: true }
    }

    /// Sets whether the admin sees the resources of every project.
    #[must_use]
    pub(crate) fn with_admin_rights(mut self, sees_everything: bool) -> Self {
        self.sees_everything = sees_everything;
        self
    }

    async fn session(&self, owner: &Owner) -> Result<Session, String> {
        if owner.user_id == self.admin_id {
            return Ok(self.admin.clone());
        }
        if let Some(session) = self.known.get(owner) {
            return Ok(session.clone());
        }
        let user = &owner.user_id;
        if !self.ours.contains(user) {
            return Err(format!(
                "user {user}, who created it, does not belong to this run or is gone"
            ));
        }
        let password = secret::password();
        let order = api::order(&self.admin, "identity.users.update").map_err(|e| e.to_string())?;
        order
            .path("user_id", user)
            .body(Some("user"), json!({"password": secret::shown(&password)}))
            .send()
            .await
            .map_err(|error| format!("cannot act as user {user}, who created it: {error}"))?;
        let scope = match &owner.project_id {
            Some(project) => Scope::Project(Project::Id(project.clone())),
            None => Scope::Unscoped,
        };
        let user = User::Id(user.clone());
        let session = self.admin.with_credential(Credential::Password { user, password, scope });
        session.authenticate().await.map_err(|error| error.to_string())?;
        Ok(session)
    }
}

impl Owners for Takeover {
    fn admin(&self) -> Arc<dyn Api> {
        Arc::new(SessionApi::new(self.admin.clone()))
    }

    fn admin_sees_everything(&self) -> bool {
        self.sees_everything
    }

    fn acting_as<'a>(&'a self, owner: &'a Owner) -> Acting<'a> {
        Box::pin(async {
            let session = self.session(owner).await?;
            Ok(Arc::new(SessionApi::new(session)) as Arc<dyn Api>)
        })
    }
}
