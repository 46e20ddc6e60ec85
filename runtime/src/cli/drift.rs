//! `squall drift`: how much of each service's API has a client, schema, test and docs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::error::CliError;
use super::runs::base;
use super::select::by_default;
use super::service::service;
use crate::client::Session;
use crate::clouds;
use crate::drift::{
    Declaration, EarlierReport, Inputs, LiveService, Report, SuiteVersions, SuiteVersionsError,
    Threshold, assess, gather, render,
};
use crate::exit::Exit;
use crate::facts::Facts;
use crate::journal;
use crate::object_storage::beside_the_specs;
use crate::registry::Test;

#[derive(Debug, Args)]
pub(super) struct DriftArguments {
    /// The services to report on [default: all].
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    /// A run to take evidence from: its id, its directory, or `last`; may be repeated [default:
    /// the last run].
    #[arg(long = "run", value_name = "RUN")]
    runs: Vec<String>,
    /// Compare the specs with the versions that this cloud reports.
    #[arg(long, value_name = "NAME")]
    cloud: Option<String>,
    /// An earlier report, written with `--format json`, to compare this one with.
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// A list of the versions for which another suite has schemas: in each line a service and
    /// its versions. Reports those that change an answer and are not in it.
    #[arg(long, value_name = "FILE")]
    versions: Option<PathBuf>,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: DriftFormat,
    /// The file to write the report to [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Exit with code 4 if less than this percentage of the cells is exercised;
    /// `compute=60` sets it for one service. May be repeated.
    #[arg(long, value_name = "[SERVICE=]PERCENT")]
    fail_under: Vec<Threshold>,
}

/// The output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum DriftFormat {
    /// Tables for a terminal.
    #[default]
    #[value(alias = "text")]
    Terminal,
    /// Tables for a page or a code review.
    Markdown,
    /// The whole report as one JSON document.
    Json,
    /// A self-contained page with a heat map.
    Html,
}

/// Writes the report and checks the thresholds.
pub(super) fn drift(arguments: &DriftArguments, tests: &[Test]) -> Result<Exit, CliError> {
    for name in arguments.fail_under.iter().filter_map(|threshold| threshold.service.as_ref()) {
        service(name)?;
    }
    let mut inputs = Inputs {
        services: services(&arguments.services)?,
        beside_the_specs: beside_the_specs().map(str::to_owned).collect(),
        declarations: declarations(tests),
        before: gather::checkout(&base()?).map(gather::before).transpose()?.flatten(),
        cloud: arguments.cloud.clone(),
        ..Inputs::default()
    };
    add_runs(&mut inputs, &arguments.runs, by_default(tests))?;
    if let Some(cloud) = &arguments.cloud {
        inputs.live = Some(live(cloud)?);
    }
    let (since, versions) = (earlier(arguments)?, suite_versions(arguments, &inputs.services)?);
    let mut report = assess(&inputs);
    report.since = since.map(|earlier| earlier.compare(&report));
    report.lacking = versions.map(|versions| versions.lacking(&report));
    write(&report, arguments)?;
    let missed: Vec<_> = arguments.fail_under.iter().filter_map(|t| t.missed_by(&report)).collect();
    for missed in &missed {
        writeln!(io::stderr(), "drift: {missed}")?;
    }
    Ok(if missed.is_empty() { Exit::Ok } else { Exit::Missed })
}

/// Reads the earlier report, if one is named.
fn earlier(arguments: &DriftArguments) -> Result<Option<EarlierReport>, CliError> {
    let Some(path) = &arguments.since else { return Ok(None) };
    EarlierReport::parse(&read(path)?).map(Some).map_err(|error| {
        CliError::bad_input(
            format!("{} is not a drift report: {error}", path.display()),
            "name a file that `squall drift --format json` wrote",
        )
    })
}

