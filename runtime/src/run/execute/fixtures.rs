//! Fixtures of suites: set up for the first test, undone after the last.
//!
//! - A fixture is set up once, before the first test that shares it; the other
//!   tests wait for it. The suite's deadline applies to it.
//! - If its setup fails, what it made so far is undone, and no test that shares it
//!   runs; all report that one cause.
//! - It is undone when no test that shares it is left; inner fixtures before outer
//!   ones.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, OnceCell};

use super::TestSetup;
use super::test_run::{RunContext, Task, admitted, body, failure_of, millis, set_up, undo};
use crate::Failure;
use crate::context::ActiveFixture;
use crate::journal::{Event, Verdict};
use crate::registry::{SharedFixture, Test};

/// The fixtures shared by an executor's tests.
#[derive(Debug, Default)]
pub(super) struct Fixtures(HashMap<&'static str, Shared>);

#[derive(Debug)]
struct Shared {
    fixture: SharedFixture,
    /// How many fixtures enclose it.
    depth: usize,
    /// How many tests may still need it.
    left: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    Waiting,
    Active(ActiveFixture),
    Refused(Refusal),
    Gone,
}

/// Why a test that shares a fixture does not run.
#[derive(Debug, Clone)]
pub(super) enum Refusal {
    /// The fixture's setup failed.
    Verdict {
        /// The verdict of the tests that share it.
        verdict: Verdict,
        /// Whether the setup still blocks a thread.
        blocked: bool,
    },
    /// The run was stopped first.
    Stopped,
}

impl Fixtures {
    /// Counts the tests that share each fixture.
    pub(super) fn of<'a>(tests: impl Iterator<Item = &'a Test>) -> Self {
        let mut fixtures: HashMap<&'static str, Shared> = HashMap::new();
        for test in tests {
            for (depth, fixture) in test.fixtures.iter().enumerate() {
                let shared = fixtures.entry(fixture.suite).or_insert_with(|| Shared {
                    fixture: fixture.clone(),
                    depth,
                    left: AtomicUsize::new(0),
                    state: Mutex::new(State::Waiting),
                });
                shared.left.fetch_add(1, Ordering::Relaxed);
            }
        }
        Self(fixtures)
    }

    /// Returns the innermost fixture of a test, after setting up all that enclose it.
    pub(super) async fn around(
        &self,
        task: &Task,
        around: &RunContext,
    ) -> Result<Option<ActiveFixture>, Refusal> {
        let mut nearest = None;
        for shared in self.of_test(&task.test) {
            nearest = Some(shared.standing(nearest, task, around).await?);
        }
        Ok(nearest)
    }

    /// Returns the verdict of a test that cannot run because the setup of a fixture
    /// failed.
    pub(super) async fn refusal(&self, test: &Test) -> Option<Verdict> {
        for shared in self.of_test(test) {
            if let State::Refused(Refusal::Verdict { verdict, .. }) = &*shared.state.lock().await {
                return Some(verdict.clone());
            }
        }
        None
    }

    /// Records that a test is done, and undoes the fixtures that no other test needs.
    pub(super) async fn leave(&self, test: &Test, around: &RunContext) {
        for fixture in test.fixtures.iter().rev() {
            let Some(shared) = self.0.get(fixture.suite) else { continue };
            if shared.left.fetch_sub(1, Ordering::AcqRel) == 1 {
                shared.undo(around).await;
            }
        }
    }

    /// Undoes all remaining fixtures, for example when a run was stopped.
    pub(super) async fn close(&self, around: &RunContext) {
        let mut all: Vec<&Shared> = self.0.values().collect();
        all.sort_by_key(|shared| (std::cmp::Reverse(shared.depth), shared.fixture.suite));
        for shared in all {
            shared.undo(around).await;
        }
    }

    fn of_test(&self, test: &Test) -> impl Iterator<Item = &Shared> {
        test.fixtures.iter().filter_map(|fixture| self.0.get(fixture.suite))
    }
}

