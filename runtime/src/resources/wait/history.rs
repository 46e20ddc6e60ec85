//! How long earlier waits took in this run, to choose when the next one first
//! polls.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::panic::Location;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How many of the latest waits with one key are kept.
const KEPT: usize = 5;

/// The fraction of the shortest one that passes before the first poll: below 1, to notice
/// when a cloud gets faster.
const EARLY: f64 = 0.8;

/// The longest delay before a first poll: the longest delay of a backoff, so that a
/// terminal state is not seen later than without a history.
const LONGEST: Duration = Duration::from_secs(3);

/// Waits shorter than this poll at once.
const SHORT: Duration = Duration::from_millis(100);

/// How long waits took, by key.
#[derive(Clone, Default)]
pub(crate) struct WaitHistory(Arc<Mutex<HashMap<WaitKey, VecDeque<Duration>>>>);

/// What identifies similar waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum WaitKey {
    /// The source location that starts them.
    At(&'static Location<'static>),
    /// The kind of a resource that is being deleted.
    Gone(&'static str),
}

impl WaitHistory {
    /// Returns the history for a key.
    pub(crate) fn of(&self, sort: WaitKey) -> TypicalWait {
        TypicalWait { wait_history: self.clone(), sort }
    }
}

/// The history of waits with one key.
#[derive(Clone)]
pub(crate) struct TypicalWait {
    wait_history: WaitHistory,
    sort: WaitKey,
}

impl TypicalWait {
    /// Returns how long to wait before the first poll: somewhat less than the shortest of
    /// the latest waits.
    pub(super) fn early(&self) -> Option<Duration> {
        let wait_history = self.wait_history.0.lock().unwrap_or_else(PoisonError::into_inner);
        let shortest = *wait_history.get(&self.sort)?.iter().min()?;
        (shortest >= SHORT).then(|| shortest.mul_f64(EARLY).min(LONGEST))
    }

    /// Records how long a successful wait took.
    pub(super) fn took(&self, time: Duration) {
        let mut wait_history = self.wait_history.0.lock().unwrap_or_else(PoisonError::into_inner);
        let latest = wait_history.entry(self.sort).or_default();
        if latest.len() == KEPT {
            latest.pop_front();
        }
        latest.push_back(time);
    }
}

impl fmt::Debug for WaitHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wait_history = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        write!(f, "WaitHistory({} keys)", wait_history.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_look_comes_a_little_before_the_shortest_of_the_latest() {
        let typical = WaitHistory::default().of(WaitKey::Gone("a.b"));
        assert_eq!(typical.early(), None);
        typical.took(Duration::from_secs(1));
        for _ in 0..KEPT {
            typical.took(Duration::from_secs(9));
            typical.took(Duration::from_secs(2));
        }
        assert_eq!(typical.early(), Some(Duration::from_millis(1600)));
        for _ in 0..KEPT {
            typical.took(Duration::from_secs(60));
        }
        assert_eq!(typical.early(), Some(LONGEST));
    }

    #[test]
    fn short_waits_look_at_once() {
        let typical = WaitHistory::default().of(WaitKey::Gone("a.b"));
        typical.took(SHORT / 2);
        assert_eq!(typical.early(), None);
    }
}
