//! Running many tests at a time.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::task::{Id, JoinError, JoinSet};

use super::fixtures::Fixtures;
use super::pulse::Pulse;
use super::test_run::{RunContext, Task, run_test};
use super::{Host, Limits, Slots, Stop, panics};
use crate::Failure;
use crate::accepted::Accepted;
use crate::journal::{Event, Sink, TestResult, Verdict};
use crate::plan::{Capacities, CloudProfile, Schedule, Waiting, why_skip};
use crate::registry::Test;

/// Runs tests in parallel.
pub struct Executor {
    /// The environment that tests run in.
    pub host: Arc<dyn Host>,
    /// What is known about the cloud.
    pub profile: CloudProfile,
    /// Where events go.
    pub sink: Sink,
    /// Where running tests are recorded.
    pub slots: Slots,
    /// Time limits.
    pub limits: Limits,
    /// How many tests run at a time.
    pub jobs: usize,
    /// The capacities that tests' claims share.
    pub capacities: Capacities,
    /// The findings that are accepted of the cloud.
    pub accepted: Arc<Accepted>,
    /// Stops the run early.
    pub stop: Stop,
}

/// Whether the executor ended early because a test blocks a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retired(pub bool);

impl Executor {
    /// Runs tests, each with its number in the run and its attempt.
    ///
    /// Tests that do not apply to the cloud are skipped first. Tests that had not started
    /// when the executor stopped or retired get no verdict here; the caller knows which
    /// they are.
    pub async fn run(self, tests: impl IntoIterator<Item = (usize, u32, Test)>) -> Retired {
        panics::install_hook();
        let _pulse = Pulse::start(Handle::current());
        let tests: Vec<Task> = tests
            .into_iter()
            .map(|(number, attempt, test)| Task { number, attempt, test })
            .filter(|task| self.applies(&task.test))
            .collect();
        let fixtures = Arc::new(Fixtures::of(tests.iter().map(|task| &task.test)));
        let lending = self.host.is_lending();
        let waiting = tests.iter().map(|task| Waiting {
            claims: &task.test.claims,
            // With few identities, a suite that holds some has to finish before others
            // start.
            group: task.test.fixtures.first().filter(|_| lending).map(|fixture| fixture.suite),
        });
        let mut schedule = Schedule::new(waiting, self.capacities);
        let mut tests: Vec<Option<Task>> = tests.into_iter().map(Some).collect();
        let around = RunContext {
            host: self.host,
            sink: self.sink.clone(),
            slots: self.slots,
            limits: self.limits,
            accepted: self.accepted,
            fixtures: Arc::clone(&fixtures),
            stop: self.stop.clone(),
        };
        let mut running = JoinSet::new();
        let mut places: HashMap<Id, (usize, &'static str)> = HashMap::new();
        let mut retired = false;
        loop {
            while running.len() < self.jobs && !retired && !self.stop.is_requested() {
                let Some(place) = schedule.start() else { break };
                let Some(task) = tests[place].take() else { continue };
                let test = task.test.id();
                let id = running.spawn(run_test(task, around.clone())).id();
                places.insert(id, (place, test));
            }
            let Some(ended) = running.join_next_with_id().await else { break };
            let id = ended.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
            let Some((place, test)) = places.remove(&id) else { continue };
            schedule.done(place);
            match ended {
                Ok((_, blocked)) => retired |= blocked,
                Err(error) => {
                    let failure = Failure::new(format!("setting up or cleaning up: {error}"));
                    send_verdict(&self.sink, test, Verdict::Failed { failure });
                }
            }
        }
        fixtures.close(&around).await;
        for task in tests.iter().flatten() {
            if let Some(verdict) = fixtures.refusal(&task.test).await {
                send_verdict(&self.sink, task.test.id(), verdict);
            }
        }
        Retired(retired)
    }

    /// Whether a test applies to the cloud; skips it if not.
    fn applies(&self, test: &Test) -> bool {
        let Some(reason) = why_skip(test, &self.profile) else { return true };
        send_verdict(&self.sink, test.id(), Verdict::Skipped { reason });
        false
    }
}

/// Sends the verdict of a test that does not run.
pub(crate) fn send_verdict(sink: &Sink, id: &str, verdict: Verdict) {
    sink.send(Event::TestFinished(TestResult { test: id.to_owned(), verdict, duration_ms: 0 }));
}
