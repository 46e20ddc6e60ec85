//! What a call may come to instead of a response.

mod display;
mod refused;

use squall_model::Finding;

use crate::auth::{AuthError, AuthErrorKind};
use crate::catalog::CatalogError;
use crate::codec::DecodeError;
use crate::config::ConfigError;
use crate::negotiate::NegotiateError;
use crate::observer::Refusal;
use crate::transport::{TransportError, WireError};

pub use refused::ErrorResponse;

/// A call, or a session, that failed: what went wrong, and where.
///
/// `Display` gives a line or two that hold no secrets: what went wrong, and the
/// operation, method, URL, status and request id, as far as there are any.
#[derive(Debug)]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    place: Option<Place>,
}

/// The call that an error befell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The operation's id.
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// The URL, secrets hidden; the path where no URL was made yet.
    pub url: String,
    /// How often it was tried.
    pub attempts: u32,
    /// The status, where a response came.
    pub status: Option<u16>,
    /// The service's id of the request.
    pub request_id: Option<String>,
}

/// What went wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration of the cloud.
    Config(ConfigError),
    /// Getting a token.
    Auth(AuthError),
    /// The catalog has no such endpoint.
    Catalog(CatalogError),
    /// No microversion fits.
    Version(NegotiateError),
    /// The call was built wrongly: nothing was sent.
    Request(String),
    /// An observer refused the call: nothing was sent.
    Refused(Refusal),
    /// The wire could not be set up.
    Wire(WireError),
    /// No response came.
    Transport(TransportError),
    /// The response has a status that was not expected.
    Status(Box<ErrorResponse>),
    /// A response came where [`Call::expect_error`](crate::Call::expect_error)
    /// waited for a refusal.
    Unrefused {
        /// The status that was waited for.
        expected: u16,
    },
    /// The response does not match its schema: everything that is wrong.
    Violations(Vec<Finding>),
    /// The response matched, but is not what the Rust type expects.
    Decode(DecodeError),
    /// A schema could not be read or compiled.
    Schema(String),
}

impl Error {
    /// Makes an error without a place.
    pub fn new(kind: impl Into<ErrorKind>) -> Self {
        Self { inner: Box::new(Inner { kind: kind.into(), place: None }) }
    }

    /// Says where it happened, unless that is known.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.inner.place.get_or_insert(place);
        self
    }

    /// Gives what went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.inner.kind
    }

    /// Gives the call that it befell.
    pub fn place(&self) -> Option<&Place> {
        self.inner.place.as_ref()
    }

    /// Gives the status of the response, where one came.
    pub fn status(&self) -> Option<u16> {
        self.place().and_then(|place| place.status)
    }

    /// Gives the service's id of the request.
    pub fn request_id(&self) -> Option<&str> {
        self.place().and_then(|place| place.request_id.as_deref())
    }

    /// Gives the operation's id.
    pub fn operation(&self) -> Option<&str> {
        self.place().map(|place| place.operation.as_str())
    }

    /// Gives the service's refusal, where the error is one.
    pub fn refused(&self) -> Option<&ErrorResponse> {
        match self.kind() {
            ErrorKind::Status(response) => Some(response),
            _ => None,
        }
    }

    /// Gives what does not match, where the error is that.
    pub fn violations(&self) -> &[Finding] {
        match self.kind() {
            ErrorKind::Violations(findings) => findings,
            _ => &[],
        }
    }

    /// Tells whether the service refused with this status.
    pub fn is_status(&self, status: u16) -> bool {
        self.refused().is_some_and(|response| response.status == status)
    }

    /// Tells whether the service knows no such thing (404).
    pub fn is_not_found(&self) -> bool {
        self.is_status(404)
    }

    /// Tells whether the identity service refused the credential.
    pub fn is_auth_refused(&self) -> bool {
        matches!(self.kind(), ErrorKind::Auth(AuthError { kind: AuthErrorKind::Refused(_), .. }))
    }

    /// Tells whether the cloud could not be reached at all: nobody listens, the
    /// name is unknown, no answer came, or the two sides do not trust each other.
    pub fn is_unreachable(&self) -> bool {
        match self.kind() {
            ErrorKind::Transport(_) => true,
            ErrorKind::Auth(error) => error.is_unreachable(),
            _ => false,
        }
    }
}

macro_rules! kinds {
    ($($variant:ident($type:ty))*) => {$(
        impl From<$type> for ErrorKind {
            fn from(source: $type) -> Self {
                Self::$variant(source)
            }
        }

        impl From<$type> for Error {
            fn from(source: $type) -> Self {
                Self::new(ErrorKind::$variant(source))
            }
        }
    )*};
}
kinds! {
    Config(ConfigError)
    Auth(AuthError)
    Catalog(CatalogError)
    Version(NegotiateError)
    Refused(Refusal)
    Wire(WireError)
    Transport(TransportError)
    Decode(DecodeError)
}
