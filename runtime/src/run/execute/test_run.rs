//! Running one test from start to verdict.
//!
//! - The body runs in its own task, so that its deadline applies even if it blocks
//!   a thread.
//! - What it made is undone in every case: after a failure, a panic or a timeout,
//!   and when the run is stopped.
//! - A cleanup that leaves something does not change the verdict. It is reported as
//!   an event, and the end of the run tries again.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::fixtures::{Fixtures, Refusal};
use super::panics::Seen;
use super::slots::{Polled, Slots};
use super::{Admission, Host, Stop, TestSetup};
use crate::accepted::{Acceptance, Accepted};
use crate::journal::{Event, Sink, TestResult, Verdict};
use crate::ledger::CleanupOutcome;
use crate::registry::Test;
use crate::{Context, Failure, Result};

/// How often a wait for identities is reported.
const LONG: Duration = Duration::from_secs(15);

/// Time limits of a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// The factor for every deadline.
    pub scale: f64,
    /// How long a stopped test may take to release its thread.
    pub grace: Duration,
    /// The limit for the setup of one test, and for its cleanup.
    pub around: Duration,
    /// How often a failing test is retried.
    pub retries: u32,
}

impl Limits {
    /// Creates limits with all deadlines multiplied by `scale`.
    pub fn scaled(scale: f64) -> Self {
        const AROUND: f64 = 60.0;
        Self {
            scale,
            grace: Duration::from_secs(2),
            around: Duration::try_from_secs_f64(AROUND * scale).unwrap_or(Duration::MAX),
            retries: 0,
        }
    }

    /// Returns how long a test may take in all: setup, body, releasing its thread,
    /// cleanup, and some margin.
    pub fn whole(&self, test: &Test) -> Duration {
        self.whole_of(self.deadline(test))
    }

    /// Returns the same for a test or a fixture with this deadline.
    pub(crate) fn whole_of(&self, deadline: Duration) -> Duration {
        const SPARE: Duration = Duration::from_secs(10);
        self.around + deadline + self.grace + self.around + SPARE
    }

    /// Returns a test's deadline.
    pub fn deadline(&self, test: &Test) -> Duration {
        self.scaled_deadline(test.timeout)
    }

    /// Returns a deadline multiplied by the run's factor.
    pub(super) fn scaled_deadline(&self, timeout: Duration) -> Duration {
        Duration::try_from_secs_f64(timeout.as_secs_f64() * self.scale).unwrap_or(timeout)
    }
}

/// A test to run.
#[derive(Debug, Clone)]
pub(super) struct Task {
    /// Its number in the run, as recorded in the slots.
    pub(super) number: usize,
    /// 1, or more after a lost worker.
    pub(super) attempt: u32,
    /// The test.
    pub(super) test: Test,
}

/// What running a test needs besides the test.
#[derive(Clone)]
pub(super) struct RunContext {
    pub(super) host: Arc<dyn Host>,
    pub(super) sink: Sink,
    pub(super) slots: Slots,
    pub(super) limits: Limits,
    pub(super) accepted: Arc<Accepted>,
    pub(super) fixtures: Arc<Fixtures>,
    pub(super) stop: Stop,
}

/// Runs a test, with retries if configured, and sends its verdict. Undoes fixtures that
/// no other test needs. Returns whether the test still blocks a thread.
pub(super) async fn run_test(task: Task, around: RunContext) -> bool {
    let blocked = tries(&task, &around).await;
    around.fixtures.leave(&task.test, &around).await;
    blocked
}

async fn tries(task: &Task, around: &RunContext) -> bool {
    let known_bug = task.test.descriptor.known_bug;
    // A known bug is not retried.
    let retries = if known_bug.is_none() { around.limits.retries } else { 0 };
    let mut first: Option<Failure> = None;
    for failed in 0..=retries {
        let Some(Attempt { verdict, took, blocked }) = attempt(task, failed, around).await else {
            return false;
        };
        let verdict = accept(verdict, task.test.id(), &around.accepted);
        let result = |verdict| TestResult {
            test: task.test.id().to_owned(),
            verdict,
            duration_ms: millis(took),
        };
        let last = failed == retries || blocked || around.stop.is_requested();
        if let (false, Some(failure)) = (last, failure_of(&verdict)) {
            first.get_or_insert(failure);
            around.sink.send(Event::AttemptFailed(result(verdict)));
            continue;
        }
        let verdict = match (verdict, first) {
            (Verdict::Passed, Some(failure)) => Verdict::Flaky { failed, failure },
            (verdict, _) => verdict,
        };
        let verdict = settle(verdict, known_bug);
        around.sink.send(Event::TestFinished(result(verdict)));
        return blocked;
    }
    false
}

