//! `squall run`: plans runs from the arguments and starts them.

use std::io::{self, Write as _};

use futures_util::future::try_join_all;

use super::again::again;
use super::arguments::{Format, RunArguments};
use super::error::CliError;
use super::output::{Output, colours, columns};
use super::resume::Resumed;
use super::select::{all, select};
use super::session::name_of;
use super::{list, policy_files, pretend, runs, settings};
use crate::clouds;
use crate::credentials::Account;
use crate::exit::Exit;
use crate::journal::Event;
use crate::observed::{AnswerStore, CloudUnderObservation};
use crate::plan::{Durations, default_jobs, longest_first};
use crate::program;
use crate::registry::{Manifest, Test};
use crate::report::{Json, Live, Reporter, Subunit, Terminal};
use crate::supervise::{self, Observe, Plan, RunOutcome, SuperviseError};

/// Runs the selected tests, as often as requested.
pub(super) fn run(arguments: &RunArguments, manifests: &[Manifest]) -> Result<Exit, CliError> {
    if let Some(run) = &arguments.resume {
        let all = all(manifests)?;
        return resume(arguments, &Resumed::find(run, &all)?, &all);
    }
    let tests = select(&arguments.select, manifests)?;
    if arguments.list {
        let format = match arguments.format {
            Format::Terminal | Format::Subunit => Output::Text,
            Format::Json => Output::Json,
        };
        list::write(&tests, format, io::stdout().lock())?;
        return Ok(Exit::Ok);
    }
    if tests.is_empty() {
        // There are more shards than tests, which is no error.
        writeln!(io::stderr(), "this shard has no tests")?;
        return Ok(Exit::Ok);
    }
    let plan = prepare(arguments, tests, &all(manifests)?)?;
    runs::prune()?;
    repeat(arguments, &plan)
}

/// Plans the run of tests, so that errors in the arguments are reported before it starts.
pub(super) fn prepare(
    arguments: &RunArguments,
    mut tests: Vec<Test>,
    all: &[Test],
) -> Result<Plan, CliError> {
    if let Some(name) = &arguments.cloud {
        check_cloud(name)?;
    }
    if let Some(file) = &arguments.accounts {
        Account::read(file)?;
    }
    if arguments.select.tests_from.is_none() {
        longest_first(&mut tests, &Durations::below(&runs::base()?));
    }
    let plan = plan(arguments, tests, arguments.cloud.as_deref(), all)?;
    Ok(Plan { again: again(arguments, plan.jobs, plan.seed)?, ..plan })
}

/// Runs a plan as often as requested; returns the code of the last run that failed.
fn repeat(arguments: &RunArguments, plan: &Plan) -> Result<Exit, CliError> {
    let endless = arguments.until_failure && arguments.repeat == 1;
    let times = if endless { u32::MAX } else { arguments.repeat };
    let mut worst = Exit::Ok;
    let (mut ran, mut bad) = (0, 0);
    for time in 1..=times {
        if times > 1 {
            writeln!(io::stderr(), "\nrun {time}{}", of(times))?;
        }
        let exit = start(plan.clone(), &mut reporters(arguments))?.exit;
        ran += 1;
        if exit != Exit::Ok {
            worst = exit;
            bad += 1;
        }
        if exit == Exit::Interrupted || (arguments.until_failure && exit != Exit::Ok) {
            break;
        }
    }
    if times > 1 {
        let sum = match bad {
            0 => format!("all {ran} runs succeeded"),
            bad => format!("{bad} of {ran} runs failed"),
        };
        writeln!(io::stderr(), "\n{sum}; `{} runs` lists them", program::name())?;
    }
    Ok(worst)
}

fn of(times: u32) -> String {
    if times == u32::MAX { String::new() } else { format!(" of {times}") }
}

fn resume(arguments: &RunArguments, resumed: &Resumed, all: &[Test]) -> Result<Exit, CliError> {
    let cloud = resumed.cloud()?;
    if let Some(name) = &cloud {
        check_cloud(name)?;
    }
    let header = &resumed.header;
    let plan = plan(arguments, resumed.tests.clone(), cloud.as_deref(), all)?;
    let plan = Plan {
        selection: header.selection.clone(),
        jobs: arguments.conduct.jobs.unwrap_or(header.jobs),
        seed: header.seed,
        accounts: header.accounts.clone(),
        pretended: header.pretended.clone(),
        resume: Some(resumed.resume.clone()),
        ..plan
    };
    let [mut live, mut last] = reporters(arguments);
    // The first part was shown when it happened; the final report includes it.
    for entry in &resumed.before {
        if matches!(entry.event, Event::RunStarted(_)) {
            live.see(entry);
        }
        last.see(entry);
    }
    Ok(start(plan, &mut [live, last])?.exit)
}

