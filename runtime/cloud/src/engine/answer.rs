//! What a described service answers: a success, or a fault.

use std::fmt;

use serde_json::Value;

use crate::fault::Fault;
use crate::reply::Reply;

/// The answer to a request that succeeded.
#[derive(Debug)]
pub struct ServiceAnswer(pub(super) Reply);

/// A refused request, which is answered in the form of the service's errors.
#[derive(Debug, Clone)]
pub struct ServiceFault(pub(super) Fault);

impl ServiceAnswer {
    /// Creates an answer with a JSON body.
    pub fn json(status: u16, body: Value) -> Self {
        Self(Reply::json(status, body))
    }

    /// Creates an answer without a body.
    pub fn empty(status: u16) -> Self {
        Self(Reply::empty(status))
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(self, name: &str, value: impl Into<String>) -> Self {
        Self(self.0.header(name, value))
    }
}

impl ServiceFault {
    /// Creates a fault with a status and a message.
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Self(Fault::new(status, message))
    }

    /// The request is invalid: 400.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    /// The caller may not do this: 403.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(403, message)
    }

    /// There is no such resource: 404.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, message)
    }

    /// The state of a resource does not allow this: 409.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(409, message)
    }

    /// Returns the status.
    pub fn status(&self) -> u16 {
        self.0.status
    }
}

impl fmt::Display for ServiceFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.status, self.0.message)
    }
}

impl From<Fault> for ServiceFault {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}
