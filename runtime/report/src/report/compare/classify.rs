//! Classifies each test by its verdicts in several runs.

use std::fmt;

use serde::Serialize;

use crate::journal::Verdict;
use crate::report::run_record::TestRecord;

/// A test's verdict in one run, as far as comparisons need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It was not selected.
    Absent,
    Passed,
    /// It passed on a retry.
    PassedOnRetry,
    /// It failed, timed out or crashed.
    Bad,
    Skipped,
    /// It did not run, or has no verdict.
    NotRun,
}

impl State {
    pub(super) fn of(record: Option<&TestRecord>) -> Self {
        let Some(record) = record else { return Self::Absent };
        match &record.verdict {
            None | Some(Verdict::NotRun { .. }) => Self::NotRun,
            // A known bug that is still present is expected.
            Some(Verdict::Passed | Verdict::KnownBug { .. }) => Self::Passed,
            Some(Verdict::Flaky { .. }) => Self::PassedOnRetry,
            Some(Verdict::Skipped { .. }) => Self::Skipped,
            Some(Verdict::Failed { .. } | Verdict::TimedOut { .. } | Verdict::Crashed { .. }) => {
                Self::Bad
            }
        }
    }

    fn has_run(self) -> bool {
        matches!(self, Self::Passed | Self::PassedOnRetry | Self::Bad)
    }
}

/// What changed for a test, in the order of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// It fails, and did not before.
    NewlyFailing,
    /// It does not exist any more: the last run selects it by its filters, or all tests.
    Removed,
    /// It was selected but did not run, or has no verdict.
    NotRun,
    /// It changed between passing and failing at least twice, or passed on a retry.
    Flaky,
    /// It fails, as before.
    StillFailing,
    /// It passes, and failed before.
    Fixed,
    /// It is skipped, and ran before.
    NewlySkipped,
    /// It passes, and did not run before.
    NowRuns,
    /// It did not exist or was not selected before, and does not fail.
    New,
    /// The last run did not select it.
    NotSelected,
    /// It passes or is skipped, as before.
    Unchanged,
}

impl Class {
    /// Every class, in the order of reports.
    pub const ALL: [Self; 11] = [
        Self::NewlyFailing,
        Self::Removed,
        Self::NotRun,
        Self::Flaky,
        Self::StillFailing,
        Self::Fixed,
        Self::NewlySkipped,
        Self::NowRuns,
        Self::New,
        Self::NotSelected,
        Self::Unchanged,
    ];

    /// Whether a test of this class makes `--fail-on-regression` fail.
    pub fn is_regression(self) -> bool {
        matches!(self, Self::NewlyFailing | Self::NotRun | Self::Removed)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NewlyFailing => "newly failing",
            Self::NotRun => "not run",
            Self::Flaky => "flaky",
            Self::StillFailing => "still failing",
            Self::Fixed => "fixed",
            Self::NewlySkipped => "newly skipped",
            Self::NowRuns => "runs now",
            Self::New => "new",
            Self::Removed => "removed",
            Self::NotSelected => "not selected",
            Self::Unchanged => "unchanged",
        })
    }
}

/// Returns the class of a test from its state in each run, and the index of the run that the
/// last one is compared with.
///
/// - That is the latest earlier run in which the test has a verdict; if there is none, the
///   latest in which it was selected.
/// - Only runs in which the test ran decide whether it is flaky.
///
/// `reselects` says for an earlier run whether the last one would select all of its tests, so that
/// a test that is absent does not exist any more.
pub(super) fn classify(
    states: &[State],
    reselects: impl Fn(usize) -> bool,
) -> (Option<usize>, Class) {
    let Some((&after, earlier)) = states.split_last() else { return (None, Class::Unchanged) };
    let latest = |wanted: &dyn Fn(State) -> bool| earlier.iter().rposition(|state| wanted(*state));
    let before = latest(&|state| !matches!(state, State::Absent | State::NotRun))
        .or_else(|| latest(&|state| state != State::Absent));
    let was = before.map_or(State::Absent, |index| earlier[index]);
    let class = match (was, after) {
        (_, State::Absent) if before.is_some_and(reselects) => Class::Removed,
        (_, State::Absent) => Class::NotSelected,
        (_, State::NotRun) => Class::NotRun,
        (_, State::PassedOnRetry) => Class::Flaky,
        (_, State::Passed | State::Bad) if turns(states) >= 2 => Class::Flaky,
        (State::Bad, State::Bad) => Class::StillFailing,
        (_, State::Bad) => Class::NewlyFailing,
        (State::Bad, State::Passed) => Class::Fixed,
        (State::Absent, State::Passed | State::Skipped) => Class::New,
        (State::Skipped | State::NotRun, State::Passed) => Class::NowRuns,
        (State::Skipped, State::Skipped)
        | (State::Passed | State::PassedOnRetry, State::Passed) => Class::Unchanged,
        (_, State::Skipped) => Class::NewlySkipped,
    };
    (before, class)
}

/// Counts how often a test changed between passing and failing.
fn turns(states: &[State]) -> usize {
    let ran: Vec<State> = states.iter().copied().filter(|state| state.has_run()).collect();
    ran.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses `.` passed, `F` bad, `~` passed on a retry, `s` skipped, `n` not run, ` ` absent.
    fn states(text: &str) -> Vec<State> {
        let state = |letter| match letter {
            '.' => State::Passed,
            'F' => State::Bad,
            '~' => State::PassedOnRetry,
            's' => State::Skipped,
            'n' => State::NotRun,
            _ => State::Absent,
        };
        text.chars().map(state).collect()
    }

    #[test]
    fn a_test_has_one_class_by_its_verdicts() {
        let cases = [
            (".F", Class::NewlyFailing),
            (" F", Class::NewlyFailing),
            ("sF", Class::NewlyFailing),
            ("F.", Class::Fixed),
            ("FF", Class::StillFailing),
            ("..", Class::Unchanged),
            ("ss", Class::Unchanged),
            (" .", Class::New),
            (" s", Class::New),
            (". ", Class::NotSelected),
            (".s", Class::NewlySkipped),
            ("s.", Class::NowRuns),
            ("n.", Class::NowRuns),
            (".n", Class::NotRun),
            (" n", Class::NotRun),
            // A run in between in which it did not run is ignored.
            (".nF", Class::NewlyFailing),
            ("F .", Class::Fixed),
            ("FnF", Class::StillFailing),
            // A test that changes twice is flaky, whatever its last verdict.
            (".F.", Class::Flaky),
            ("F.F", Class::Flaky),
            ("F.sF", Class::Flaky),
            ("..F", Class::NewlyFailing),
            ("FF.", Class::Fixed),
            (".F.s", Class::NewlySkipped),
            // A test that passed on a retry is flaky, not passed.
            (".~", Class::Flaky),
            ("~F", Class::NewlyFailing),
            ("F~.", Class::Flaky),
            ("~.", Class::Unchanged),
        ];
        for (text, class) in cases {
            assert_eq!(classify(&states(text), |_| false).1, class, "{text:?}");
        }
    }

    #[test]
    fn a_test_that_the_last_run_would_select_and_lacks_was_removed() {
        assert_eq!(classify(&states(". "), |_| true).1, Class::Removed);
        assert_eq!(classify(&states(".n "), |run| run == 0).1, Class::Removed);
        assert_eq!(classify(&states(". "), |_| false).1, Class::NotSelected);
        assert!(Class::Removed.is_regression() && !Class::NotSelected.is_regression());
    }
}
