//! The durations of tests, from the journals of earlier runs.

use std::collections::HashMap;
use std::path::Path;

use crate::journal::{self, RunError, Verdict};

/// From how many of the latest runs durations are taken.
pub const HISTORY: usize = 5;

/// The duration of every test that ran to its end, in milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Durations(HashMap<String, u64>);

impl Durations {
    /// Reads the durations from the runs in these directories; the median of several counts.
    ///
    /// - Tests that did not run to their end are left out.
    /// - An unfinished journal counts as far as it goes.
    ///
    /// # Errors
    /// A journal cannot be read.
    pub fn of_runs<'a>(runs: impl IntoIterator<Item = &'a Path>) -> Result<Self, RunError> {
        let mut seen: HashMap<String, Vec<u64>> = HashMap::new();
        for run in runs {
            for result in journal::results(run)? {
                if matches!(result.verdict, Verdict::Passed | Verdict::Failed { .. }) {
                    seen.entry(result.test).or_default().push(result.duration_ms);
                }
            }
        }
        Ok(seen.into_iter().map(|(test, times)| (test, median(times))).collect())
    }

    /// Reads the durations from the latest runs kept below `base`; none if they cannot be
    /// read, because they only shorten a run.
    pub fn below(base: &Path) -> Self {
        let runs = journal::runs(base).unwrap_or_default();
        let latest = runs.iter().rev().take(HISTORY).map(AsRef::as_ref);
        Self::of_runs(latest).unwrap_or_default()
    }

    /// Returns how long a test is expected to take: as long as before, or the median of all
    /// tests if it is unknown.
    pub fn expect(&self, test: &str) -> u64 {
        self.0.get(test).copied().unwrap_or_else(|| median(self.0.values().copied().collect()))
    }

    /// Whether no duration is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, u64)> for Durations {
    fn from_iter<I: IntoIterator<Item = (String, u64)>>(durations: I) -> Self {
        Self(durations.into_iter().collect())
    }
}

fn median(mut times: Vec<u64>) -> u64 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Entry, Event, Journal, TestResult};

    #[test]
    fn the_median_of_what_ran_to_its_end_counts() {
        let base = tempfile::tempdir().unwrap();
        let mut runs = Vec::new();
        let timed_out = Verdict::TimedOut { after_ms: 9, blocked: false };
        for (name, verdict, duration_ms) in [
            ("1", Verdict::Passed, 30),
            ("2", Verdict::Passed, 10),
            ("3", timed_out, 9),
            ("4", Verdict::Passed, 20),
        ] {
            let dir = base.path().join(name);
            std::fs::create_dir(&dir).unwrap();
            let result = TestResult { test: "a".into(), verdict, duration_ms };
            let entry = Entry::now(Event::TestFinished(result));
            Journal::open(&dir).unwrap().append(&entry).unwrap();
            runs.push(dir);
        }
        let durations = Durations::of_runs(runs.iter().map(AsRef::as_ref)).unwrap();
        assert_eq!((durations.expect("a"), durations.expect("unknown")), (20, 20));
    }
}