/// Returns the failure of a verdict that may be retried.
pub(super) fn failure_of(verdict: &Verdict) -> Option<Failure> {
    match verdict {
        Verdict::Failed { failure } => Some(failure.clone()),
        Verdict::TimedOut { after_ms, .. } => {
            let seconds = Duration::from_millis(*after_ms).as_secs_f64();
            Some(Failure::new(format!("did not end within {seconds} s")).with_location(None))
        }
        _ => None,
    }
}

/// Applies the `known_bug` mark to a verdict.
fn settle(verdict: Verdict, bug: Option<&str>) -> Verdict {
    match (verdict, bug) {
        (Verdict::Failed { failure }, Some(bug)) => {
            Verdict::KnownBug { bug: bug.to_owned(), failure }
        }
        (Verdict::Passed | Verdict::Flaky { .. }, Some(bug)) => {
            let gone = format!(
                "it passed, although it is marked as a known bug ({bug}): if the bug is fixed, \
                 remove `known_bug`"
            );
            Verdict::Failed { failure: Failure::new(gone).with_location(None) }
        }
        (verdict, _) => verdict,
    }
}

/// Turns a failure that is accepted of the cloud into a known bug.
fn accept(verdict: Verdict, test: &str, accepted: &Accepted) -> Verdict {
    let Verdict::Failed { failure } = verdict else { return verdict };
    match accepted.acceptance(test, &failure) {
        Some(Acceptance::KnownBug(bug)) => Verdict::KnownBug { bug, failure },
        Some(Acceptance::Lapsed(why)) => Verdict::Failed { failure: failure.with_cause(why) },
        None => Verdict::Failed { failure },
    }
}

/// The result of one attempt.
struct Attempt {
    verdict: Verdict,
    took: Duration,
    /// Whether it still blocks a thread.
    blocked: bool,
}

/// Runs a test once. Returns `None` if the run was stopped before it started.
async fn attempt(task: &Task, failed: u32, around: &RunContext) -> Option<Attempt> {
    let RunContext { sink, limits, .. } = around;
    let id = task.test.id();
    let deadline = limits.deadline(&task.test);
    let standing = match around.fixtures.around(task, around).await {
        Ok(standing) => standing,
        Err(Refusal::Verdict { verdict, blocked }) => {
            return Some(Attempt { verdict, took: Duration::ZERO, blocked });
        }
        Err(Refusal::Stopped) => return None,
    };
    let setup = TestSetup::test(&task.test, standing.as_ref());
    let admission = match admitted(setup, around).await {
        Some(Ok(admission)) => admission,
        Some(Err(failure)) => return Some(Attempt::early(failure, Duration::ZERO)),
        // No verdict: the supervisor reports that it did not run.
        None => return None,
    };
    sink.send(Event::TestStarted {
        test: id.to_owned(),
        attempt: task.attempt + failed,
        timeout_ms: millis(deadline),
    });
    let mut start = Instant::now();
    let context = match set_up(setup, admission, around).await {
        Ok(context) => context,
        Err(failure) => return Some(Attempt::early(failure, start.elapsed())),
    };
    start = Instant::now();
    let run = {
        let (context, test) = (context.clone(), task.test.descriptor);
        async move { test.start(&context).await }
    };
    let (verdict, blocked) = body(run, task.number, deadline, around).await;
    let took = start.elapsed();
    if context.has_to_undo() {
        sink.send(Event::TestUndoing { test: id.to_owned() });
    }
    undo(&context, id, around).await;
    Some(Attempt { verdict, took, blocked })
}

