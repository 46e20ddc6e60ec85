//! How long undoing may take, and how it fails.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::wait::{Backoff, WaitError, WaitHistory, Why};

/// How long undoing may take.
#[derive(Debug, Clone)]
pub struct UndoTimeouts {
    /// For a service to accept the removal of a resource and to complete it, each.
    pub undo: Duration,
    /// For a refusal that stays the same while nothing else is removed.
    pub unchanged: Duration,
    /// For an answer that does not show that the service itself gave it.
    pub unproven: Duration,
    /// For a creating request that may still be under way.
    pub settle: Duration,
    /// How long resources of each kind took to be gone.
    pub(crate) wait_history: WaitHistory,
}

impl Default for UndoTimeouts {
    fn default() -> Self {
        Self {
            undo: Duration::from_secs(90),
            unchanged: Duration::from_secs(40),
            unproven: Duration::from_secs(5),
            settle: Duration::from_secs(2),
            wait_history: WaitHistory::default(),
        }
    }
}

/// Why a resource may still exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UndoError {
    /// The service refuses.
    #[error("{0}")]
    Refused(String),
    /// It did not happen in time.
    #[error("{0}")]
    TimeUp(String),
    /// Nothing proves that it is gone.
    #[error("not known to be gone: {0}")]
    Unknown(String),
}

impl From<WaitError> for UndoError {
    fn from(error: WaitError) -> Self {
        match error.why {
            Why::TimeUp | Why::Abandoned => Self::TimeUp(error.to_string()),
            Why::DeadEnd(_) | Why::Probe(_) => Self::Refused(error.to_string()),
        }
    }
}

/// Since when a refusal has been the same.
#[derive(Debug, Default)]
pub(super) struct Unchanged(Mutex<Option<(String, usize, Instant)>>);

impl Unchanged {
    /// Records a refusal; returns whether it has been the same for `time`, while nothing
    /// else was removed.
    pub(super) fn for_at_least(&self, time: Duration, why: &str, changes: usize) -> bool {
        let now = Instant::now();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((known, then, since)) if known == why && *then == changes => now >= *since + time,
            _ => {
                *last = Some((why.to_owned(), changes, now));
                false
            }
        }
    }
}

/// How often a resource that is being removed is polled.
pub(super) fn undoing() -> Backoff {
    Backoff::default().with_bounds(Duration::from_millis(25), Duration::from_secs(2))
}
