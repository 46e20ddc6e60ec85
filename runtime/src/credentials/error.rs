//! Why a test's identities could not be had.

use super::UnknownPersona;
use crate::client::Error;
use crate::making::MakeError;

/// Why a test's identities could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// No such persona.
    #[error(transparent)]
    Persona(#[from] UnknownPersona),
    /// The cloud lacks the role.
    #[error("needs the role `{role}`, which this cloud does not have; it has {has}")]
    NoRole {
        /// The role.
        role: String,
        /// The roles that the cloud has.
        has: String,
    },
    /// The file of accounts has none that fit.
    #[error("needs {wanted}, for which the file of accounts has none; it has {has}")]
    NoAccount {
        /// The personas.
        wanted: String,
        /// What the accounts can be lent as.
        has: String,
    },
    /// What is lent was used before.
    #[error(
        "needs an identity that nobody had before, and accounts are lent again and again: run \
         without `--accounts`"
    )]
    NoneFresh,
    /// Every account that fits was spoilt by an earlier test.
    #[error(
        "no account is left for {wanted}: tests before this one left something behind in those \
         that fit"
    )]
    AccountsSpoilt {
        /// The personas.
        wanted: String,
    },
    /// An account does not get in.
    #[error("the account at line {line} of the file of accounts does not get in: {source}")]
    Account {
        /// Its line, from 1.
        line: u64,
        /// What came of it.
        source: Box<Error>,
    },
    /// Which accounts are lent cannot be kept.
    #[error("cannot keep which accounts are lent: {source}")]
    Holds {
        /// What the file system said.
        source: std::io::Error,
    },
    /// The identity spec lacks an operation.
    #[error("the spec of identity has no `{0}`, without which no identity can be made")]
    NoOperation(String),
    /// Making one failed.
    #[error("cannot make an identity: {0}")]
    Make(#[from] MakeError),
    /// A request failed.
    #[error(transparent)]
    Call(#[from] Error),
}

impl SetupError {
    /// Tells whether it is the cloud that does not offer what the test is about.
    pub fn is_skip(&self) -> bool {
        matches!(self, Self::NoRole { .. } | Self::NoAccount { .. } | Self::NoneFresh)
    }
}