/// Undoes what a test or a fixture made, and reports it.
pub(super) async fn undo(context: &Context, id: &str, around: &RunContext) {
    // If this times out, the ledger still lists what is left, and the end of the run
    // undoes it.
    let finished = timeout(around.limits.around, around.host.finish(context)).await;
    let outcome: CleanupOutcome = finished.unwrap_or_default();
    if !outcome.removed.is_empty() || !outcome.left.is_empty() {
        around.sink.send(Event::Cleanup { test: Some(id.to_owned()), outcome });
    }
}

impl Attempt {
    /// An attempt that ended before the test's body.
    fn early(failure: Failure, took: Duration) -> Self {
        Self { verdict: verdict(Err(failure)), took, blocked: false }
    }
}

/// Waits for the identities of a test or fixture, and reports long waits. Returns `None`
/// if the run was stopped first.
pub(super) async fn admitted(
    setup: TestSetup<'_>,
    around: &RunContext,
) -> Option<Result<Admission>> {
    let mut admission = around.host.admit(setup);
    loop {
        tokio::select! {
            admission = &mut admission => return Some(admission),
            _ = around.stop.requested() => return None,
            () = tokio::time::sleep(LONG) => {
                around.sink.send(Event::Waiting { test: setup.id.to_owned() });
            }
        }
    }
}

/// Creates the context of a test or fixture.
pub(super) async fn set_up(
    setup: TestSetup<'_>,
    admission: Admission,
    around: &RunContext,
) -> Result<Context> {
    let made = around.host.context(setup, admission, &around.sink);
    match timeout(around.limits.around, made).await {
        // A skip, for example for a role that the cloud lacks, has its own reason.
        Ok(Err(failure)) if !failure.is_skip() => Err(failure.context("cannot set up the test")),
        Ok(made) => made,
        Err(_) => Err(Failure::new(format!(
            "cannot set up the test within {} s: its identities were not created",
            around.limits.around.as_secs()
        ))
        .with_location(None)),
    }
}

/// Runs the body of a test or of a fixture's setup, recorded under a test's number.
/// Returns its verdict, and whether it still blocks a thread.
pub(super) async fn body(
    run: impl Future<Output = Result> + Send + 'static,
    number: usize,
    deadline: Duration,
    around: &RunContext,
) -> (Verdict, bool) {
    let seen = Seen::default();
    let watched = seen.clone().watch(run);
    let caught = AssertUnwindSafe(watched).catch_unwind();
    let run = Polled::new(Box::pin(caught), number, around.slots.clone());
    let mut running = tokio::spawn(run);
    tokio::select! {
        ended = &mut running => {
            let result = match ended {
                Ok(Ok(result)) => result,
                Ok(Err(payload)) => Err(seen.failure(&*payload)),
                // The task is aborted only below, and catches its panics.
                Err(error) => Err(Failure::new(format!("the test's task was lost: {error}"))),
            };
            (verdict(result), false)
        }
        () = tokio::time::sleep(deadline) => {
            let blocked = !ends(running, around.limits.grace).await;
            (Verdict::TimedOut { after_ms: millis(deadline), blocked }, blocked)
        }
        reason = around.stop.requested() => {
            let blocked = !ends(running, around.limits.grace).await;
            (Verdict::NotRun { reason: reason.to_string() }, blocked)
        }
    }
}

/// Aborts a task; returns whether it released its thread.
async fn ends<T>(task: JoinHandle<T>, grace: Duration) -> bool {
    task.abort();
    timeout(grace, task).await.is_ok()
}

fn verdict(result: Result) -> Verdict {
    match result {
        Ok(()) => Verdict::Passed,
        Err(failure) if failure.is_skip() => {
            Verdict::Skipped { reason: failure.message().to_owned() }
        }
        Err(failure) => match missing_behaviour(&failure) {
            Some(reason) => Verdict::Skipped { reason },
            None => Verdict::Failed { failure },
        },
    }
}

/// Returns what the embedded cloud says of an operation that it has no behaviour for: a test of it
/// is skipped. No other cloud answers so, and a program without the embedded cloud meets none.
#[cfg(not(feature = "embedded"))]
fn missing_behaviour(_: &Failure) -> Option<String> {
    None
}

#[cfg(feature = "embedded")]
fn missing_behaviour(failure: &Failure) -> Option<String> {
    let message = failure.message();
    message.find(squall_cloud::NO_BEHAVIOUR).map(|at| message[at..].to_owned())
}

pub(super) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
