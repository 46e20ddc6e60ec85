//! Credentials and scopes.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

use crate::redact;

/// A domain, by id or by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Domain {
    /// By id.
    Id(String),
    /// By name.
    Name(String),
}

impl Default for Domain {
    fn default() -> Self {
        Self::Id("default".to_owned())
    }
}

/// A user, by id or by name in a domain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum User {
    Id(String),
    Name { name: String, domain: Domain },
}

/// A project, by id or by name in a domain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Project {
    Id(String),
    Name { name: String, domain: Domain },
}

/// The scope of a token.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Scope {
    /// No scope: the token has no catalog and can only be exchanged for another.
    #[default]
    Unscoped,
    /// A project.
    Project(Project),
    /// A domain.
    Domain(Domain),
    /// The whole deployment.
    System,
    /// A trust, by its id.
    Trust(String),
}

/// A credential to authenticate with.
///
/// Secrets are kept in types that do not print them.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Credential {
    /// A user's password.
    Password { user: User, password: SecretString, scope: Scope },
    /// An existing token.
    Token { token: SecretString, scope: Scope },
    /// An application credential, by its id; it has its own scope.
    ApplicationCredential { id: String, secret: SecretString },
    /// An application credential, by its name among its user's.
    NamedApplicationCredential { name: String, user: User, secret: SecretString },
}

impl Credential {
    /// Creates a credential from a user name and password in the default domain,
    /// scoped to a project in the same domain.
    pub fn password(user: &str, password: &str, project: &str) -> Self {
        Self::Password {
            user: User::Name { name: user.to_owned(), domain: Domain::default() },
            password: password.into(),
            scope: Scope::Project(Project::Name {
                name: project.to_owned(),
                domain: Domain::default(),
            }),
        }
    }

    /// Adds the password, token or secret to those that are hidden wherever they appear.
    pub(crate) fn learn_secret(&self) {
        let secret = match self {
            Self::Password { password: secret, .. }
            | Self::Token { token: secret, .. }
            | Self::ApplicationCredential { secret, .. }
            | Self::NamedApplicationCredential { secret, .. } => secret,
        };
        redact::learn(secret.expose_secret());
    }

    /// Returns the requested scope.
    pub fn scope(&self) -> Option<&Scope> {
        match self {
            Self::Password { scope, .. } | Self::Token { scope, .. } => Some(scope),
            Self::ApplicationCredential { .. } | Self::NamedApplicationCredential { .. } => None,
        }
    }

    /// Returns the credential with another scope; an application credential keeps its own.
    #[must_use]
    pub fn with_scope(mut self, wanted: Scope) -> Self {
        match &mut self {
            Self::Password { scope, .. } | Self::Token { scope, .. } => *scope = wanted,
            Self::ApplicationCredential { .. } | Self::NamedApplicationCredential { .. } => {}
        }
        self
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "domain {id}"),
            Self::Name(name) => write!(f, "domain `{name}`"),
        }
    }
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "user {id}"),
            Self::Name { name, domain } => write!(f, "user `{name}` of {domain}"),
        }
    }
}

impl fmt::Display for Project {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "project {id}"),
            Self::Name { name, domain } => write!(f, "project `{name}` of {domain}"),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unscoped => f.write_str("no scope"),
            Self::Project(project) => project.fmt(f),
            Self::Domain(domain) => domain.fmt(f),
            Self::System => f.write_str("the system"),
            Self::Trust(id) => write!(f, "trust {id}"),
        }
    }
}

/// Names the identity, never the secret.
impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password { user, scope, .. } => write!(f, "{user} for {scope}"),
            Self::Token { scope, .. } => write!(f, "the holder of a token for {scope}"),
            Self::ApplicationCredential { id, .. } => write!(f, "application credential {id}"),
            Self::NamedApplicationCredential { name, user, .. } => {
                write!(f, "application credential `{name}` of {user}")
            }
        }
    }
}
