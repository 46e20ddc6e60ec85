//! How requests get to a cloud and responses back: the one seam.
//!
//! The wire, an embedded cloud in the same process and the doubles of tests all
//! stand behind [`Transport`]. A transport neither retries nor authenticates.

mod wire;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use http::{Request, Response};

pub use wire::{Tls, Wire, WireError};

/// A future behind a pointer, for traits that are used as objects.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends a request and gives the response, whatever its status.
///
/// ```
/// use squall_client::transport::{BoxFuture, Transport, TransportError};
/// use squall_client::Bytes;
///
/// /// A cloud that is always asleep.
/// struct Asleep;
///
/// impl Transport for Asleep {
///     fn send(
///         &self,
///         _: http::Request<Bytes>,
///     ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
///         Box::pin(async {
///             let mut response = http::Response::new(Bytes::from_static(b"zzz"));
///             *response.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
///             Ok(response)
///         })
///     }
/// }
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Sends one request; the URI is absolute.
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>>;
}

/// What kept a request from being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransportErrorKind {
    /// Nobody listens there.
    Refused,
    /// The host's name is not known.
    Dns,
    /// No answer within the time allowed, or no connection.
    Timeout,
    /// The two sides found no way to trust each other.
    Tls,
    /// The connection broke before the answer was complete.
    Closed,
    /// Something else.
    Other,
}

impl TransportErrorKind {
    /// Tells whether the service cannot have seen the request.
    pub const fn before_sending(self) -> bool {
        matches!(self, Self::Refused | Self::Dns | Self::Tls)
    }

    /// Tells whether another attempt may fare better.
    pub const fn may_pass(self) -> bool {
        matches!(self, Self::Refused | Self::Timeout | Self::Closed)
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Refused => "connection refused",
            Self::Dns => "the host's name cannot be resolved",
            Self::Timeout => "no answer in time",
            Self::Tls => "no trusted connection",
            Self::Closed => "the connection broke",
            Self::Other => "the request could not be sent",
        }
    }
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// A request that was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportError {
    /// Why not.
    pub kind: TransportErrorKind,
    /// What the layer below said, innermost cause first.
    pub detail: String,
}

impl TransportError {
    /// Makes an error.
    pub fn new(kind: TransportErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.detail.is_empty() {
            write!(f, "{}", self.kind)
        } else {
            write!(f, "{}: {}", self.kind, self.detail)
        }
    }
}

impl std::error::Error for TransportError {}
