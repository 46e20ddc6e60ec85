//! Tokens and what they give access to.

use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};
use squall_policy::Caller;

use super::{State, catalog};
use crate::clock::{Stamp, stamp};
use crate::document::{Document, text};
use crate::ids;

/// How long a token holds.
const HOURS: i64 = 12;

/// A token as identity remembers it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) access: Access,
    pub(crate) methods: Vec<String>,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
    pub(crate) audit_id: String,
    /// The audit id of the first token of the chain in which it was exchanged, if any.
    pub(crate) first: Option<String>,
}

/// Who asks, and for which scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Access {
    pub(crate) user_id: String,
    pub(crate) scope: Scope,
    /// Ids and names of the roles in that scope, implied ones included.
    pub(crate) roles: Vec<(String, String)>,
    pub(crate) application_credential: Option<String>,
    /// The trust that it acts by.
    pub(crate) trust: Option<String>,
}

/// What a token is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scope {
    Unscoped,
    Project(String),
    Domain(String),
    System,
}

impl Access {
    /// Whether the caller has the role admin in its scope.
    pub(crate) fn is_admin(&self) -> bool {
        self.roles.iter().any(|(_, name)| name == "admin")
    }

    /// Returns the project of the scope.
    pub(crate) fn project(&self) -> Option<&str> {
        match &self.scope {
            Scope::Project(id) => Some(id),
            _ => None,
        }
    }
}

impl State {
    /// Returns what policy rules know of a caller.
    pub(crate) fn caller(&self, access: &Access) -> Caller {
        let of = |document: Option<&Document>, key: &str| {
            document.map(|document| text(document, key).to_owned()).unwrap_or_default()
        };
        let user = self.users.get(&access.user_id);
        let scope = match &access.scope {
            Scope::Unscoped => squall_policy::Scope::Unscoped,
            Scope::System => squall_policy::Scope::System,
            Scope::Domain(id) => squall_policy::Scope::Domain {
                id: id.clone(),
                name: of(self.domains.get(id), "name"),
            },
            Scope::Project(id) => squall_policy::Scope::Project {
                id: id.clone(),
                name: of(self.projects.get(id), "name"),
                domain_id: of(self.projects.get(id), "domain_id"),
            },
        };
        Caller {
            user_id: access.user_id.clone(),
            user_name: of(user, "name"),
            user_domain_id: of(user, "domain_id"),
            scope,
            roles: access.roles.iter().map(|(_, name)| name.clone()).collect(),
            service_roles: Vec::new(),
        }
    }

    /// Issues a token and gives its id.
    ///
    /// `no_later` keeps a token that was got with a token within its life.
    pub(crate) fn issue(
        &mut self,
        access: Access,
        methods: Vec<String>,
        now: Timestamp,
        no_later: Option<Timestamp>,
        first: Option<String>,
    ) -> String {
        let whole = now.checked_add(HOURS.hours()).unwrap_or(now);
        let expires = no_later.map_or(whole, |limit| limit.min(whole));
        let id = format!("squall-{}", ids::secret());
        let audit_id = ids::secret().chars().take(22).collect();
        let token = Token { access, methods, issued: now, expires, audit_id, first };
        self.tokens.insert(id.clone(), token);
        id
    }
}

/// Shows a token as identity answers with it.
pub(crate) fn show(state: &State, token: &Token, base: &str, with_catalog: bool) -> Value {
    let access = &token.access;
    let audit_ids: Vec<&String> =
        std::iter::once(&token.audit_id).chain(token.first.as_ref()).collect();
    let mut body = json!({
        "methods": token.methods,
        "user": user(state, &access.user_id),
        "audit_ids": audit_ids,
        "expires_at": stamp(token.expires, Stamp::MicrosZulu),
        "issued_at": stamp(token.issued, Stamp::MicrosZulu),
    });
    match &access.scope {
        Scope::Unscoped => return body,
        Scope::Project(id) => {
            let project = state.projects.get(id);
            body["project"] = json!({
                "id": id,
                "name": project.map(|p| text(p, "name")),
                "domain": project.map(|p| domain(state, text(p, "domain_id"))),
            });
            body["is_domain"] = json!(false);
        }
        Scope::Domain(id) => body["domain"] = domain(state, id),
        Scope::System => body["system"] = json!({ "all": true }),
    }
    body["roles"] =
        access.roles.iter().map(|(id, name)| json!({ "id": id, "name": name })).collect();
    if with_catalog {
        body["catalog"] = catalog::catalog(state, access.project(), base);
    }
    if let Some(trust) = access.trust.as_ref().and_then(|id| state.trusts.get(id)) {
        body["OS-TRUST:trust"] = trust.brief();
    }
    if let Some(credential) =
        access.application_credential.as_ref().and_then(|id| state.application_credentials.get(id))
    {
        body["application_credential"] = json!({
            "id": credential.id,
            "name": credential.name,
            "restricted": !credential.unrestricted,
        });
    }
    body
}

fn user(state: &State, id: &str) -> Value {
    let user = state.users.get(id);
    json!({
        "id": id,
        "name": user.map(|u| text(u, "name")),
        "domain": user.map(|u| domain(state, text(u, "domain_id"))),
        "password_expires_at": null,
    })
}

fn domain(state: &State, id: &str) -> Value {
    json!({ "id": id, "name": state.domains.get(id).map(|d| text(d, "name")) })
}
