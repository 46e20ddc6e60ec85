//! Acts as identities of this run whose passwords are lost, by setting new ones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::SecretString;
use serde_json::json;
use tokio::sync::OnceCell;

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
    /// The new passwords by user. Things of one user are undone at the same time, and a
    /// second new password would end the sessions that stand on the first.
    passwords: Mutex<BTreeMap<String, Arc<OnceCell<SecretString>>>>,
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
        let users = left.iter().filter(|thing| thing.intent.kind == kinds::identity::USER.name);
        let ours = users.filter_map(|user| user.id.clone()).collect();
        let passwords = Mutex::default();
        Self { admin, admin_id, known, ours, passwords, sees_everything: true }
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
        let password = self.new_password(user).await?;
        let scope = match &owner.project_id {
            Some(project) => Scope::Project(Project::Id(project.clone())),
            None => Scope::Unscoped,
        };
        let user = User::Id(user.clone());
        let session = self.admin.with_credential(Credential::Password { user, password, scope });
        session.authenticate().await.map_err(|error| error.to_string())?;
        Ok(session)
    }

    /// Sets a new password for a user, once.
    async fn new_password(&self, user: &str) -> Result<SecretString, String> {
        let cell = {
            let mut cells = self.passwords.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(cells.entry(user.to_owned()).or_default())
        };
        let set = cell.get_or_try_init(|| async {
            let password = secret::password();
            let order =
                api::order(&self.admin, "identity.users.update").map_err(|e| e.to_string())?;
            order
                .path("user_id", user)
                .body(Some("user"), json!({"password": secret::shown(&password)}))
                .send()
                .await
                .map_err(|error| format!("cannot act as user {user}, who created it: {error}"))?;
            Ok(password)
        });
        set.await.cloned()
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

#[cfg(all(test, feature = "embedded"))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn things_of_one_user_that_are_undone_at_once_share_its_new_password() {
        let cloud = squall_cloud::Cloud::new(squall_cloud::Options::default());
        let served = squall_cloud::serve(cloud, ([127, 0, 0, 1], 0).into()).await.unwrap();
        let config = crate::embedded::Access::from(&served).config();
        let admin = Session::builder(config).build().unwrap();
        let create = api::call(&admin, "identity.users.create").unwrap();
        let create = create.body(Some("user"), json!({"name": "lost", "password": "forgotten"}));
        let created = create.send().await.unwrap().value;
        let user_id = created["user"]["id"].as_str().unwrap().to_owned();
        let takeover = Takeover {
            ours: [user_id.clone()].into(),
            ..Takeover::new(admin, "another".to_owned(), BTreeMap::new(), &[])
        };
        let owner = Owner { user_id, project_id: None };
        let (one, other) = tokio::join!(takeover.session(&owner), takeover.session(&owner));
        for session in [one.unwrap(), other.unwrap()] {
            // A session whose password was replaced meanwhile gets no further token.
            let again = session.with_credential(session.credential().clone());
            again.authenticate().await.unwrap();
        }
        served.shutdown().await.unwrap();
    }
}
