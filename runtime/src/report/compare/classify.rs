//! What a test's endings in several runs come to: one class for each test.

use std::fmt;

use serde::Serialize;

use crate::journal::Verdict;
use crate::report::story::Tale;

/// What became of a test in one run, as far as comparing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It was not selected.
    Absent,
    Passed,
    /// It passed, and not at the first attempt.
    Wavered,
    /// It failed, timed out or crashed.
    Bad,
    Skipped,
    /// It did not run, or has no verdict.
    NotRun,
}

impl State {
    pub(super) fn of(tale: Option<&Tale>) -> Self {
        let Some(tale) = tale else { return Self::Absent };
        match &tale.verdict {
            None | Some(Verdict::NotRun { .. }) => Self::NotRun,
            // A known bug that is still there is what was expected.
            Some(Verdict::Passed | Verdict::KnownBug { .. }) => Self::Passed,
            Some(Verdict::Flaky { .. }) => Self::Wavered,
            Some(Verdict::Skipped { .. }) => Self::Skipped,
            Some(Verdict::Failed { .. } | Verdict::TimedOut { .. } | Verdict::Crashed { .. }) => {
                Self::Bad
            }
        }
    }

    fn has_run(self) -> bool {
        matches!(self, Self::Passed | Self::Wavered | Self::Bad)
    }
}

/// What changed for a test, in the order that reports tell it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// It fails, and did not before.
    NewlyFailing,
    /// It has no verdict any more, or never had one.
    NotRun,
    /// It changed between passing and failing twice or more, or within the last run.
    Flaky,
    /// It fails, as before.
    StillFailing,
    /// It passes, and failed before.
    Fixed,
    /// It is skipped, and ran before.
    NewlySkipped,
    /// It passes, and did not run before.
    NowRuns,
    /// It was not there before, and does not fail.
    New,
    /// It is not there any more.
    Gone,
    /// It passes or is skipped, as before.
    Unchanged,
}

impl Class {
    /// Every class, in the order that reports tell them in.
    pub const ALL: [Self; 10] = [
        Self::NewlyFailing,
        Self::NotRun,
        Self::Flaky,
        Self::StillFailing,
        Self::Fixed,
        Self::NewlySkipped,
        Self::NowRuns,
        Self::New,
        Self::Gone,
        Self::Unchanged,
    ];

    /// Tells whether a test of this class makes `--fail-on-regression` fail.
    pub fn is_regression(self) -> bool {
        matches!(self, Self::NewlyFailing | Self::NotRun)
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
            Self::Gone => "gone",
            Self::Unchanged => "unchanged",
        })
    }
}

/// Gives the class of a test by what became of it in each run, and which of the runs
/// the last is held against.
///
/// - That is the latest before the last in which the test was selected and has a
///   verdict; where none has one, the latest in which it was selected.
/// - Flaky is told from what ran alone: what is between two endings and did not run
///   changes nothing.
pub(super) fn classify(states: &[State]) -> (Option<usize>, Class) {
    let Some((&after, earlier)) = states.split_last() else { return (None, Class::Unchanged) };
    let latest = |wanted: &dyn Fn(State) -> bool| earlier.iter().rposition(|state| wanted(*state));
    let before = latest(&|state| !matches!(state, State::Absent | State::NotRun))
        .or_else(|| latest(&|state| state != State::Absent));
    let was = before.map_or(State::Absent, |index| earlier[index]);
    let class = match (was, after) {
        (_, State::Absent) => Class::Gone,
        (_, State::NotRun) => Class::NotRun,
        (_, State::Wavered) => Class::Flaky,
        (_, State::Passed | State::Bad) if turns(states) >= 2 => Class::Flaky,
        (State::Bad, State::Bad) => Class::StillFailing,
        (_, State::Bad) => Class::NewlyFailing,
        (State::Bad, State::Passed) => Class::Fixed,
        (State::Absent, State::Passed | State::Skipped) => Class::New,
        (State::Skipped | State::NotRun, State::Passed) => Class::NowRuns,
        (State::Skipped, State::Skipped) | (State::Passed | State::Wavered, State::Passed) => {
            Class::Unchanged
        }
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

    /// Reads `.` passed, `F` bad, `~` wavered, `s` skipped, `n` not run, ` ` absent.
    fn states(text: &str) -> Vec<State> {
        let state = |letter| match letter {
            '.' => State::Passed,
            'F' => State::Bad,
            '~' => State::Wavered,
            's' => State::Skipped,
            'n' => State::NotRun,
            _ => State::Absent,
        };
        text.chars().map(state).collect()
    }

    #[test]
    fn a_test_has_one_class_by_its_endings() {
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
            (". ", Class::Gone),
            (".s", Class::NewlySkipped),
            ("s.", Class::NowRuns),
            ("n.", Class::NowRuns),
            (".n", Class::NotRun),
            (" n", Class::NotRun),
            // A run in between in which it did not run is looked through.
            (".nF", Class::NewlyFailing),
            ("F .", Class::Fixed),
            ("FnF", Class::StillFailing),
            // What changes twice is flaky, however it ends.
            (".F.", Class::Flaky),
            ("F.F", Class::Flaky),
            ("F.sF", Class::Flaky),
            ("..F", Class::NewlyFailing),
            ("FF.", Class::Fixed),
            (".F.s", Class::NewlySkipped),
            // One that passed when it was tried again is flaky, and no pass.
            (".~", Class::Flaky),
            ("~F", Class::NewlyFailing),
            ("F~.", Class::Flaky),
            ("~.", Class::Unchanged),
        ];
        for (text, class) in cases {
            assert_eq!(classify(&states(text)).1, class, "{text:?}");
        }
    }
}
