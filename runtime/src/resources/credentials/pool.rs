//! The identities of a run, created when a test asks for one and none is free.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;

use super::identity::Identity;
use super::lease::{Lease, Returns};
use super::roles::Roles;
use super::{Persona, PersonaRequest, PersonaScope, SetupError, api, secret};
use crate::client::Session;
use crate::client::auth::{self, Credential, User};
use crate::kinds;
use crate::ledger::Owner;
use crate::making::Maker;

/// The identities of a run.
#[derive(Debug)]
pub(crate) struct Pool {
    admin: Session,
    pub(crate) roles: Roles,
    maker: Maker,
    free: Arc<Free>,
    /// The sessions of all of them, for cleanup at the end.
    all: Mutex<BTreeMap<Owner, Session>>,
}

/// The identities that are not leased.
#[derive(Debug, Default)]
struct Free(Mutex<BTreeMap<Persona, Vec<Identity>>>);

impl Returns for Free {
    fn back(&self, identity: &Identity) {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.entry(identity.persona.clone()).or_default().push(identity.clone());
    }

    /// Another one is created on demand.
    fn lost(&self, _: &Identity) {}
}

impl Free {
    fn take(&self, persona: &Persona) -> Option<Identity> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_mut(persona)?.pop()
    }
}

impl Pool {
    /// Creates an empty pool; `maker` creates its identities.
    pub(crate) fn new(admin: Session, maker: Maker) -> Self {
        Self { admin, roles: Roles::default(), maker, free: Arc::default(), all: Mutex::default() }
    }

    /// Leases an identity exclusively; a fresh one was never leased before.
    pub(crate) async fn lease(&self, request: &PersonaRequest) -> Result<Lease, SetupError> {
        let PersonaRequest { persona, fresh } = request;
        let free = if *fresh { None } else { self.free.take(persona) };
        let identity = match free {
            Some(identity) => identity,
            None => self.make(persona).await?,
        };
        Ok(Lease::new(identity, Arc::clone(&self.free) as Arc<dyn Returns>))
    }

    /// Returns the session of every identity that was created.
    pub(crate) fn sessions(&self) -> BTreeMap<Owner, Session> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn make(&self, persona: &Persona) -> Result<Identity, SetupError> {
        let mut role_ids = Vec::with_capacity(persona.roles.len());
        for role in &persona.roles {
            role_ids.push(self.roles.id(&self.admin, role).await?);
        }
        let target = self.target(persona.scope).await?;
        let password = secret::password();
        let user_id = self.user(&target, &password).await?;
        for role_id in &role_ids {
            self.grant(&target, &user_id, role_id).await?;
        }
        let (scope, project_id) = match target {
            Target::Project(id) => (auth::Scope::Project(auth::Project::Id(id.clone())), Some(id)),
            Target::Domain(id) => (auth::Scope::Domain(auth::Domain::Id(id)), None),
            Target::System => (auth::Scope::System, None),
        };
        let user = User::Id(user_id.clone());
        let session = self.admin.with_credential(Credential::Password { user, password, scope });
        let identity = Identity { persona: persona.clone(), user_id, project_id, session };
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(identity.owner(), identity.session.clone());
        Ok(identity)
    }

    /// Creates the project or domain of a role assignment. An existing domain would have
    /// other people's resources in it.
    async fn target(&self, scope: PersonaScope) -> Result<Target, SetupError> {
        let (kind, operation, key) = match scope {
            PersonaScope::System => return Ok(Target::System),
            PersonaScope::Project => {
                (&kinds::identity::PROJECT, "identity.projects.create", "project")
            }
            PersonaScope::Domain => (&kinds::identity::DOMAIN, "identity.domains.create", "domain"),
        };
        let call = api::call(&self.admin, operation)?;
        let make = |name: &str| call.body(Some(key), json!({"name": name}));
        let made = self.maker.create_named(kind, make).await?;
        Ok(if scope == PersonaScope::Domain {
            Target::Domain(made.id)
        } else {
            Target::Project(made.id)
        })
    }

    async fn user(
        &self,
        target: &Target,
        password: &secrecy::SecretString,
    ) -> Result<String, SetupError> {
        let call = api::call(&self.admin, "identity.users.create")?;
        let make = |name: &str| {
            let mut user = json!({"name": name, "password": secret::shown(password)});
            if let Target::Domain(id) = target {
                user["domain_id"] = json!(id);
            }
            call.body(Some("user"), user)
        };
        Ok(self.maker.create_named(&kinds::identity::USER, make).await?.id)
    }

    async fn grant(&self, target: &Target, user: &str, role: &str) -> Result<(), SetupError> {
        let (kind, call) = match target {
            Target::Project(id) => {
                let kind = &kinds::identity::ROLE_ASSIGNMENT;
                (kind, api::order(&self.admin, kind.made_by[0])?.path("project_id", id))
            }
            Target::Domain(id) => {
                let kind = &kinds::identity::DOMAIN_ROLE_ASSIGNMENT;
                (kind, api::order(&self.admin, kind.made_by[0])?.path("domain_id", id))
            }
            Target::System => {
                let kind = &kinds::identity::SYSTEM_ROLE_ASSIGNMENT;
                (kind, api::order(&self.admin, kind.made_by[0])?)
            }
        };
        self.maker.change(kind, None, call.path("user_id", user).path("role_id", role)).await?;
        Ok(())
    }
}

/// The target of a role assignment.
enum Target {
    Project(String),
    Domain(String),
    System,
}
