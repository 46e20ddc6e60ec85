//! The workers of a run, one after another, until every test has its verdict.

use std::io;
use std::path::Path;

use super::child::Child;
use super::interrupts::Interrupts;
use super::monitor::{End, WorkerMonitor};
use super::plan::Plan;
use super::protocol::{Assigned, Assignment, Lent, Target};
use super::recorder::Recorder;
use super::tracker::TestTracker;
use super::worker::WORKER;
use crate::execute::{Limits, SlotFile};
use crate::journal::Event;
use crate::ledger::{self, CleanupOutcome};

/// Why no test runs if the cloud refuses the connection.
pub(super) const REFUSED: &str = "the connection to the cloud failed";

/// The directory, below the base, that records which accounts are in use.
const HOLDS: &str = ".squall/accounts";

/// Starts workers; holds what the workers of a run have in common.
pub(super) struct Workers<'a> {
    pub(super) plan: &'a Plan,
    pub(super) run: &'a str,
    pub(super) run_dir: &'a Path,
    pub(super) target: Target,
    pub(super) limits: Limits,
    pub(super) slots: SlotFile,
}

/// The supervisor's records of the run.
pub(super) struct RunState<'a, 'r> {
    pub(super) tracker: &'a mut TestTracker,
    pub(super) recorder: &'a mut Recorder<'r>,
    pub(super) interrupts: &'a mut Interrupts,
}

impl Workers<'_> {
    /// Runs all tests and undoes what is left. Returns why the tests without a verdict
    /// did not run.
    pub(super) async fn all(&self, state: &mut RunState<'_, '_>) -> io::Result<String> {
        let reason = self.tests(state).await?;
        self.sweep(state).await?;
        self.report_left(state)?;
        self.slots.remove();
        Ok(reason)
    }

    async fn tests(&self, state: &mut RunState<'_, '_>) -> io::Result<String> {
        loop {
            if state.recorder.is_refused() {
                return Ok(REFUSED.to_owned());
            }
            if let Some(cause) = state.recorder.lost() {
                return Ok(cause.to_owned());
            }
            if state.interrupts.count() > 0 {
                return Ok("interrupted before starting".to_owned());
            }
            let batch = state.tracker.batch();
            if batch.is_empty() {
                // Every test has a verdict, so the reason is not used.
                return Ok(String::new());
            }
            let assigned = |(number, attempt): (usize, u32)| {
                let test = &self.plan.tests[number];
                Assigned { id: test.id().to_owned(), number, attempt, timeout: test.timeout }
            };
            let tests = batch.into_iter().map(assigned).collect();
            if let End::Hopeless(how) = self.work(tests, state).await? {
                return Ok(format!("the worker process keeps dying: {how}"));
            }
        }
    }

    /// Undoes what a lost worker left. A worker that was not lost has already tried
    /// itself.
    async fn sweep(&self, state: &mut RunState<'_, '_>) -> io::Result<()> {
        if !state.recorder.is_unswept()
            || state.recorder.is_refused()
            || state.recorder.lost().is_some()
            || state.interrupts.count() > 1
        {
            return Ok(());
        }
        let left = ledger::read(self.run_dir).map(|reading| ledger::outstanding(&reading.records));
        // If the ledger cannot be read, the worker reports it.
        if left.is_ok_and(|left| left.is_empty()) {
            return Ok(());
        }
        self.work(Vec::new(), state).await.map(drop)
    }

    /// Reports what the ledger lists as left, if no worker could undo it.
    fn report_left(&self, state: &mut RunState<'_, '_>) -> io::Result<()> {
        let recorder = &mut *state.recorder;
        // An embedded cloud ends with the run, and everything in it.
        if !recorder.is_unswept() || matches!(self.target, Target::Embedded(_)) {
            return Ok(());
        }
        let why = match recorder.lost() {
            Some(cause) => cause.to_owned(),
            None if recorder.is_refused() => REFUSED.to_owned(),
            None if state.interrupts.count() > 1 => "interrupted before it was undone".to_owned(),
            None => "the worker was lost before it was undone".to_owned(),
        };
        let outcome = match ledger::read(self.run_dir) {
            Ok(reading) => {
                let left = ledger::outstanding(&reading.records);
                let unknown = reading.damage.iter();
                let unknown = unknown.map(|damage| format!("the ledger is damaged: {damage}"));
                let unknown = unknown.collect();
                CleanupOutcome { unknown, ..CleanupOutcome::nothing_undone(&left, &why) }
            }
            Err(error) => {
                CleanupOutcome { unknown: vec![error.to_string()], ..CleanupOutcome::default() }
            }
        };
        if outcome.is_clean() {
            return Ok(());
        }
        recorder.now(Event::Cleanup { test: None, outcome })
    }

    async fn work(&self, tests: Vec<Assigned>, state: &mut RunState<'_, '_>) -> io::Result<End> {
        let RunState { tracker, recorder, interrupts } = state;
        let mut worker = Child::start(&self.plan.program, [WORKER])?;
        recorder.now(Event::WorkerStarted { pid: worker.pid() })?;
        let assignment = Assignment {
            run: self.run.to_owned(),
            run_dir: self.run_dir.to_owned(),
            cloud: self.target.clone(),
            before: self.plan.resume.as_ref().and_then(|resume| resume.target.clone()),
            accounts: self
                .plan
                .accounts
                .clone()
                .map(|file| Lent { file, holds: self.plan.base.join(HOLDS) }),
            settings: self.plan.settings.clone(),
            accepted: self.plan.accepted.clone(),
            observe: self.plan.observe.clone(),
            pretended: self.plan.pretended.clone(),
            jobs: self.plan.jobs,
            capacities: self.plan.capacities.clone(),
            limits: self.limits,
            tests,
            slots: self.slots.path().to_owned(),
        };
        worker.send_line(&serde_json::to_string(&assignment)?).await;
        let monitor = WorkerMonitor {
            tracker,
            recorder,
            interrupts,
            slots: &self.slots,
            limits: self.limits,
        };
        monitor.follow(worker).await
    }
}
