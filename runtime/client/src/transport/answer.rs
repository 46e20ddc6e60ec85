//! What requests with and without TLS have in common: how we appear, how bodies are collected,
//! and what errors of the layers below mean.

use std::error::Error as StdError;
use std::time::Duration;

use bytes::{Bytes, BytesMut};

use super::{BodyLimit, TransportError, TransportErrorKind};

/// What we call ourselves.
pub(super) const AGENT: &str = concat!("squall/", env!("CARGO_PKG_VERSION"));

/// How long a connection may take to be established.
pub(super) const CONNECT: Duration = Duration::from_secs(10);

/// The chunks of a body, up to a limit.
pub(super) struct Collected {
    limit: BodyLimit,
    length: Option<u64>,
    first: Option<Bytes>,
    rest: BytesMut,
}

impl Collected {
    /// Creates an empty body of a response that announced this length.
    pub(super) fn new(limit: BodyLimit, length: Option<u64>) -> Self {
        Self { limit, length, first: None, rest: BytesMut::new() }
    }

    /// Adds a chunk.
    ///
    /// # Errors
    /// The body is larger than its limit.
    pub(super) fn add(&mut self, chunk: Bytes) -> Result<(), TransportError> {
        let so_far = self.first.as_ref().map_or(self.rest.len(), Bytes::len);
        if u64::try_from(so_far + chunk.len()).unwrap_or(u64::MAX) > self.limit.0 {
            return Err(too_large(self.limit, self.length));
        }
        match self.first.take() {
            // Most bodies are one chunk, which is not copied.
            None if self.rest.is_empty() => self.first = Some(chunk),
            None => self.rest.extend_from_slice(&chunk),
            Some(held) => {
                self.rest.extend_from_slice(&held);
                self.rest.extend_from_slice(&chunk);
            }
        }
        Ok(())
    }

    /// Returns the body.
    pub(super) fn bytes(self) -> Bytes {
        self.first.unwrap_or_else(|| self.rest.freeze())
    }
}

pub(super) fn too_large(limit: BodyLimit, length: Option<u64>) -> TransportError {
    let length = length.map_or_else(String::new, |length| format!(" (`Content-Length: {length}`)"));
    let detail = format!("its body has more than {} bytes{length}", limit.0);
    TransportError::new(TransportErrorKind::TooLarge, detail)
}

/// Returns the error of the layer below as ours.
pub(super) fn classify(error: &(dyn StdError + 'static), is_timeout: bool) -> TransportError {
    let mut causes = Vec::new();
    let mut kind = None;
    let mut source: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(cause) = source {
        kind = cause_kind(cause).or(kind);
        causes.push(cause);
        source = cause.source();
    }
    let words: Vec<String> = causes.iter().map(ToString::to_string).collect();
    let says = |needle: &str| words.iter().any(|word| word.contains(needle));
    let kind = kind.unwrap_or_else(|| {
        if is_timeout {
            TransportErrorKind::Timeout
        } else if says("dns error") || says("failed to lookup address") {
            TransportErrorKind::Dns
        } else if says("certificate") || says("TLS") || says("tls") {
            TransportErrorKind::Tls
        } else if says("closed") || says("incomplete") || says("reset") {
            TransportErrorKind::Closed
        } else {
            TransportErrorKind::Other
        }
    });
    // The innermost cause says most; reqwest's own message repeats the URL.
    TransportError::new(kind, words.last().cloned().unwrap_or_default())
}

fn cause_kind(cause: &(dyn StdError + 'static)) -> Option<TransportErrorKind> {
    if cause.is::<rustls::Error>() {
        return Some(TransportErrorKind::Tls);
    }
    let io = cause.downcast_ref::<std::io::Error>()?;
    // The error wrapped in an I/O error is not its source; only that error's source is.
    if let Some(kind) = io.get_ref().and_then(|inner| cause_kind(inner)) {
        return Some(kind);
    }
    match io.kind() {
        std::io::ErrorKind::ConnectionRefused => Some(TransportErrorKind::Refused),
        std::io::ErrorKind::TimedOut => Some(TransportErrorKind::Timeout),
        std::io::ErrorKind::ConnectionReset
        | std::io::ErrorKind::ConnectionAborted
        | std::io::ErrorKind::BrokenPipe
        | std::io::ErrorKind::UnexpectedEof => Some(TransportErrorKind::Closed),
        _ => None,
    }
}
