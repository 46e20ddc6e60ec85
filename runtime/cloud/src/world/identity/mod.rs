//! Identity: domains, projects, users, groups, roles, who has which where,
//! the catalog, and the tokens that say so.

pub(crate) mod access_rules;
pub(crate) mod application_credentials;
pub(crate) mod assignments;
pub(crate) mod auth;
pub(crate) mod authenticate;
pub(crate) mod bootstrap;
pub(crate) mod catalog;
pub(crate) mod credentials;
pub(crate) mod domains;
pub(crate) mod grants;
pub(crate) mod groups;
pub(crate) mod password;
pub(crate) mod policy;
pub(crate) mod project_tags;
pub(crate) mod projects;
pub(crate) mod receipts;
pub(crate) mod resource;
pub(crate) mod role_assignments;
pub(crate) mod role_implies;
pub(crate) mod roles;
pub(crate) mod services;
pub(crate) mod token;
pub(crate) mod trusts;
pub(crate) mod users;

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use crate::behaviour::Behaviour;
use crate::document::Document;
use crate::reply::Reply;
use crate::table::Table;

/// What identity can do.
pub(crate) const BEHAVIOURS: &[&[Behaviour]] = &[
    access_rules::BEHAVIOURS,
    application_credentials::BEHAVIOURS,
    auth::BEHAVIOURS,
    credentials::BEHAVIOURS,
    domains::BEHAVIOURS,
    grants::BEHAVIOURS,
    groups::BEHAVIOURS,
    project_tags::BEHAVIOURS,
    projects::BEHAVIOURS,
    role_assignments::BEHAVIOURS,
    role_implies::BEHAVIOURS,
    roles::BEHAVIOURS,
    services::BEHAVIOURS,
    trusts::BEHAVIOURS,
    users::BEHAVIOURS,
];

/// What identity knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct State {
    pub(crate) domains: Table<Document>,
    pub(crate) projects: Table<Document>,
    pub(crate) users: Table<Document>,
    pub(crate) passwords: HashMap<String, password::Hashed>,
    pub(crate) groups: Table<Document>,
    /// Pairs of group and user.
    pub(crate) memberships: BTreeSet<(String, String)>,
    pub(crate) roles: Table<Document>,
    /// Pairs of a role and one that it brings with it.
    pub(crate) implied: BTreeSet<(String, String)>,
    pub(crate) assignments: BTreeSet<assignments::Assignment>,
    pub(crate) regions: Table<Document>,
    pub(crate) services: Table<Document>,
    pub(crate) endpoints: Table<Document>,
    pub(crate) credentials: Table<Document>,
    pub(crate) application_credentials: Table<application_credentials::ApplicationCredential>,
    pub(crate) access_rules: Table<access_rules::AccessRule>,
    pub(crate) receipts: HashMap<String, receipts::Receipt>,
    pub(crate) trusts: Table<trusts::Trust>,
    pub(crate) tokens: HashMap<String, token::Token>,
}

impl State {
    /// Returns who a token stands for, where it is valid.
    pub(crate) fn access(&self, token: &str, now: Timestamp) -> Option<token::Access> {
        let token = self.tokens.get(token).filter(|token| token.expires > now)?;
        Some(token.access.clone())
    }

    /// Looks again at the roles of some users' tokens, and revokes those that have lost all. A
    /// token of a trust ends where the trustor lacks one of its roles.
    pub(crate) fn reconsider(&mut self, concerned: impl Fn(&str) -> bool) {
        let mut tokens = std::mem::take(&mut self.tokens);
        tokens.retain(|_, token| {
            let access = &mut token.access;
            if let Some(trust) = &access.trust {
                let trustor = self.trusts.get(trust).map(|trust| trust.trustor.clone());
                let lost = trustor.is_none_or(|trustor| {
                    let held = self.effective_roles(&trustor, &access.scope);
                    !access.roles.iter().all(|role| held.contains(role))
                });
                return !lost;
            }
            if access.scope == token::Scope::Unscoped || !concerned(&access.user_id) {
                return true;
            }
            let held = self.effective_roles(&access.user_id, &access.scope);
            if access.application_credential.is_some() {
                access.roles.retain(|role| held.contains(role));
            } else {
                access.roles = held;
            }
            !access.roles.is_empty()
        });
        self.tokens = tokens;
    }

    /// Revokes the tokens that `gone` tells of.
    pub(crate) fn revoke(&mut self, gone: impl Fn(&token::Access) -> bool) {
        self.tokens.retain(|_, token| !gone(&token.access));
    }
}

/// Adds what each of keystone's answers has: what it depends on, and where to log in if the
/// request was not authenticated (`keystone.server.flask.application`).
pub(crate) fn dressed(reply: Reply, base: &str) -> Reply {
    let challenged = reply.headers.iter().any(|(name, _)| name == "www-authenticate");
    let reply = match reply.status {
        401 if !challenged => reply.header("www-authenticate", challenge(base)),
        _ => reply,
    };
    reply.header("vary", "X-Auth-Token")
}

/// Returns the challenge for a client that is not authenticated.
pub(crate) fn challenge(base: &str) -> String {
    format!("Keystone uri=\"{base}/identity\"")
}
