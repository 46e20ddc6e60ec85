//! Tracks which tests are waiting, running and done, and which test caused the loss
//! of a worker.
//!
//! - If one test was running, it is the culprit.
//! - If only one of the running tests was being polled, it is the culprit.
//! - Otherwise all that were being polled (or all that were running) are suspects.
//!   Each runs again alone, so that only the culprit crashes again.
//!
//! Every loss leads to a verdict or to fewer tests running together, so a run
//! always ends.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

/// How many workers in a row may be lost without any test running.
const MAX_IDLE_LOSSES: u32 = 3;

/// The tests of a run and their states.
#[derive(Debug)]
pub(super) struct TestTracker {
    tests: Vec<TrackedTest>,
    numbers: HashMap<String, usize>,
    /// The running ones and those setting up a fixture: few, of perhaps very many.
    under_way: BTreeSet<usize>,
    idle_losses: u32,
}

#[derive(Debug)]
struct TrackedTest {
    id: String,
    /// The suites whose fixtures it shares.
    suites: Vec<&'static str>,
    /// After this long in all, the supervisor kills its worker.
    limit: Duration,
    timeout_ms: u64,
    state: State,
    attempts: u32,
    alone: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    /// A fixture is being set up in its name, until this instant at the latest.
    SettingUp(&'static str, Instant),
    Running(Instant),
    Done,
}

/// A test to track.
#[derive(Debug)]
pub(super) struct NewTest {
    pub(super) id: String,
    /// The suites whose fixtures it shares.
    pub(super) suites: Vec<&'static str>,
    /// How long it may take in all.
    pub(super) limit: Duration,
}

/// What the next worker runs: test numbers and attempts.
pub(super) type Batch = Vec<(usize, u32)>;

/// The consequences of a lost worker.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Loss {
    /// The test that caused it, if known for certain; it has no verdict yet.
    pub(super) culprit: Option<usize>,
    /// The tests that start again.
    pub(super) again: Vec<usize>,
    /// Whether starting another worker is pointless.
    pub(super) hopeless: bool,
}

impl TestTracker {
    /// Creates a tracker in which all tests are waiting.
    pub(super) fn new(tests: impl IntoIterator<Item = NewTest>) -> Self {
        let tests: Vec<TrackedTest> = tests
            .into_iter()
            .map(|NewTest { id, suites, limit }| TrackedTest {
                id,
                suites,
                limit,
                timeout_ms: 0,
                state: State::Waiting,
                attempts: 0,
                alone: false,
            })
            .collect();
        let numbers = tests.iter().enumerate().map(|(n, test)| (test.id.clone(), n)).collect();
        Self { tests, numbers, under_way: BTreeSet::new(), idle_losses: 0 }
    }

    /// Returns the id of a test.
    pub(super) fn id(&self, number: usize) -> &str {
        &self.tests[number].id
    }

    /// Returns what the next worker runs: first all tests that may run together, then the
    /// suspects one by one.
    pub(super) fn batch(&self) -> Batch {
        let waiting =
            || self.tests.iter().enumerate().filter(|(_, test)| test.state == State::Waiting);
        let entry = |(number, test): (usize, &TrackedTest)| (number, test.attempts + 1);
        let together: Batch = waiting().filter(|(_, test)| !test.alone).map(entry).collect();
        if together.is_empty() { waiting().take(1).map(entry).collect() } else { together }
    }

    /// Records that a test started.
    pub(super) fn started(&mut self, id: &str, timeout_ms: u64, now: Instant) {
        if let Some((number, test)) = self.test(id)
            && matches!(test.state, State::Waiting | State::SettingUp(..))
        {
            test.timeout_ms = timeout_ms;
            test.attempts += 1;
            self.enter(number, State::Running(now));
            self.idle_losses = 0;
        }
    }

    /// Records that a suite's fixture is being set up in the name of a test, for at most
    /// `limit`.
    pub(super) fn setting_up(&mut self, id: &str, suite: &str, limit: Duration, now: Instant) {
        if let Some((number, test)) = self.test(id)
            && let Some(suite) = test.suites.iter().copied().find(|known| *known == suite)
            && test.state == State::Waiting
        {
            self.enter(number, State::SettingUp(suite, now + limit));
            self.idle_losses = 0;
        }
    }

