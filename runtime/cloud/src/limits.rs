//! What a client may take of the server.

use std::time::Duration;

/// What connections and requests may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// How many may be open at the same time. Fewer than the usual limit of 1024 file
    /// descriptors leaves the process some.
    pub(crate) connections: usize,
    /// How long the head of a request may take from its first byte.
    pub(crate) head: Duration,
    /// How long the body of a request may take.
    pub(crate) body: Duration,
    /// How long what follows a refused body is read, so that its sender sees the answer.
    pub(crate) discard: Duration,
    /// How long a connection may be idle: longer than clients keep one, which is 90 s at
    /// most among those known to us.
    pub(crate) idle: Duration,
    /// How long one may be idle while others wait for room.
    pub(crate) idle_when_full: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 768,
            head: Duration::from_secs(10),
            body: Duration::from_secs(120),
            discard: Duration::from_secs(5),
            idle: Duration::from_secs(120),
            idle_when_full: Duration::from_secs(2),
        }
    }
}
