//! A wait that did not come to its end.

use std::fmt;
use std::time::Duration;

use super::{Observations, ProbeError};

/// What was waited for, why in vain, and what was seen meanwhile.
#[derive(Debug)]
pub struct WaitError {
    /// What was waited for.
    pub what: String,
    /// The deadline.
    pub within: Duration,
    /// Why the wait ended.
    pub why: Why,
    /// What was seen.
    pub observed: Observations,
}

/// Why a wait ended in vain.
#[derive(Debug)]
pub enum Why {
    /// The deadline passed.
    TimeUp,
    /// A state was seen that cannot be left.
    DeadEnd(String),
    /// A look failed for good.
    Probe(ProbeError),
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, within, why, observed } = self;
        match why {
            Why::TimeUp => {
                write!(f, "gave up waiting for {what} after {} s", within.as_secs_f64())?;
            }
            Why::DeadEnd(state) => {
                write!(f, "waiting for {what} is in vain: it is `{state}`, which it cannot leave")?;
            }
            Why::Probe(error) => write!(f, "cannot see while waiting for {what}: {error}")?,
        }
        if observed.as_slice().is_empty() { Ok(()) } else { write!(f, "; saw {observed}") }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimeUp => f.write_str("time was up"),
            Self::DeadEnd(state) => write!(f, "`{state}` cannot be left"),
            Self::Probe(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WaitError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.why {
            Why::Probe(error) => Some(error),
            Why::TimeUp | Why::DeadEnd(_) => None,
        }
    }
}
