//! Why something could not be made.

use crate::client::{Error, ErrorResponse};
use crate::kinds::Kind;
use crate::ledger::LedgerError;

/// Why something could not be made, or a change not be done.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// The request failed.
    #[error("{0}")]
    Call(#[from] Error),
    /// The ledger cannot be written, so that nothing may be made.
    #[error("nothing is made that is not written down: {0}")]
    Ledger(#[from] LedgerError),
    /// The answer does not hold the id; the thing goes by its name.
    #[error("the answer to the request that makes a {kind} has no id at {pointers}")]
    NoId {
        /// The kind.
        kind: &'static str,
        /// Where an id was looked for.
        pointers: String,
    },
    /// The test has ended, and what it makes now would stay.
    #[error("the test is over: nothing can be made any more")]
    Over,
}

impl MakeError {
    /// Gives the service's refusal, where that is what happened.
    pub fn refused(&self) -> Option<&ErrorResponse> {
        self.call().and_then(Error::refused)
    }

    /// Tells whether the service refused with this status.
    pub fn is_status(&self, status: u16) -> bool {
        self.call().is_some_and(|error| error.is_status(status))
    }

    /// Gives the service's id of the request, where it got that far.
    pub fn request_id(&self) -> Option<&str> {
        self.call().and_then(Error::request_id)
    }

    /// Gives the error of the request.
    pub fn call(&self) -> Option<&Error> {
        match self {
            Self::Call(error) => Some(error),
            Self::Ledger(_) | Self::NoId { .. } | Self::Over => None,
        }
    }

    pub(super) fn no_id(kind: &'static Kind, pointers: &[&str]) -> Self {
        Self::NoId { kind: kind.name, pointers: pointers.join(" or ") }
    }
}
