//! Why a resource could not be created.

use crate::client::{Error, ErrorResponse};
use crate::kinds::Kind;
use crate::ledger::LedgerError;

use super::naming::Unnamed;

/// Why a resource could not be created, or a change not be made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// The request failed.
    #[error("{0}")]
    Call(#[from] Error),
    /// The ledger cannot be written, so the request was not sent.
    #[error("not sent: the ledger, which would undo it, cannot be written: {0}")]
    Ledger(#[from] LedgerError),
    /// The response has no id. The resource is deleted by its name.
    #[error("the response to the request that creates a {kind} has no id at {pointers}")]
    NoId {
        /// The kind.
        kind: &'static str,
        /// The JSON pointers where an id was expected.
        pointers: String,
    },
    /// The request does not say where the unique name goes, so it was not sent.
    #[error("not sent: {0}")]
    Unnamed(#[from] Unnamed),
    /// The request changes nothing of this run, so it was not sent.
    #[error(
        "not sent: the {kind} would be of no resource that this run created, and undoing it could \
         delete what belongs to others; create what the request refers to first, with `ctx.create`"
    )]
    NotOurs {
        /// The kind.
        kind: &'static str,
    },
    /// The test has ended: what it created now would be left behind.
    #[error("not sent: the test has ended, so that nothing would undo it")]
    Over,
}

impl MakeError {
    /// Returns the service's error response, where there is one.
    pub fn refused(&self) -> Option<&ErrorResponse> {
        self.call().and_then(Error::refused)
    }

    /// Whether the service refused with this status.
    pub fn is_status(&self, status: u16) -> bool {
        self.call().is_some_and(|error| error.is_status(status))
    }

    /// Returns the service's request id, where the service answered.
    pub fn request_id(&self) -> Option<&str> {
        self.call().and_then(Error::request_id)
    }

    /// Returns the error of the request.
    pub fn call(&self) -> Option<&Error> {
        match self {
            Self::Call(error) => Some(error),
            Self::Ledger(_)
            | Self::NoId { .. }
            | Self::Unnamed(_)
            | Self::NotOurs { .. }
            | Self::Over => None,
        }
    }

    pub(super) fn no_id(kind: &'static Kind, pointers: &[&str]) -> Self {
        Self::NoId { kind: kind.name, pointers: pointers.join(" or ") }
    }
}
