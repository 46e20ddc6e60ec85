//! What a probe returns.

use super::observations::Seen;

/// The result of one poll.
#[derive(Debug)]
pub enum Poll<T> {
    /// The awaited state was reached.
    Ready(T),
    /// Another state, from which it may still be reached.
    NotYet(Seen),
    /// A terminal state, from which it is never reached.
    DeadEnd(Seen),
}

impl<T> Poll<T> {
    /// The awaited state was reached.
    pub fn ready(value: T) -> Self {
        Self::Ready(value)
    }

    /// Not yet; `state` is what was observed.
    pub fn not_yet(state: impl Into<String>) -> Self {
        Self::NotYet(Seen { state: state.into(), request_id: None })
    }

    /// Never: `state` is terminal.
    pub fn dead_end(state: impl Into<String>) -> Self {
        Self::DeadEnd(Seen { state: state.into(), request_id: None })
    }

    /// Maps the value.
    pub fn map<U>(self, value: impl FnOnce(T) -> U) -> Poll<U> {
        match self {
            Self::Ready(ready) => Poll::Ready(value(ready)),
            Self::NotYet(seen) => Poll::NotYet(seen),
            Self::DeadEnd(seen) => Poll::DeadEnd(seen),
        }
    }

    /// Adds the id of the request.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<Option<String>>) -> Self {
        match &mut self {
            Self::Ready(_) => {}
            Self::NotYet(seen) | Self::DeadEnd(seen) => seen.request_id = id.into(),
        }
        self
    }
}

/// A failed poll.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct ProbeError {
    /// What failed.
    pub message: String,
    /// The id of the failed request.
    pub request_id: Option<String>,
    /// Whether polling again may help.
    pub passing: bool,
}

impl ProbeError {
    /// A transient failure: the wait goes on.
    pub fn passing(message: impl Into<String>) -> Self {
        Self { message: message.into(), request_id: None, passing: true }
    }

    /// A permanent failure: it ends the wait.
    pub fn lasting(message: impl Into<String>) -> Self {
        Self { message: message.into(), request_id: None, passing: false }
    }
}
