//! What a probe answers.

use super::observations::Seen;

/// What one look shows.
#[derive(Debug)]
pub enum Poll<T> {
    /// What was waited for.
    Ready(T),
    /// Something else, which may still become it.
    NotYet(Seen),
    /// A state that never becomes it.
    DeadEnd(Seen),
}

impl<T> Poll<T> {
    /// The wait is over.
    pub fn ready(value: T) -> Self {
        Self::Ready(value)
    }

    /// Not yet; `state` is what was seen.
    pub fn not_yet(state: impl Into<String>) -> Self {
        Self::NotYet(Seen { state: state.into(), request_id: None })
    }

    /// Never: `state` cannot be left.
    pub fn dead_end(state: impl Into<String>) -> Self {
        Self::DeadEnd(Seen { state: state.into(), request_id: None })
    }

    /// Gives the same look of something else.
    pub fn map<U>(self, value: impl FnOnce(T) -> U) -> Poll<U> {
        match self {
            Self::Ready(ready) => Poll::Ready(value(ready)),
            Self::NotYet(seen) => Poll::NotYet(seen),
            Self::DeadEnd(seen) => Poll::DeadEnd(seen),
        }
    }

    /// Adds the id of the request that showed it.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<Option<String>>) -> Self {
        match &mut self {
            Self::Ready(_) => {}
            Self::NotYet(seen) | Self::DeadEnd(seen) => seen.request_id = id.into(),
        }
        self
    }
}

/// A look that failed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct ProbeError {
    /// What failed.
    pub message: String,
    /// The id of the request that did.
    pub request_id: Option<String>,
    /// Whether looking again may help.
    pub passing: bool,
}

impl ProbeError {
    /// A failure that looking again may not show.
    pub fn passing(message: impl Into<String>) -> Self {
        Self { message: message.into(), request_id: None, passing: true }
    }

    /// A failure that ends the wait.
    pub fn lasting(message: impl Into<String>) -> Self {
        Self { message: message.into(), request_id: None, passing: false }
    }
}
