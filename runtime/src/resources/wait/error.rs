//! The error of a wait.

use std::fmt;
use std::time::Duration;

use super::{Observations, ProbeError};

/// What was waited for, why it did not happen, and what was observed.
#[derive(Debug)]
pub struct WaitError {
    /// What was waited for.
    pub what: String,
    /// The deadline.
    pub within: Duration,
    /// Why the wait ended.
    pub why: Why,
    /// What was observed.
    pub observed: Observations,
}

/// Why a wait failed.
#[derive(Debug)]
pub enum Why {
    /// The deadline passed.
    TimeUp,
    /// A terminal state was observed.
    DeadEnd(String),
    /// A poll failed permanently.
    Probe(ProbeError),
    /// The wait was dropped before it ended: whatever it was part of ended first.
    Abandoned,
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, within, why, observed } = self;
        match why {
            Why::TimeUp => {
                write!(f, "gave up waiting for {what} after {} s", within.as_secs_f64())?;
            }
            Why::DeadEnd(state) => {
                write!(f, "gave up waiting for {what}: it entered the terminal state `{state}`")?;
            }
            Why::Probe(error) => write!(f, "gave up waiting for {what}: {error}")?,
            Why::Abandoned => write!(f, "gave up waiting for {what}: {why}")?,
        }
        if observed.as_slice().is_empty() { Ok(()) } else { write!(f, "; saw {observed}") }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimeUp => f.write_str("timed out"),
            Self::Abandoned => f.write_str("the test ended first"),
            Self::DeadEnd(state) => write!(f, "it entered the terminal state `{state}`"),
            Self::Probe(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WaitError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.why {
            Why::Probe(error) => Some(error),
            Why::TimeUp | Why::DeadEnd(_) | Why::Abandoned => None,
        }
    }
}