/// Reads the list of another suite's versions, if one is named.
fn suite_versions(
    arguments: &DriftArguments,
    known: &[&squall_model::ServiceSpec],
) -> Result<Option<SuiteVersions>, CliError> {
    let Some(path) = &arguments.versions else { return Ok(None) };
    SuiteVersions::parse(&read(path)?, known).map(Some).map_err(|wrong| {
        let one = |error: SuiteVersionsError| {
            let what = format!("{}:{}: {}", path.display(), error.line, error.what);
            let help = "write a service and its versions in a line, as in `compute 2.1 2.3`";
            CliError::diagnostic(what, help.to_owned())
        };
        CliError::several(wrong.into_iter().map(one).collect())
    })
}

fn read(path: &Path) -> Result<String, CliError> {
    fs::read_to_string(path).map_err(|error| {
        let what = format!("failed to read {}: {error}", path.display());
        CliError::bad_input(what, "check the file's name")
    })
}

/// Returns what the tests declare, one entry per service that a test needs.
fn declarations(tests: &[Test]) -> Vec<Declaration> {
    tests
        .iter()
        .flat_map(|test| {
            test.needs.iter().map(|need| Declaration {
                test: test.id().to_owned(),
                service: need.service.to_owned(),
                versions: need.versions,
            })
        })
        .collect()
}

/// Returns the named services, or all of them, in the order of all.
fn services(wanted: &[String]) -> Result<Vec<&'static squall_model::ServiceSpec>, CliError> {
    let wanted: Vec<&str> =
        wanted.iter().map(|name| Ok(service(name)?.name)).collect::<Result<_, CliError>>()?;
    let is_wanted =
        |spec: &&squall_model::ServiceSpec| wanted.is_empty() || wanted.contains(&spec.name);
    Ok(crate::services::all().iter().copied().filter(is_wanted).collect())
}

/// Adds the named runs, or the last one if there is any.
fn add_runs(inputs: &mut Inputs<'_>, wanted: &[String], known: usize) -> Result<(), CliError> {
    let base = base()?;
    let dirs = if wanted.is_empty() {
        journal::runs(&base)?.pop().into_iter().collect()
    } else {
        wanted.iter().map(|run| journal::find_run(&base, run)).collect::<Result<Vec<_>, _>>()?
    };
    if dirs.is_empty() {
        return Ok(());
    }
    let (mut exercises, mut passed) = (Vec::new(), BTreeSet::new());
    for dir in dirs {
        let ran = gather::ran(&journal::read(&dir)?.entries);
        let name = dir.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        inputs.partial.extend(ran.partial(&name, known));
        exercises.extend(ran.exercises);
        passed.extend(ran.passed);
        inputs.runs.push(name);
    }
    (inputs.exercises, inputs.passed) = (Some(exercises), passed);
    Ok(())
}

/// Asks a cloud for its services and their microversions.
fn live(cloud: &str) -> Result<BTreeMap<String, LiveService>, CliError> {
    let config = clouds::find_for_command(cloud)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let facts = runtime.block_on(async {
        let session = Session::builder(config).label("drift").build()?;
        Facts::of(&session).await
    });
    let facts = facts.map_err(|error| CliError::access_denied(error, cloud))?;
    if let Some((service, trouble)) =
        facts.services.iter().find_map(|(s, fact)| Some((s, fact.trouble.as_ref()?)))
    {
        return Err(CliError::new(
            Exit::NothingRan,
            format!(
                "the service {service} of the cloud `{cloud}` did not report its versions: {trouble}"
            ),
            "fix the service or its endpoint, or name the services to report on",
        ));
    }
    Ok(facts.services.into_iter().map(|(s, fact)| (s, LiveService::At(fact.versions))).collect())
}

fn write(report: &Report, arguments: &DriftArguments) -> Result<(), CliError> {
    let text = match arguments.format {
        DriftFormat::Terminal => render::terminal(report),
        DriftFormat::Markdown => render::markdown(report),
        DriftFormat::Json => render::json(report) + "\n",
        DriftFormat::Html => render::html(report)?,
    };
    match &arguments.output {
        None => io::stdout().write_all(text.as_bytes())?,
        Some(path) => {
            fs::write(path, text).map_err(|error| {
                CliError::bad_input(
                    format!("failed to write {}: {error}", path.display()),
                    "name a file in an existing, writable directory",
                )
            })?;
            writeln!(io::stderr(), "drift report written to {}", path.display())?;
        }
    }
    Ok(())
}