    /// Records that a fixture's setup ended, well or not.
    pub(super) fn set_up(&mut self, suite: &str) {
        for number in self.under_way.clone() {
            if self.fixture_of(number) == Some(suite) {
                self.enter(number, State::Waiting);
            }
        }
    }

    /// Returns the suite whose fixture is being set up in the name of a test.
    pub(super) fn fixture_of(&self, number: usize) -> Option<&'static str> {
        match self.tests[number].state {
            State::SettingUp(suite, _) => Some(suite),
            _ => None,
        }
    }

    /// Returns the tests without a verdict that share the fixture of a suite.
    pub(super) fn sharing(&self, suite: &str) -> Vec<usize> {
        let shares = |number: &usize| self.tests[*number].suites.contains(&suite);
        self.left().into_iter().filter(shares).collect()
    }

    /// Records that a test is retried; its time limit starts again.
    pub(super) fn again(&mut self, id: &str) {
        if let Some((number, test)) = self.test(id)
            && test.state != State::Done
        {
            self.enter(number, State::Waiting);
        }
    }

    /// Records a verdict; returns whether it is the test's first, which is the one that
    /// counts.
    pub(super) fn finished(&mut self, id: &str) -> bool {
        match self.test(id) {
            Some((number, test)) if test.state != State::Done => {
                self.enter(number, State::Done);
                self.idle_losses = 0;
                true
            }
            _ => false,
        }
    }

    /// Returns when the next time limit is reached.
    pub(super) fn next_limit(&self) -> Option<Instant> {
        self.under_way().filter_map(|(_, limit)| limit).min()
    }

    /// Returns a test past its limit (or whose fixture is).
    pub(super) fn overdue(&self, now: Instant) -> Option<usize> {
        let past = |limit: Option<Instant>| limit.is_some_and(|limit| limit <= now);
        self.under_way().find(|(_, limit)| past(*limit)).map(|(number, _)| number)
    }

    /// Returns a test's own deadline in milliseconds, as its worker reported it.
    pub(super) fn timeout_ms(&self, number: usize) -> u64 {
        self.tests[number].timeout_ms
    }

    /// Handles the loss of the worker; `suspects` are the tests that it was polling.
    pub(super) fn lost(&mut self, suspects: &[usize]) -> Loss {
        let running: Vec<usize> = self.under_way().map(|(number, _)| number).collect();
        if running.is_empty() {
            self.idle_losses += 1;
            return Loss {
                culprit: None,
                again: Vec::new(),
                hopeless: self.idle_losses >= MAX_IDLE_LOSSES,
            };
        }
        let mut suspects: Vec<usize> =
            running.iter().copied().filter(|number| suspects.contains(number)).collect();
        if suspects.is_empty() {
            suspects.clone_from(&running);
        }
        let culprit = if suspects.len() == 1 { suspects.pop() } else { None };
        for number in suspects {
            self.tests[number].alone = true;
        }
        let again: Vec<usize> = running.into_iter().filter(|n| Some(*n) != culprit).collect();
        for number in &again {
            self.enter(*number, State::Waiting);
        }
        Loss { culprit, again, hopeless: false }
    }

    /// Returns the tests without a verdict.
    pub(super) fn left(&self) -> Vec<usize> {
        let open = |(_, test): &(usize, &TrackedTest)| test.state != State::Done;
        self.tests.iter().enumerate().filter(open).map(|(number, _)| number).collect()
    }

    /// Returns the running tests and those setting up a fixture, each with its limit.
    fn under_way(&self) -> impl Iterator<Item = (usize, Option<Instant>)> {
        self.under_way.iter().filter_map(|number| {
            let test = &self.tests[*number];
            match test.state {
                State::Running(since) => Some((*number, since.checked_add(test.limit))),
                State::SettingUp(_, limit) => Some((*number, Some(limit))),
                State::Waiting | State::Done => None,
            }
        })
    }

    fn enter(&mut self, number: usize, state: State) {
        self.tests[number].state = state;
        match state {
            State::Running(_) | State::SettingUp(..) => self.under_way.insert(number),
            State::Waiting | State::Done => self.under_way.remove(&number),
        };
    }

    fn test(&mut self, id: &str) -> Option<(usize, &mut TrackedTest)> {
        let number = *self.numbers.get(id)?;
        Some((number, &mut self.tests[number]))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tracker(count: usize) -> TestTracker {
        let limit = Duration::from_secs(5);
        TestTracker::new((0..count).map(|n| NewTest {
            id: n.to_string(),
            suites: vec!["s"],
            limit,
        }))
    }

    fn start(tracker: &mut TestTracker, numbers: &[usize]) {
        let now = Instant::now();
        for number in numbers {
            tracker.started(&number.to_string(), 1, now);
        }
    }

    #[test]
    fn the_only_test_under_way_is_the_culprit() {
        let mut tracker = tracker(3);
        start(&mut tracker, &[1]);
        assert_eq!(tracker.lost(&[]), Loss { culprit: Some(1), again: vec![], hopeless: false });
    }

    #[test]
    fn the_one_that_was_polled_is_the_culprit_and_the_others_start_again() {
        let mut tracker = tracker(3);
        start(&mut tracker, &[0, 1, 2]);
        assert_eq!(
            tracker.lost(&[2]),
            Loss { culprit: Some(2), again: vec![0, 1], hopeless: false }
        );
        assert!(tracker.finished("2"));
        assert_eq!(tracker.batch(), [(0, 2), (1, 2)]);
    }

    #[test]
    fn suspects_run_alone_after_all_others() {
        let mut tracker = tracker(3);
        start(&mut tracker, &[0, 1]);
        let loss = tracker.lost(&[0, 1]);
        assert_eq!((loss.culprit, loss.again), (None, vec![0, 1]));
        assert_eq!(tracker.batch(), [(2, 1)]);
        assert!(tracker.finished("2"));
        assert_eq!(tracker.batch(), [(0, 2)]);
    }

    #[test]
    fn a_second_verdict_does_not_count() {
        let mut tracker = tracker(1);
        assert!(tracker.finished("0"));
        assert!(!tracker.finished("0"));
    }

    #[test]
    fn workers_that_die_before_any_test_are_given_up() {
        let mut tracker = tracker(1);
        assert!(!tracker.lost(&[]).hopeless);
        assert!(!tracker.lost(&[]).hopeless);
        assert!(tracker.lost(&[]).hopeless);
    }

    #[test]
    fn a_fixture_is_set_up_in_the_name_of_a_test_until_it_is_there() {
        let (mut tracker, now) = (tracker(3), Instant::now());
        tracker.setting_up("1", "s", Duration::from_secs(9), now);
        assert_eq!((tracker.fixture_of(1), tracker.fixture_of(0)), (Some("s"), None));
        assert_eq!(tracker.next_limit(), Some(now + Duration::from_secs(9)));
        assert_eq!(tracker.lost(&[1]).culprit, Some(1));
        assert_eq!(tracker.sharing("s"), [0, 1, 2]);
        tracker.set_up("s");
        assert_eq!((tracker.fixture_of(1), tracker.next_limit()), (None, None));
    }

    proptest! {
        /// Whichever tests crash the worker, and whatever the slots say, every test gets
        /// one verdict and only the crashing ones are blamed.
        #[test]
        fn every_run_ends_and_blames_only_the_culprits(
            deadly in prop::collection::vec(any::<bool>(), 1..12),
            jobs in 1usize..5,
            polled in prop::collection::vec(any::<bool>(), 12),
        ) {
            let mut tracker = tracker(deadly.len());
            let mut crashed = vec![0; deadly.len()];
            let mut workers = 0;
            while !tracker.batch().is_empty() {
                workers += 1;
                prop_assert!(workers < 100);
                let batch = tracker.batch();
                let mut under_way: Vec<usize> = Vec::new();
                for (number, _) in batch {
                    start(&mut tracker, &[number]);
                    under_way.push(number);
                    if deadly[number] {
                        // The slots hold the crashing test, and perhaps others.
                        let suspects: Vec<usize> = under_way
                            .iter()
                            .copied()
                            .filter(|n| *n == number || polled[*n])
                            .collect();
                        if let Some(culprit) = tracker.lost(&suspects).culprit {
                            crashed[culprit] += 1;
                            tracker.finished(&culprit.to_string());
                        }
                        break;
                    }
                    if under_way.len() >= jobs {
                        tracker.finished(&under_way.remove(0).to_string());
                    }
                }
                for number in tracker.under_way().map(|(n, _)| n).collect::<Vec<_>>() {
                    tracker.finished(&number.to_string());
                }
            }
            for (number, is_deadly) in deadly.iter().enumerate() {
                prop_assert_eq!(crashed[number], usize::from(*is_deadly));
            }
        }
    }
}
