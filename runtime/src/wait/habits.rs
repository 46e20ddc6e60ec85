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

/// Waits that are shorter than this are not worth it.
const SHORT: Duration = Duration::from_millis(100);

/// How long waits took, by the place in the source that asks for them: one place waits
/// for one sort of thing.
#[derive(Clone, Default)]
pub(crate) struct Habits(Arc<Mutex<HashMap<Place, VecDeque<Duration>>>>);

type Place = &'static Location<'static>;

impl Habits {
    /// Gives what is usual at a place.
    pub(crate) fn at(&self, place: Place) -> Habit {
        Habit { habits: self.clone(), place }
    }
}

/// What is usual for one sort of wait.
#[derive(Clone)]
pub(crate) struct Habit {
    habits: Habits,
    place: Place,
}

impl Habit {
    /// Gives how long no look is worth it: somewhat less than the latest of these waits
    /// took at the least.
    pub(super) fn early(&self) -> Option<Duration> {
        let habits = self.habits.0.lock().unwrap_or_else(PoisonError::into_inner);
        let shortest = *habits.get(self.place)?.iter().min()?;
        (shortest >= SHORT).then(|| shortest.mul_f64(EARLY))
    }

    /// Notes how long a wait took that was not in vain.
    pub(super) fn took(&self, time: Duration) {
        let mut habits = self.habits.0.lock().unwrap_or_else(PoisonError::into_inner);
        let latest = habits.entry(self.place).or_default();
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
        let habit = Habits::default().at(Location::caller());
        assert_eq!(habit.early(), None);
        habit.took(Duration::from_secs(1));
        for _ in 0..KEPT {
            habit.took(Duration::from_secs(20));
            habit.took(Duration::from_secs(10));
        }
        assert_eq!(habit.early(), Some(Duration::from_secs(8)));
    }

    #[test]
    fn short_waits_look_at_once() {
        let habit = Habits::default().at(Location::caller());
        habit.took(SHORT / 2);
        assert_eq!(habit.early(), None);
    }
}