/// Plans the run of tests on a cloud; settings may name the features of any test in `all`.
fn plan(
    arguments: &RunArguments,
    tests: Vec<Test>,
    cloud: Option<&str>,
    all: &[Test],
) -> Result<Plan, CliError> {
    pretend::check(&arguments.pretend)?;
    let settings = settings::read(arguments.conduct.settings.as_deref(), all)?.of(name_of(cloud));
    let accepted = settings::accepted(cloud, &settings)?;
    if cloud.is_none() {
        policy_files::check(&settings)?;
    }
    Ok(Plan {
        base: runs::base()?,
        program: std::env::current_exe()?,
        cloud: cloud.map(str::to_owned),
        accounts: arguments.accounts.as_deref().map(std::path::absolute).transpose()?,
        settings,
        accepted,
        pretended: pretend::in_all(&tests, &arguments.pretend),
        tests,
        selection: arguments.select.filters.join(" | "),
        scope: arguments.select.scope(),
        again: Vec::new(),
        jobs: arguments.conduct.jobs.unwrap_or_else(|| default_jobs(cloud)),
        capacities: arguments.conduct.at_most.iter().cloned().collect(),
        // Short enough to type.
        seed: arguments.conduct.seed.unwrap_or_else(|| fastrand::u32(..).into()),
        timeout_scale: arguments.conduct.timeout_scale,
        retries: arguments.conduct.retries,
        observe: observe(arguments, cloud)?,
        resume: None,
    })
}

/// Prepares the directory of answers, so that errors in it are reported before a run starts.
fn observe(arguments: &RunArguments, cloud: Option<&str>) -> Result<Option<Observe>, CliError> {
    let Some(dir) = &arguments.observe else { return Ok(None) };
    AnswerStore::create(dir).map_err(|error| {
        let what = format!("cannot keep answers in {}: {error}", dir.display());
        CliError::bad_input(what, "name a directory that can be written")
    })?;
    let packages = cloud.map(clouds::packages).unwrap_or_default();
    let cloud = CloudUnderObservation { embedded: cloud.is_none(), packages };
    Ok(Some(Observe { dir: std::path::absolute(dir)?, cloud }))
}

/// Runs a plan.
pub(super) fn start(plan: Plan, reporter: &mut dyn Reporter) -> Result<RunOutcome, CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(supervise::run(plan, reporter)).map_err(supervise_error)
}

/// Runs plans at the same time, each on a cloud of its own.
pub(super) fn start_together(
    plans: Vec<Plan>,
    reporter: impl Fn() -> Box<dyn Reporter>,
) -> Result<Vec<RunOutcome>, CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let runs = plans.into_iter().map(|plan| {
        let mut reporter = reporter();
        async move { supervise::run(plan, &mut *reporter).await }
    });
    runtime.block_on(try_join_all(runs)).map_err(supervise_error)
}

fn supervise_error(error: SuperviseError) -> CliError {
    match error {
        SuperviseError::RunDir { .. } => {
            CliError::bad_input(error, "start it in a writable directory")
        }
        SuperviseError::Aborted { ref dir, .. } => {
            let run = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let help = format!(
                "free some space, then undo what is left with: {} cleanup {run}",
                program::name()
            );
            CliError::new(Exit::Failed, error, help)
        }
        SuperviseError::Start { .. } => {
            CliError::new(Exit::Internal, error, "check the limits on memory and processes")
        }
    }
}

/// Checks a cloud's configuration, so that errors in it are reported before a run starts.
fn check_cloud(cloud: &str) -> Result<(), CliError> {
    clouds::find_for_command(cloud)?;
    Ok(())
}

/// The reporter of a run's progress, and that of its final output.
type Reporters = [Box<dyn Reporter>; 2];

fn reporters(arguments: &RunArguments) -> Reporters {
    let (out, err) = (io::stdout(), io::stderr());
    let live = Live::new(columns(&err), colours(&err), arguments.conduct.show_output);
    let last: Box<dyn Reporter> = match arguments.format {
        Format::Terminal => {
            let (colour, width) = (colours(&out), columns(&out));
            Box::new(Terminal::new(out, colour).with_width(width).brief())
        }
        Format::Json => Box::new(Json::new(out)),
        Format::Subunit => Box::new(Subunit::new(out)),
    };
    [Box::new(live), last]
}
