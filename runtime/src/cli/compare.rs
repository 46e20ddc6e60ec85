//! `squall compare`: the same requests to two clouds, and where they answer differently.

use std::io::{self, Write as _};
use std::path::PathBuf;

use super::arguments::{AgreementFormat, CompareArguments, RunArguments};
use super::destination::Destination;
use super::error::CliError;
use super::output::{colours, columns};
use super::report::entries;
use super::run;
use super::runs::{self, base};
use super::select::{all, select};
use crate::client::clean;
use crate::embedded;
use crate::exit::Exit;
use crate::journal;
use crate::program;
use crate::registry::Manifest;
use crate::report::{Agreement, Live};

/// Runs the tests on both clouds unless both runs are there, and compares the answers.
pub(super) fn compare(
    arguments: &CompareArguments,
    manifests: &[Manifest],
) -> Result<Exit, CliError> {
    let [first, second] = match run_twice(arguments, manifests)? {
        Runs::Both(dirs) => dirs,
        Runs::Ended(exit) => return Ok(exit),
    };
    let [first, second] = [entries(&first)?, entries(&second)?];
    let agreement = Agreement::of([&first, &second]);
    write(&agreement, arguments)?;
    if agreement.requests.compared == 0 {
        let what = "the two runs have no request in common";
        let help = "compare runs of the same tests; `report` shows what each of them ran";
        return Err(CliError::new(Exit::NothingRan, what, help));
    }
    let agree = agreement.requests.percent();
    match arguments.fail_under {
        Some(least) if agree < least => {
            writeln!(io::stderr(), "compare: {agree:.1} % of the requests agree, not {least} %")?;
            Ok(Exit::Missed)
        }
        _ => Ok(Exit::Ok),
    }
}

/// The directories of the two runs, or how the first that could not be compared ended.
enum Runs {
    Both([PathBuf; 2]),
    Ended(Exit),
}

fn run_twice(arguments: &CompareArguments, manifests: &[Manifest]) -> Result<Runs, CliError> {
    if !arguments.runs.is_empty() {
        let base = base()?;
        let find = |run: &String| journal::find_run(&base, run);
        let found = arguments.runs.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        return two(found, "runs", "--run").map(Runs::Both);
    }
    let mut clouds = arguments.clouds.clone();
    if clouds.len() == 1 {
        clouds.insert(0, embedded::NAME.to_owned());
    }
    let clouds = two(clouds, "clouds", "--cloud")?;
    let all = all(manifests)?;
    let tests = select(&arguments.select, manifests)?;
    // Errors in the arguments are reported before anything runs, on either cloud.
    let plan = |cloud: &String| run::prepare(&run_arguments(arguments, cloud), tests.clone(), &all);
    let plans = clouds.iter().map(plan).collect::<Result<Vec<_>, _>>()?;
    runs::prune()?;
    let mut dirs = Vec::new();
    for (cloud, plan) in clouds.iter().zip(plans) {
        writeln!(io::stderr(), "\n{cloud}")?;
        let err = io::stderr();
        let mut live = Live::new(columns(&err), colours(&err), arguments.conduct.show_output);
        let outcome = run::start(plan, &mut live)?;
        if matches!(outcome.exit, Exit::Interrupted | Exit::NothingRan | Exit::Internal) {
            let name = program::name();
            writeln!(io::stderr(), "{cloud}: {}; `{name} report {}`", outcome.counts, outcome.run)?;
            return Ok(Runs::Ended(outcome.exit));
        }
        dirs.push(outcome.run_dir);
    }
    two(dirs, "runs", "--run").map(Runs::Both)
}

/// Returns two of something, or says that it takes two.
fn two<T>(given: Vec<T>, what: &str, option: &str) -> Result<[T; 2], CliError> {
    let number = given.len();
    given.try_into().map_err(|_| {
        CliError::bad_input(
            format!("a comparison is between two {what}, not {number}"),
            format!("give `{option}` twice"),
        )
    })
}

/// Returns the arguments of the run on one of the clouds.
fn run_arguments(arguments: &CompareArguments, cloud: &str) -> RunArguments {
    let cloud = (cloud != embedded::NAME).then(|| cloud.to_owned());
    RunArguments::of_one(arguments.select.clone(), cloud, arguments.conduct.clone())
}

fn write(agreement: &Agreement, arguments: &CompareArguments) -> Result<(), CliError> {
    let mut out = Destination::open(arguments.output.as_deref())?;
    let text = match arguments.format {
        AgreementFormat::Terminal => {
            let colours = out.colours();
            clean::printed(&agreement.terminal(colours), colours).into_owned()
        }
        AgreementFormat::Json => agreement.json()?,
    };
    out.write_all(text.as_bytes())?;
    out.close("comparison")
}
