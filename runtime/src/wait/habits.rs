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
/// state that cannot be left is not seen later than without habits.
const LONGEST: Duration = Duration::from_secs(3);

/// Waits that are shorter than this are not worth it.
const SHORT: Duration = Duration::from_millis(100);

/// How long waits took, by their sort.
#[derive(Clone, Default)]
pub(crate) struct Habits(Arc<Mutex<HashMap<Sort, VecDeque<Duration>>>>);

/// What tells waits of one sort from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Sort {
    /// The place in the source that asks for them.
    At(&'static Location<'static>),
    /// The kind of what is to be gone.
    Gone(&'static str),
}

impl Habits {
    /// Gives what is usual for a sort.
    pub(crate) fn of(&self, sort: Sort) -> Habit {
        Habit { habits: self.clone(), sort }
    }
}

/// What is usual for one sort of wait.
#[derive(Clone)]
pub(crate) struct Habit {
    habits: Habits,
    sort: Sort,
}

impl Habit {
    /// Gives how long no look is worth it: somewhat less than the latest of these waits
    /// took at the least.
    pub(super) fn early(&self) -> Option<Duration> {
        let habits = self.habits.0.lock().unwrap_or_else(PoisonError::into_inner);
        let shortest = *habits.get(&self.sort)?.iter().min()?;
        (shortest >= SHORT).then(|| shortest.mul_f64(EARLY).min(LONGEST))
    }

    /// Notes how long a wait took that was not in vain.
    pub(super) fn took(&self, time: Duration) {
        let mut habits = self.habits.0.lock().unwrap_or_else(PoisonError::into_inner);
        let latest = habits.entry(self.sort).or_default();
        if latest.len() == KEPT {
            latest.pop_front();
        }
        latest.push_back(time);
    }
}

impl fmt::Debug for Habits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let habits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        write!(f, "Habits({} sorts of waits)", habits.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_look_comes_a_little_before_the_shortest_of_the_latest() {
        let habit = Habits::default().of(Sort::Gone("a.b"));
        assert_eq!(habit.early(), None);
        habit.took(Duration::from_secs(1));
        for _ in 0..KEPT {
            habit.took(Duration::from_secs(9));
            habit.took(Duration::from_secs(2));
        }
        assert_eq!(habit.early(), Some(Duration::from_millis(1600)));
        for _ in 0..KEPT {
            habit.took(Duration::from_secs(60));
        }
        assert_eq!(habit.early(), Some(LONGEST));
    }

    #[test]
    fn short_waits_look_at_once() {
        let habit = Habits::default().of(Sort::Gone("a.b"));
        habit.took(SHORT / 2);
        assert_eq!(habit.early(), None);
    }
}
