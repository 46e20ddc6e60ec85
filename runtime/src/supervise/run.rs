//! A run from its first line to its last.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::board::Board;
use super::child::Child;
use super::drive::{Drive, End};
use super::interrupts::Interrupts;
use super::protocol::{Assigned, Assignment, Target};
use super::recorder::Recorder;
use super::{WORKER, embedded};
use crate::cli::exit::Exit;
use crate::execute::{Limits, SlotFile};
use crate::journal::{Counts, Event, Header, RUNS, SelectedTest, Verdict};
use crate::ledger;
use crate::registry::Test;
use crate::report::Reporter;

/// What is to be run.
#[derive(Debug)]
pub struct Plan {
    /// The directory below which the run is kept.
    pub base: PathBuf,
    /// The program that has `worker` and `cloud serve` as subcommands: this one.
    pub program: PathBuf,
    /// The cloud's name in `clouds.yaml`; none for the embedded one.
    pub cloud: Option<String>,
    /// The tests, in order.
    pub tests: Vec<Test>,
    /// The filter as it was given.
    pub selection: String,
    /// How many tests run at a time.
    pub jobs: usize,
    /// Where random choices start from.
    pub seed: u64,
    /// What each deadline is multiplied by.
    pub timeout_scale: f64,
}

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    /// The run's id.
    pub run: String,
    /// The run's directory.
    pub run_dir: PathBuf,
    /// What became of the tests.
    pub counts: Counts,
    /// The exit code that says so.
    pub exit: Exit,
}

/// Why a run could not be supervised.
#[derive(Debug, thiserror::Error)]
pub enum SuperviseError {
    /// The run's directory cannot be made or written.
    #[error("cannot keep the run in {}: {source}", dir.display())]
    RunDir {
        /// The directory.
        dir: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// A process cannot be started, or signals not be taken over.
    #[error("cannot start {what}: {source}")]
    Start {
        /// What was to be started.
        what: &'static str,
        /// What the system said.
        source: io::Error,
    },
}

/// Runs tests and reports what happens.
pub async fn run(plan: Plan, reporter: &mut dyn Reporter) -> Result<Outcome, SuperviseError> {
    let run = uuid::Uuid::now_v7().to_string();
    let run_dir = plan.base.join(RUNS).join(&run);
    let in_dir = |source| SuperviseError::RunDir { dir: run_dir.clone(), source };
    fs::create_dir_all(&run_dir).map_err(in_dir)?;
    let starting = |what| move |source| SuperviseError::Start { what, source };
    let mut interrupts = Interrupts::listen().map_err(starting("to listen for signals"))?;

    let mut recorder = Recorder::start(&run_dir, plan.tests.len(), reporter).map_err(in_dir)?;
    recorder.now(Event::RunStarted(header(&plan, &run))).map_err(in_dir)?;
    let (target, cloud) = match &plan.cloud {
        Some(name) => (Target { name: name.clone(), clouds_yaml: None }, None),
        None => match embedded::start(&plan.program, plan.seed).await {
            Ok((target, child)) => (target, Some(child)),
            Err(source) => {
                let cause = vec![format!("the embedded cloud did not start: {source}")];
                recorder.now(Event::CloudRefused { cause }).map_err(in_dir)?;
                (Target { name: embedded::NAME.to_owned(), clouds_yaml: None }, None)
            }
        },
    };
    let limits = Limits::scaled(plan.timeout_scale);
    let mut shift = Shift {
        plan: &plan,
        run: &run,
        run_dir: &run_dir,
        target,
        limits,
        slots: SlotFile::new(run_dir.join("slots")),
    };
    let mut board =
        Board::new(plan.tests.iter().map(|test| (test.id().to_owned(), shift.limit(test))));
    let reason = shift.all(&mut board, &mut recorder, &mut interrupts).await.map_err(in_dir)?;
    for number in board.left() {
        let verdict = Verdict::NotRun { reason: reason.clone() };
        recorder.verdict(board.id(number), verdict).map_err(in_dir)?;
    }
    shift.sweep(&mut board, &mut recorder, &mut interrupts).await.map_err(in_dir)?;
    if let Some(cloud) = cloud {
        cloud.end().await;
    }
    shift.slots.remove();
    let exit = exit(&recorder, &interrupts);
    let counts = recorder.finish(exit.code()).map_err(in_dir)?;
    Ok(Outcome { run, run_dir, counts, exit })
}

/// What the workers of a run have in common.
struct Shift<'a> {
    plan: &'a Plan,
    run: &'a str,
    run_dir: &'a Path,
    target: Target,
    limits: Limits,
    slots: SlotFile,
}

