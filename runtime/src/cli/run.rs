//! `squall run`: from arguments to supervised runs.

use std::io::{self, Write as _};

use super::arguments::{Format, RunArguments};
use super::complaint::Complaint;
use super::exit::Exit;
use super::output::Output;
use super::report::colours;
use super::resume::Resumed;
use super::select::{all, select};
use super::visit::name_of;
use super::{list, runs, settings};
use crate::clouds;
use crate::credentials::Account;
use crate::journal::Event;
use crate::plan::{Durations, default_jobs, longest_first};
use crate::registry::{Manifest, Test};
use crate::report::{Json, Live, Reporter, Subunit, Terminal};
use crate::supervise::{self, Outcome, Plan, SuperviseError};

/// Runs the tests that are asked for, as often as asked.
pub(super) fn run(arguments: &RunArguments, manifests: &[Manifest]) -> Result<Exit, Complaint> {
    if let Some(run) = &arguments.resume {
        let all = all(manifests)?;
        return go_on(arguments, &Resumed::find(run, &all)?, &all);
    }
    let mut tests = select(&arguments.select, manifests)?;
    if arguments.list {
        let format = match arguments.format {
            Format::Terminal | Format::Subunit => Output::Text,
            Format::Json => Output::Json,
        };
        list::write(&tests, format, io::stdout().lock())?;
        return Ok(Exit::Ok);
    }
    if tests.is_empty() {
        // A part of fewer tests than there are parts: nothing is wrong with that.
        writeln!(io::stderr(), "this part has no tests")?;
        return Ok(Exit::Ok);
    }
    if let Some(name) = &arguments.cloud {
        known(name)?;
    }
    if let Some(file) = &arguments.accounts {
        // What is wrong with it is told before a run starts.
        Account::read(file)?;
    }
    if arguments.select.tests_from.is_none() {
        longest_first(&mut tests, &Durations::below(&runs::base()?));
    }
    let plan = plan(arguments, tests, arguments.cloud.as_deref(), &all(manifests)?)?;
    repeat(arguments, &plan)
}

/// Runs a plan as often as asked; a run that does not succeed gives the code.
fn repeat(arguments: &RunArguments, plan: &Plan) -> Result<Exit, Complaint> {
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
            bad => format!("{bad} of {ran} runs did not succeed"),
        };
        writeln!(io::stderr(), "\n{sum}; `squall runs` lists them")?;
    }
    Ok(worst)
}

fn of(times: u32) -> String {
    if times == u32::MAX { String::new() } else { format!(" of {times}") }
}

fn go_on(arguments: &RunArguments, resumed: &Resumed, all: &[Test]) -> Result<Exit, Complaint> {
    let cloud = resumed.cloud()?;
    if let Some(name) = &cloud {
        known(name)?;
    }
    let header = &resumed.header;
    let plan = plan(arguments, resumed.tests.clone(), cloud.as_deref(), all)?;
    let plan = Plan {
        selection: header.selection.clone(),
        jobs: arguments.jobs.unwrap_or(header.jobs),
        seed: header.seed,
        accounts: header.accounts.clone(),
        resume: Some(resumed.resume.clone()),
        ..plan
    };
    let [mut live, mut last] = reporters(arguments);
    // What was shown when it happened is not shown again; the report tells all.
    for entry in &resumed.before {
        if matches!(entry.event, Event::RunStarted(_)) {
            live.see(entry);
        }
        last.see(entry);
    }
    Ok(start(plan, &mut [live, last])?.exit)
}

/// Plans tests on a cloud; features that any of all tests asks for may be set by hand.
fn plan(
    arguments: &RunArguments,
    tests: Vec<Test>,
    cloud: Option<&str>,
    all: &[Test],
) -> Result<Plan, Complaint> {
    let settings = settings::read(arguments.settings.as_deref(), all)?.of(name_of(cloud));
    Ok(Plan {
        base: runs::base()?,
        program: std::env::current_exe()?,
        cloud: cloud.map(str::to_owned),
        accounts: arguments.accounts.as_deref().map(std::path::absolute).transpose()?,
        settings,
        tests,
        selection: arguments.select.filters.join(" | "),
        jobs: arguments.jobs.unwrap_or_else(default_jobs),
        capacities: arguments.at_most.iter().cloned().collect(),
        // Short enough to be typed again.
        seed: arguments.seed.unwrap_or_else(|| fastrand::u32(..).into()),
        timeout_scale: arguments.timeout_scale,
        retries: arguments.retries,
        resume: None,
    })
}

fn start(plan: Plan, reporters: &mut Reporters) -> Result<Outcome, Complaint> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(supervise::run(plan, reporters)).map_err(complain)
}

fn complain(error: SuperviseError) -> Complaint {
    match error {
        SuperviseError::RunDir { .. } => {
            Complaint::bad_input(error, "start it in a directory that can be written")
        }
        SuperviseError::Start { .. } => {
            Complaint::new(Exit::Internal, error, "is there memory and room for processes?")
        }
    }
}

/// Reads a cloud's configuration, so that what is wrong with it is told before a
/// run starts.
fn known(cloud: &str) -> Result<(), Complaint> {
    clouds::find(cloud)?;
    Ok(())
}

/// What is shown while a run goes on, and what at its end.
type Reporters = [Box<dyn Reporter>; 2];

fn reporters(arguments: &RunArguments) -> Reporters {
    use std::io::IsTerminal as _;
    let (out, err) = (io::stdout(), io::stderr());
    let live = Live::new(err.is_terminal(), colours(&err), arguments.show_output);
    let last: Box<dyn Reporter> = match arguments.format {
        Format::Terminal => {
            let colour = colours(&out);
            Box::new(Terminal::new(out, colour))
        }
        Format::Json => Box::new(Json::new(out)),
        Format::Subunit => Box::new(Subunit::new(out)),
    };
    [Box::new(live), last]
}
