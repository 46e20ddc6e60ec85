//! Assigns running tests to lanes: tests that run at the same time are in different lanes, and
//! as few lanes as possible are used.
//!
//! All tests of a run share one worker process. Lanes are the workers that subunit readers
//! expect, and the rows of the timeline.

use std::collections::{BTreeSet, HashMap};

/// The lanes of a run, each free or occupied by a test.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    taken: HashMap<String, usize>,
    free: BTreeSet<usize>,
    used: usize,
}

impl Lanes {
    /// Assigns the first free lane to a test, or returns the one it has.
    pub(super) fn take(&mut self, test: &str) -> usize {
        if let Some(lane) = self.taken.get(test) {
            return *lane;
        }
        let lane = self.free.pop_first().unwrap_or_else(|| {
            self.used += 1;
            self.used - 1
        });
        self.taken.insert(test.to_owned(), lane);
        lane
    }

    /// Frees a test's lane and returns it.
    pub(super) fn leave(&mut self, test: &str) -> Option<usize> {
        let lane = self.taken.remove(test)?;
        self.free.insert(lane);
        Some(lane)
    }

    /// Returns the tests that occupy a lane.
    pub(super) fn taken(&self) -> Vec<String> {
        self.taken.keys().cloned().collect()
    }

    /// Returns the number of lanes used so far.
    pub(super) fn used(&self) -> usize {
        self.used
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_lane_is_reused_before_a_new_one() {
        let mut lanes = Lanes::default();
        assert_eq!((lanes.take("a"), lanes.take("b"), lanes.take("c")), (0, 1, 2));
        assert_eq!(lanes.leave("b"), Some(1));
        assert_eq!((lanes.take("d"), lanes.take("d"), lanes.used()), (1, 1, 3));
        assert_eq!(lanes.leave("b"), None);
    }
}
