//! Which of a run's places a test runs in: tests under way at the same time are in
//! different places, and as few are used as can be.
//!
//! A run has one process with many tests at a time, and nothing in it is called a
//! worker. Readers of subunit expect one, and people see a run best as so many rows.

use std::collections::{BTreeSet, HashMap};

/// The places of a run, each free or taken by a test.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    taken: HashMap<String, usize>,
    free: BTreeSet<usize>,
    used: usize,
}

impl Lanes {
    /// Gives the first free place to a test; it keeps the one it has.
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

    /// Takes a test's place back, and tells which it was.
    pub(super) fn leave(&mut self, test: &str) -> Option<usize> {
        let lane = self.taken.remove(test)?;
        self.free.insert(lane);
        Some(lane)
    }

    /// Gives the tests that have a place.
    pub(super) fn taken(&self) -> Vec<String> {
        self.taken.keys().cloned().collect()
    }

    /// Gives the number of places that were ever used.
    pub(super) fn used(&self) -> usize {
        self.used
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_place_is_used_again_before_a_new_one() {
        let mut lanes = Lanes::default();
        assert_eq!((lanes.take("a"), lanes.take("b"), lanes.take("c")), (0, 1, 2));
        assert_eq!(lanes.leave("b"), Some(1));
        assert_eq!((lanes.take("d"), lanes.take("d"), lanes.used()), (1, 1, 3));
        assert_eq!(lanes.leave("b"), None);
    }
}
