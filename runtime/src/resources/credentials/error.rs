//! Why a test did not get its identities.

use super::UnknownPersona;
use crate::client::Error;
use crate::making::MakeError;

/// Why a test did not get its identities.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The persona is invalid.
    #[error(transparent)]
    Persona(#[from] UnknownPersona),
    /// The cloud does not have the role.
    #[error("needs the role `{role}`, which this cloud does not have; it has {has}")]
    NoRole {
        /// The role.
        role: String,
        /// The roles that the cloud has.
        has: String,
    },
    /// No account in the file fits.
    #[error("needs {wanted}, for which the accounts file has no account; it has {has}")]
    NoAccount {
        /// The personas.
        wanted: String,
        /// The personas that the accounts have.
        has: String,
    },
    /// Lent accounts are never fresh.
    #[error(
        "needs a fresh identity, and accounts are lent repeatedly: run it without `--accounts`"
    )]
    NoneFresh,
    /// Earlier tests left something behind in every account that fits.
    #[error(
        "no account is left for {wanted}: earlier tests left something behind in those that fit"
    )]
    AccountsSpoilt {
        /// The personas.
        wanted: String,
    },
    /// An account cannot authenticate.
    #[error("the account at line {line} of the accounts file cannot authenticate: {source}")]
    Account {
        /// Its line, from 1.
        line: u64,
        /// The error.
        source: Box<Error>,
    },
    /// The state of lent accounts cannot be stored.
    #[error("cannot store which accounts are lent: {source}")]
    Holds {
        /// The error of the file system.
        source: std::io::Error,
    },
    /// The identity spec lacks an operation.
    #[error("the identity spec has no `{0}`, which is needed to create identities")]
    NoOperation(String),
    /// An identity could not be created.
    #[error("cannot create an identity: {0}")]
    Make(#[from] MakeError),
    /// A request failed.
    #[error(transparent)]
    Call(#[from] Error),
}

impl SetupError {
    /// Whether the cloud or the accounts lack what the test needs, so that it is skipped.
    pub fn is_skip(&self) -> bool {
        matches!(self, Self::NoRole { .. } | Self::NoAccount { .. } | Self::NoneFresh)
    }
}
