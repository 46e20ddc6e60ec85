//! Errors of calls and sessions.

mod auth;
mod display;
mod response;

use squall_model::Finding;

use crate::catalog::CatalogError;
use crate::codec::DecodeError;
use crate::config::error::ConfigError;
use crate::negotiate::NegotiateError;
use crate::refusal::Refusal;
use crate::transport::{TransportError, WireError};

pub use auth::{AuthError, AuthErrorKind};
pub use response::ErrorResponse;

/// Why a call or a session failed.
///
/// `Display` writes a line or two without secrets: the operation, method, URL,
/// status and request id, as far as they are known, and what went wrong.
#[derive(Debug)]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    request: Option<RequestInfo>,
}

/// The request that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestInfo {
    /// The operation's id.
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// The URL without secrets; the path template if there was no URL yet.
    pub url: String,
    /// The number of attempts.
    pub attempts: u32,
    /// The status, if a response came.
    pub status: Option<u16>,
    /// The service's request id.
    pub request_id: Option<String>,
}

/// What went wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration of the cloud is wrong.
    Config(ConfigError),
    /// No token could be obtained.
    Auth(AuthError),
    /// The catalog has no such endpoint.
    Catalog(CatalogError),
    /// No microversion fits.
    Version(NegotiateError),
    /// The call was built wrongly: nothing was sent.
    Request(String),
    /// An observer refused the call: nothing was sent.
    Refused(Refusal),
    /// The HTTP client could not be set up.
    Wire(WireError),
    /// No response came.
    Transport(TransportError),
    /// The response has an unexpected status.
    Status(Box<ErrorResponse>),
    /// The call succeeded although [`Call::expect_error`](crate::Call::expect_error)
    /// expected a refusal.
    UnexpectedSuccess {
        /// The expected status.
        expected: u16,
    },
    /// The service refused, but with another status than
    /// [`Call::expect_error`](crate::Call::expect_error) expected.
    UnexpectedStatus {
        /// The expected status.
        expected: u16,
        /// The refusal.
        response: Box<ErrorResponse>,
    },
    /// The service refused as [`Call::expect_error`](crate::Call::expect_error) expected, but
    /// its answer violates the spec.
    WrongRefusal(Box<ErrorResponse>),
    /// The pages of a list could not be read to their end.
    Paging(String),
    /// The response does not match its schema; all violations.
    Violations(Vec<Finding>),
    /// The response cannot be decoded as the Rust type.
    Decode(DecodeError),
    /// A schema could not be read or compiled.
    Schema(String),
}

impl Error {
    /// Creates an error that names no request.
    pub fn new(kind: impl Into<ErrorKind>) -> Self {
        Self { inner: Box::new(Inner { kind: kind.into(), request: None }) }
    }

    /// Returns the same failure of the same request with another kind.
    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.inner.kind = kind;
        self
    }

    /// Sets the request that failed, unless it is set already.
    #[must_use]
    pub fn at(mut self, request: RequestInfo) -> Self {
        self.inner.request.get_or_insert(request);
        self
    }

    /// Returns what went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.inner.kind
    }

    /// Returns the request that failed.
    pub fn request(&self) -> Option<&RequestInfo> {
        self.inner.request.as_ref()
    }

    /// Returns the status of the response, if one came.
    pub fn status(&self) -> Option<u16> {
        self.request().and_then(|request| request.status)
    }

    /// Returns the service's request id.
    pub fn request_id(&self) -> Option<&str> {
        self.request().and_then(|request| request.request_id.as_deref())
    }

    /// Returns the operation's id.
    pub fn operation(&self) -> Option<&str> {
        self.request().map(|request| request.operation.as_str())
    }

    /// Returns the service's refusal, if the error is one.
    pub fn refused(&self) -> Option<&ErrorResponse> {
        match self.kind() {
            ErrorKind::Status(response)
            | ErrorKind::WrongRefusal(response)
            | ErrorKind::UnexpectedStatus { response, .. } => Some(response),
            _ => None,
        }
    }

    /// Returns the violations of the spec that the response has, where they fail the call.
    pub fn violations(&self) -> &[Finding] {
        match (self.kind(), self.refused()) {
            (ErrorKind::Violations(findings), _) => findings,
            (_, Some(response)) => &response.violations,
            _ => &[],
        }
    }

    /// Whether the service refused with this status, in an answer that the spec allows.
    ///
    /// What violates the spec is not the refusal that a caller waits for;
    /// [`refused`](Self::refused) has its status all the same.
    pub fn is_status(&self, status: u16) -> bool {
        let is_it =
            |response: &ErrorResponse| response.status == status && response.violations.is_empty();
        self.refused().is_some_and(is_it)
    }

    /// Whether the service answered 404.
    pub fn is_not_found(&self) -> bool {
        self.is_status(404)
    }

    /// Whether the identity service refused the credential.
    pub fn is_auth_refused(&self) -> bool {
        matches!(self.kind(), ErrorKind::Auth(AuthError { kind: AuthErrorKind::Refused(_), .. }))
    }

    /// Whether the cloud could not be reached at all: the connection was refused,
    /// the name is unknown, no answer came, or TLS failed.
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