impl Shared {
    async fn standing(
        &self,
        outer: Option<ActiveFixture>,
        task: &Task,
        around: &RunContext,
    ) -> Result<ActiveFixture, Refusal> {
        let mut state = self.state.lock().await;
        if matches!(*state, State::Waiting) {
            *state = match self.set_up(outer, task, around).await {
                Ok(fixture) => State::Active(fixture),
                Err(refusal) => State::Refused(refusal),
            };
        }
        match &*state {
            State::Active(fixture) => Ok(fixture.clone()),
            State::Refused(refusal) => Err(refusal.clone()),
            State::Waiting | State::Gone => Err(Refusal::Stopped),
        }
    }

    /// Sets it up, in the name of the test that came first.
    async fn set_up(
        &self,
        outer: Option<ActiveFixture>,
        task: &Task,
        around: &RunContext,
    ) -> Result<ActiveFixture, Refusal> {
        let RunContext { sink, limits, .. } = around;
        let SharedFixture { suite, descriptor, identities, timeout } = &self.fixture;
        let setup = TestSetup { id: suite, identities, around: outer.as_ref() };
        let admission = admitted(setup, around).await.ok_or(Refusal::Stopped)?;
        let deadline = limits.scaled_deadline(*timeout);
        sink.send(Event::FixtureStarted {
            suite: (*suite).to_owned(),
            test: task.test.id().to_owned(),
            timeout_ms: millis(deadline),
        });
        let start = Instant::now();
        let made = match admission {
            Ok(admission) => set_up(setup, admission, around).await,
            Err(failure) => Err(failure),
        };
        let context = match made {
            Ok(context) => context,
            Err(failure) => return Err(self.refuse(failure, start.elapsed(), false, around)),
        };
        let value = Arc::new(OnceCell::new());
        let run = {
            let (context, value, set_up) = (context.clone(), Arc::clone(&value), descriptor.set_up);
            async move {
                // It runs only once, so the cell is empty.
                let _ = value.set(set_up(&context).await?);
                Ok(())
            }
        };
        let (verdict, blocked) = body(run, task.number, deadline, around).await;
        let took = start.elapsed();
        if let (Verdict::Passed, Some(value)) = (&verdict, value.get()) {
            let duration_ms = millis(took);
            sink.send(Event::FixtureReady { suite: (*suite).to_owned(), duration_ms });
            return Ok(ActiveFixture { suite, value: value.clone(), context });
        }
        undo(&context, suite, around).await;
        let failure = match verdict {
            Verdict::Skipped { reason } => Failure::skip(reason).with_location(None),
            other => failure_of(&other).ok_or(Refusal::Stopped)?,
        };
        Err(self.refuse(failure, took, blocked, around))
    }

    /// Reports that the setup failed.
    fn refuse(
        &self,
        failure: Failure,
        took: Duration,
        blocked: bool,
        around: &RunContext,
    ) -> Refusal {
        let suite = self.fixture.suite;
        let verdict = if failure.is_skip() {
            Verdict::Skipped { reason: failure.message().to_owned() }
        } else {
            not_run(suite, &failure)
        };
        let (suite, duration_ms) = (suite.to_owned(), millis(took));
        around.sink.send(Event::FixtureFailed { suite, failure, duration_ms });
        Refusal::Verdict { verdict, blocked }
    }

    async fn undo(&self, around: &RunContext) {
        let mut state = self.state.lock().await;
        if let State::Active(fixture) = std::mem::replace(&mut *state, State::Gone) {
            undo(&fixture.context, self.fixture.suite, around).await;
        }
    }
}

/// Returns the verdict of tests whose fixture could not be set up.
pub(crate) fn not_run(suite: &str, failure: &Failure) -> Verdict {
    let text = failure.to_string();
    let why = text.lines().next().unwrap_or_default();
    Verdict::NotRun { reason: format!("the fixture of suite `{suite}` was not set up: {why}") }
}
