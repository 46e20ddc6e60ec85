//! A run from its first event to its last.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::embedded;
use super::interrupts::Interrupts;
use super::plan::{Plan, Resume};
use super::protocol::Target;
use super::recorder::Recorder;
use super::tracker::{NewTest, TestTracker};
use super::workers::{REFUSED, RunState, Workers};
use crate::clouds;
use crate::embedded::NAME;
use crate::execute::{Limits, SlotFile};
use crate::exit::Exit;
use crate::journal::{self, Counts, Event, HOME, Header, RUNS, SelectedTest, Verdict};
use crate::ledger;
use crate::registry::Test;
use crate::report::Reporter;

/// The result of a run.
#[derive(Debug)]
pub struct RunOutcome {
    /// The run's id.
    pub run: String,
    /// The run's directory.
    pub run_dir: PathBuf,
    /// The counts of verdicts.
    pub counts: Counts,
    /// The exit code.
    pub exit: Exit,
}

/// Why a run could not be supervised.
#[derive(Debug, thiserror::Error)]
pub enum SuperviseError {
    /// The run's directory cannot be created or written.
    #[error("cannot write the run's directory {}: {source}", dir.display())]
    RunDir {
        /// The directory.
        dir: PathBuf,
        /// The file system's error.
        source: io::Error,
    },
    /// The run's directory can no longer be written, and resources of the run are left.
    #[error(
        "the run was aborted, because its directory {} cannot be written: {source}; {left} \
         resources may be left on the cloud",
        dir.display()
    )]
    Aborted {
        /// The directory.
        dir: PathBuf,
        /// The file system's error.
        source: io::Error,
        /// How many resources the ledger lists as left.
        left: usize,
    },
    /// A process or the signal handlers cannot be started.
    #[error("cannot start {what}: {source}")]
    Start {
        /// What was being started.
        what: &'static str,
        /// The system's error.
        source: io::Error,
    },
}

/// Runs tests and reports what happens.
///
/// # Errors
/// What keeps the run from being started or recorded. Once it has made something, the
/// error says what is left.
pub async fn run(plan: Plan, reporter: &mut dyn Reporter) -> Result<RunOutcome, SuperviseError> {
    let is_kept = plan.cloud.is_some();
    supervise(plan, reporter).await.map_err(|error| match error {
        SuperviseError::RunDir { dir, source } if is_kept => {
            let left = ledger::read(&dir).map(|reading| ledger::outstanding(&reading.records));
            match left {
                Ok(left) if left.is_empty() => SuperviseError::RunDir { dir, source },
                Ok(left) => SuperviseError::Aborted { dir, source, left: left.len() },
                Err(_) => SuperviseError::RunDir { dir, source },
            }
        }
        other => other,
    })
}

async fn supervise(plan: Plan, reporter: &mut dyn Reporter) -> Result<RunOutcome, SuperviseError> {
    let (run, run_dir) = if let Some(Resume { run, run_dir, .. }) = &plan.resume {
        (run.clone(), run_dir.clone())
    } else {
        let run = uuid::Uuid::now_v7().to_string();
        let run_dir = plan.base.join(RUNS).join(&run);
        (run, run_dir)
    };
    let in_dir = |source| SuperviseError::RunDir { dir: run_dir.clone(), source };
    journal::create_dir(&run_dir).map_err(in_dir)?;
    keep_out_of_git(&plan.base).map_err(in_dir)?;
    let starting = |what| move |source| SuperviseError::Start { what, source };
    let mut interrupts = Interrupts::listen().map_err(starting("to listen for signals"))?;

    let (counts, first) = match &plan.resume {
        Some(Resume { done, .. }) => (*done, Event::RunResumed { done: *done }),
        None => (Counts::of(plan.tests.len()), Event::RunStarted(header(&plan, &run))),
    };
    let mut recorder = Recorder::start(&run_dir, counts, reporter).map_err(in_dir)?;
    recorder.now(first).map_err(in_dir)?;
    let (target, cloud) = match &plan.cloud {
        Some(name) => (Some(Target::Named(name.clone())), None),
        None => match embedded::start(&plan.program, plan.seed, &plan.settings).await {
            Ok((access, child)) => {
                recorder.now(Event::CloudStarted { pid: child.pid() }).map_err(in_dir)?;
                (Some(Target::Embedded(access)), Some(child))
            }
            Err(source) => {
                let cause = vec![format!("the embedded cloud did not start: {source}")];
                recorder.now(Event::CloudRefused { cause }).map_err(in_dir)?;
                (None, None)
            }
        },
    };
    let limits = Limits { retries: plan.retries, ..Limits::scaled(plan.timeout_scale) };
    let listed = |test: &Test| NewTest {
        id: test.id().to_owned(),
        suites: test.fixtures.iter().map(|fixture| fixture.suite).collect(),
        limit: limits.whole(test),
    };
    let mut tracker = TestTracker::new(plan.tests.iter().map(listed));
    let reason = match target {
        None => REFUSED.to_owned(),
        Some(target) => {
            let slots = SlotFile::new(run_dir.join("slots"));
            let workers =
                Workers { plan: &plan, run: &run, run_dir: &run_dir, target, limits, slots };
            let mut state = RunState {
                tracker: &mut tracker,
                recorder: &mut recorder,
                interrupts: &mut interrupts,
            };
            workers.all(&mut state).await.map_err(in_dir)?
        }
    };
    for number in tracker.left() {
        let verdict = Verdict::NotRun { reason: reason.clone() };
        recorder.verdict(tracker.id(number), verdict).map_err(in_dir)?;
    }
    if let Some(cloud) = cloud {
        cloud.end().await;
    }
    let exit = exit(&recorder, &interrupts);
    let counts = recorder.finish(exit.code()).map_err(in_dir)?;
    Ok(RunOutcome { run, run_dir, counts, exit })
}

/// Keeps `.squall` out of version control when a run is started in a checkout.
fn keep_out_of_git(base: &Path) -> io::Result<()> {
    let file = base.join(HOME).join(".gitignore");
    if file.exists() { Ok(()) } else { fs::write(file, "*\n") }
}

fn header(plan: &Plan, run: &str) -> Header {
    Header {
        run: run.to_owned(),
        squall: env!("CARGO_PKG_VERSION").to_owned(),
        cloud: plan.cloud.clone().unwrap_or_else(|| NAME.to_owned()),
        in_process: plan.cloud.is_none(),
        auth_url: plan.cloud.as_deref().and_then(|name| Some(clouds::find(name).ok()?.auth_url)),
        seed: plan.seed,
        jobs: plan.jobs,
        timeout_scale: plan.timeout_scale,
        accounts: plan.accounts.clone(),
        selection: plan.selection.clone(),
        scope: Some(plan.scope),
        again: plan.again.clone(),
        pretended: plan.pretended.clone(),
        tests: plan.tests.iter().map(SelectedTest::from).collect(),
    }
}

fn exit(recorder: &Recorder<'_>, interrupts: &Interrupts) -> Exit {
    let counts = recorder.counts();
    if interrupts.count() > 0 {
        Exit::Interrupted
    } else if recorder.is_refused() && counts.ran() == 0 {
        Exit::NothingRan
    } else if counts.verdicts() > counts.good()
        || recorder.leftovers() > 0
        || recorder.lacks_answers()
    {
        Exit::Failed
    } else if counts.ran() == 0 {
        Exit::NothingRan
    } else {
        Exit::Ok
    }
}
