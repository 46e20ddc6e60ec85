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
pub(crate) mod project_tags;
pub(crate) mod projects;
pub(crate) mod resource;
pub(crate) mod role_assignments;
pub(crate) mod role_implies;
pub(crate) mod roles;
pub(crate) mod services;
pub(crate) mod token;
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
    users::BEHAVIOURS,
];

/// What identity knows.
#[derive(Debug, Default)]
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
    pub(crate) tokens: HashMap<String, token::Token>,
}

impl State {
    /// Returns who a token stands for, where it is valid.
    pub(crate) fn access(&self, token: &str, now: Timestamp) -> Option<token::Access> {
        let token = self.tokens.get(token).filter(|token| token.expires > now)?;
        Some(token.access.clone())
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
