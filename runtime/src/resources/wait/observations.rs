//! What a wait observed: one entry per state, not per poll.

use std::fmt;
use std::time::Duration;

/// A state as one poll observed it.
#[derive(Debug)]
pub struct Seen {
    pub(crate) state: String,
    pub(super) request_id: Option<String>,
}

/// A state, and the consecutive polls that observed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The state.
    pub state: String,
    /// When it was first observed, from the start of the wait.
    pub first: Duration,
    /// When it was last observed.
    pub last: Duration,
    /// How many consecutive polls observed it.
    pub polls: usize,
    /// The id of the last request that observed it.
    pub request_id: Option<String>,
}

/// The observations of a wait, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observations(Vec<Observation>);

impl Observations {
    /// Adds a poll; if the state has not changed, extends the last observation.
    pub(super) fn add(&mut self, at: Duration, state: &str, request_id: Option<String>) {
        match self.0.last_mut() {
            Some(last) if last.state == state => {
                last.last = at;
                last.polls += 1;
                last.request_id = request_id.or(last.request_id.take());
            }
            _ => self.0.push(Observation {
                state: state.to_owned(),
                first: at,
                last: at,
                polls: 1,
                request_id,
            }),
        }
    }

    /// Returns the observations.
    pub fn as_slice(&self) -> &[Observation] {
        &self.0
    }
}

impl fmt::Display for Observations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, seen) in self.0.iter().enumerate() {
            let (first, last) = (seen.first.as_secs_f64(), seen.last.as_secs_f64());
            let separator = if index == 0 { "" } else { ", then " };
            write!(f, "{separator}{} ", seen.state)?;
            if seen.polls == 1 {
                write!(f, "at {first:.1} s")?;
            } else {
                write!(f, "from {first:.1} s to {last:.1} s ({} polls)", seen.polls)?;
            }
            if let Some(id) = &seen.request_id {
                write!(f, " [{id}]")?;
            }
        }
        Ok(())
    }
}
