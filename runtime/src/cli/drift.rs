//! `squall drift`: what services implement against what is there for it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::complaint::Complaint;
use super::exit::Exit;
use super::runs::base;
use crate::client::Session;
use crate::clouds;
use crate::drift::{Inputs, LiveService, Report, Threshold, assess, gather, render};
use crate::environment::Facts;
use crate::journal;
use crate::registry::Test;

#[derive(Debug, Args)]
pub(super) struct DriftArguments {
    /// The services to report on; all of them where none is named.
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    /// A run whose answers count: its id, its directory, or `last` [default: the last one].
    #[arg(long = "run", value_name = "RUN")]
    runs: Vec<String>,
    /// Ask this cloud of clouds.yaml what it implements, in place of the specs.
    #[arg(long, value_name = "NAME")]
    cloud: Option<String>,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t)]
    format: DriftFormat,
    /// The file to write the report to, in place of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Fail (code 4) when less than this share of the cells is exercised, in percent;
    /// `compute=60` for one service. May be given more than once.
    #[arg(long, value_name = "[SERVICE=]PERCENT")]
    fail_under: Vec<Threshold>,
}

/// What the report looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum DriftFormat {
    /// A table for people.
    #[default]
    #[value(alias = "text")]
    Terminal,
    /// Tables for a page or a review.
    Markdown,
    /// Everything, for programs.
    Json,
    /// A page with a heat map, which needs nothing else.
    Html,
}

/// Makes the report and holds it against the thresholds.
pub(super) fn drift(arguments: &DriftArguments, tests: &[Test]) -> Result<Exit, Complaint> {
    let mut inputs = Inputs {
        services: services(&arguments.services)?,
        declarations: gather::declarations(tests),
        surface: gather::checkout(&base()?).map(gather::surface).transpose()?.flatten(),
        cloud: arguments.cloud.clone(),
        ..Inputs::default()
    };
    add_runs(&mut inputs, &arguments.runs)?;
    if let Some(cloud) = &arguments.cloud {
        inputs.live = Some(live(cloud)?);
    }
    let report = assess(&inputs);
    write(&report, arguments)?;
    let missed: Vec<_> = arguments.fail_under.iter().filter_map(|t| t.missed_by(&report)).collect();
    for missed in &missed {
        writeln!(io::stderr(), "drift: {missed}")?;
    }
    Ok(if missed.is_empty() { Exit::Ok } else { Exit::Missed })
}

fn services(wanted: &[String]) -> Result<Vec<&'static squall_model::ServiceSpec>, Complaint> {
    let all = crate::services::all();
    let known: Vec<&str> = all.iter().map(|spec| spec.name).collect();
    if let Some(unknown) = wanted.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Complaint::bad_input(
            format!("there is no spec of a service `{unknown}`"),
            format!("the services are {}", known.join(", ")),
        ));
    }
    let chosen = |spec: &&squall_model::ServiceSpec| {
        wanted.is_empty() || wanted.iter().any(|name| name == spec.name)
    };
    Ok(all.into_iter().filter(chosen).collect())
}

/// Adds the named runs, or the last one where there is any.
fn add_runs(inputs: &mut Inputs<'_>, wanted: &[String]) -> Result<(), Complaint> {
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
        exercises.extend(ran.exercises);
        passed.extend(ran.passed);
        let name = dir.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        inputs.runs.push(name);
    }
    (inputs.exercises, inputs.passed) = (Some(exercises), passed);
    Ok(())
}

/// Asks a cloud which services it has, and at which microversions.
fn live(cloud: &str) -> Result<BTreeMap<String, LiveService>, Complaint> {
    let config = clouds::find(cloud).map_err(|error| Complaint::bad_input(&error, error.help()))?;
    let runtime = tokio::runtime::Runtime::new()?;
    let facts = runtime.block_on(async {
        let session = Session::builder(config).label("drift").build()?;
        Facts::of(&session).await
    });
    let facts = facts.map_err(|error| Complaint::not_let_in(error, cloud))?;
    if let Some((service, trouble)) =
        facts.services.iter().find_map(|(s, fact)| Some((s, fact.trouble.as_ref()?)))
    {
        return Err(Complaint::new(
            Exit::NothingRan,
            format!(
                "{service} of the cloud `{cloud}` could not be asked for its versions: {trouble}"
            ),
            "drift counts only what a service says of itself: see that it answers, or name the other services",
        ));
    }
    Ok(facts.services.into_iter().map(|(s, fact)| (s, LiveService::At(fact.versions))).collect())
}

fn write(report: &Report, arguments: &DriftArguments) -> Result<(), Complaint> {
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
                Complaint::bad_input(
                    format!("failed to write {}: {error}", path.display()),
                    "name a file in a folder that is there and can be written to",
                )
            })?;
            writeln!(io::stderr(), "the drift report is in {}", path.display())?;
        }
    }
    Ok(())
}
