//! Sending requests to a cloud: the interface that transports implement.
//!
//! HTTP over the network, an embedded cloud in the same process and test doubles
//! all implement [`Transport`]. A transport neither retries nor authenticates.

mod answer;
mod plain;
mod waker;
mod wire;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use http::{Request, Response};

pub use wire::{Tls, Wire, WireError};

/// A boxed future, for traits that are used as objects.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends a request and returns the response, whatever its status.
///
/// ```
/// use squall_client::transport::{BoxFuture, Transport, TransportError};
/// use squall_client::Bytes;
///
/// /// A cloud that is always unavailable.
/// struct Unavailable;
///
/// impl Transport for Unavailable {
///     fn send(
///         &self,
///         _: http::Request<Bytes>,
///     ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
///         Box::pin(async {
///             let mut response = http::Response::new(Bytes::from_static(b"try later"));
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

/// The largest body that a response may have, in bytes.
///
/// A request carries its limit as an extension. Bodies are kept in memory, and a JSON
/// value takes several times the memory of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyLimit(pub u64);

impl BodyLimit {
    /// The limit of a response that is read as JSON, unless a session has another: 64 MiB.
    pub const JSON: Self = Self(64 << 20);

    /// The limit of a download, as of an image or an object: 1 GiB.
    pub const DOWNLOAD: Self = Self(1 << 30);
}

/// Why a request got no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransportErrorKind {
    /// The connection was refused.
    Refused,
    /// The host name cannot be resolved.
    Dns,
    /// No complete response, or no connection, within the time allowed.
    Timeout,
    /// The TLS handshake failed.
    Tls,
    /// The connection broke before the response was complete.
    Closed,
    /// The response is larger than its limit.
    TooLarge,
    /// Something else.
    Other,
}

impl TransportErrorKind {
    /// Whether the service cannot have seen the request.
    pub const fn before_sending(self) -> bool {
        matches!(self, Self::Refused | Self::Dns | Self::Tls)
    }

    /// Whether another attempt may succeed.
    pub const fn may_pass(self) -> bool {
        matches!(self, Self::Refused | Self::Timeout | Self::Closed)
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Refused => "connection refused",
            Self::Dns => "the host name cannot be resolved",
            Self::Timeout => "no complete response in time",
            Self::Tls => "the TLS connection failed",
            Self::TooLarge => "the response is too large",
            Self::Closed => "the connection broke before the response was complete",
            Self::Other => "the request could not be sent",
        }
    }
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// A request without a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportError {
    /// Why there is no response.
    pub kind: TransportErrorKind,
    /// The message of the layer below, innermost cause first.
    pub detail: String,
}

impl TransportError {
    /// Creates an error.
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