impl Shift<'_> {
    /// Runs everything, one worker after another; gives why what is then left
    /// did not run.
    async fn all(
        &mut self,
        board: &mut Board,
        recorder: &mut Recorder<'_>,
        interrupts: &mut Interrupts,
    ) -> io::Result<String> {
        loop {
            if recorder.is_refused() {
                return Ok("the cloud did not let us in".to_owned());
            }
            if interrupts.count() > 0 {
                return Ok("interrupted before it started".to_owned());
            }
            let batch = board.batch();
            if batch.is_empty() {
                return Ok("lost".to_owned());
            }
            let tests = batch
                .into_iter()
                .map(|(number, attempt)| Assigned {
                    id: board.id(number).to_owned(),
                    number,
                    attempt,
                })
                .collect();
            if let End::Hopeless(how) = self.work(tests, board, recorder, interrupts).await? {
                return Ok(format!("the process that runs tests does not stay alive: {how}"));
            }
        }
    }

    /// Undoes what is left where a worker could not: it was lost with it.
    async fn sweep(
        &mut self,
        board: &mut Board,
        recorder: &mut Recorder<'_>,
        interrupts: &mut Interrupts,
    ) -> io::Result<()> {
        let left = ledger::read(self.run_dir).map(|reading| ledger::outstanding(&reading.records));
        // A ledger that cannot be read is told of by whoever tries to use it.
        if left.is_ok_and(|left| left.is_empty()) || recorder.is_refused() || interrupts.count() > 1
        {
            return Ok(());
        }
        self.work(Vec::new(), board, recorder, interrupts).await.map(drop)
    }

    async fn work(
        &self,
        tests: Vec<Assigned>,
        board: &mut Board,
        recorder: &mut Recorder<'_>,
        interrupts: &mut Interrupts,
    ) -> io::Result<End> {
        let mut worker = Child::start(&self.plan.program, [WORKER])?;
        recorder.now(Event::WorkerStarted { pid: worker.pid() })?;
        let assignment = Assignment {
            run: self.run.to_owned(),
            run_dir: self.run_dir.to_owned(),
            cloud: self.target.clone(),
            seed: self.plan.seed,
            jobs: self.plan.jobs,
            limits: self.limits,
            tests,
            slots: self.slots.path().to_owned(),
        };
        worker.tell(&serde_json::to_string(&assignment)?).await;
        let undo = self.limits.around + self.limits.grace;
        let drive = Drive { board, recorder, interrupts, slots: &self.slots, undo };
        drive.follow(worker).await
    }

    /// Gives how long a test may take in all: to be set up, to run, to let go of
    /// its thread and to be undone, and something to spare.
    fn limit(&self, test: &Test) -> Duration {
        const SPARE: Duration = Duration::from_secs(10);
        let Limits { grace, around, .. } = self.limits;
        around + self.limits.deadline(test) + grace + around + SPARE
    }
}

fn header(plan: &Plan, run: &str) -> Header {
    Header {
        run: run.to_owned(),
        squall: env!("CARGO_PKG_VERSION").to_owned(),
        cloud: plan.cloud.clone().unwrap_or_else(|| embedded::NAME.to_owned()),
        seed: plan.seed,
        jobs: plan.jobs,
        timeout_scale: plan.timeout_scale,
        selection: plan.selection.clone(),
        tests: plan
            .tests
            .iter()
            .map(|test| SelectedTest {
                id: test.id().to_owned(),
                name: test.name.clone(),
                package: test.descriptor.package.to_owned(),
            })
            .collect(),
    }
}

fn exit(recorder: &Recorder<'_>, interrupts: &Interrupts) -> Exit {
    let counts = recorder.counts();
    if interrupts.count() > 0 {
        Exit::Interrupted
    } else if recorder.is_refused() {
        Exit::NothingRan
    } else if counts.failed + counts.timed_out + counts.crashed + counts.not_run > 0
        || recorder.leftovers() > 0
    {
        Exit::Failed
    } else if counts.ran() == 0 {
        Exit::NothingRan
    } else {
        Exit::Ok
    }
}
