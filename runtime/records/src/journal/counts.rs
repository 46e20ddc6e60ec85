//! The counts of a run: tests selected, and their verdicts.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Verdict;

/// How many tests were selected, and how many have each verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub struct Counts {
    pub selected: usize,
    pub passed: usize,
    pub failed: usize,
    #[serde(default)]
    pub flaky: usize,
    #[serde(default)]
    pub known_bugs: usize,
    pub skipped: usize,
    pub timed_out: usize,
    pub crashed: usize,
    pub not_run: usize,
}

impl Counts {
    /// Creates counts with the number of selected tests.
    pub fn of(selected: usize) -> Self {
        Self { selected, ..Self::default() }
    }

    /// Adds a verdict.
    pub fn add(&mut self, verdict: &Verdict) {
        *match verdict {
            Verdict::Passed => &mut self.passed,
            Verdict::Failed { .. } => &mut self.failed,
            Verdict::Flaky { .. } => &mut self.flaky,
            Verdict::KnownBug { .. } => &mut self.known_bugs,
            Verdict::Skipped { .. } => &mut self.skipped,
            Verdict::TimedOut { .. } => &mut self.timed_out,
            Verdict::Crashed { .. } => &mut self.crashed,
            Verdict::NotRun { .. } => &mut self.not_run,
        } += 1;
    }

    /// Returns the number of verdicts.
    pub fn verdicts(&self) -> usize {
        self.ran() + self.skipped + self.not_run
    }

    /// Returns the number of tests that ran.
    pub fn ran(&self) -> usize {
        self.passed + self.failed + self.timed_out + self.crashed + self.flaky + self.known_bugs
    }

    /// Returns the number of verdicts that do not fail the run.
    pub fn good(&self) -> usize {
        self.passed + self.flaky + self.known_bugs + self.skipped
    }

    /// Whether each selected test has exactly one verdict.
    pub fn reconciles(&self) -> bool {
        self.verdicts() == self.selected
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tests = if self.selected == 1 { "test" } else { "tests" };
        write!(f, "{} {tests}: {} passed", self.selected, self.passed)?;
        for (count, word) in [
            (self.failed, "failed"),
            (self.flaky, "flaky"),
            (self.known_bugs, "known bugs"),
            (self.skipped, "skipped"),
            (self.timed_out, "timed out"),
            (self.crashed, "crashed"),
            (self.not_run, "not run"),
        ] {
            if count > 0 {
                write!(f, ", {count} {word}")?;
            }
        }
        Ok(())
    }
}
