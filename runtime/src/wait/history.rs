//! How long waits of one sort took in this run, so that the next need not look in vain.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::panic::Location;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How many of the latest waits of one sort count.
const KEPT: usize = 5;

/// What part of the shortest of them passes before the first look: a little less than
/// all, so that a cloud that became faster is found to be.
const EARLY: f64 = 0.8;

/// The longest that passes before a first look: as long as any pause of a wait, so that a
/// state that cannot be left is not seen later than without wait_history.
const LONGEST: Duration = Duration::from_secs(3);

/// Waits that are shorter than this are not worth it.
const SHORT: Duration = Duration::from_millis(100);

/// How long waits took, by their sort.
#[derive(Clone, Default)]
pub(crate) struct WaitHistory(Arc<Mutex<HashMap<WaitKey, VecDeque<Duration>>>>);

/// What tells waits of one sort from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum WaitKey {
    /// The place in the source that asks for them.
    At(&'static Location<'static>),
    /// The kind of what is to be gone.
    Gone(&'static str),
}

impl WaitHistory {
    /// Gives what is usual for a sort.
    pub(crate) fn of(&self, sort: WaitKey) -> TypicalWait {
        TypicalWait { wait_history: self.clone(), sort }
    }
}

/// What is usual for one sort of wait.
#[derive(Clone)]
pub(crate) struct TypicalWait {
    wait_history: WaitHistory,
    sort: WaitKey,
}

impl TypicalWait {
    /// Gives how long no look is worth it: somewhat less than the latest of these waits
    /// took at the least.
    pub(super) fn early(&self) -> Option<Duration> {
        let wait_history = self.wait_history.0.lock().unwrap_or_else(PoisonError::into_inner);
        let shortest = *wait_history.get(&self.sort)?.iter().min()?;
        (shortest >= SHORT).then(|| shortest.mul_f64(EARLY).min(LONGEST))
    }

    /// Notes how long a wait took that was not in vain.
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
        write!(f, "WaitHistory({} sorts of waits)", wait_history.len())
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
