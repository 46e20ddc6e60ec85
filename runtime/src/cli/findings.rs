//! `squall findings`: what the tests of a run hold against the services, grouped by cause.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::ToSpan as _;

use super::destination::Destination;
use super::error::CliError;
use super::report::entries;
use super::runs::base;
use super::select::all;
use super::settings;
use crate::accepted::Accepted;
use crate::client::clean;
use crate::clouds;
use crate::embedded;
use crate::exit::Exit;
use crate::journal::{self, Entry, Event};
use crate::registry::Manifest;
use crate::report::{Findings, ServiceLog};

const EXAMPLES: &str = "\
Examples:
  {program} findings
  {program} findings 8e4f --all
  {program} findings --logs /var/log/openstack
  {program} findings --format draft >> findings/network.yaml

Failures with one cause are one finding. If the cloud was brought up here, or --logs names its \
logs, the exception that ended a request is the cause; otherwise it is the rule that was broken \
and what the service said. Each finding has the request that shows it, as a curl line: export \
OS_TOKEN and paste it.

A finding is accepted if a file says so: the program's own, or the one that squall.toml names with \
`accepted-findings`. `--format draft` writes entries for the others; what only a person can say, \
the cause, is left empty. Entries that nothing meets any more are reported, as are those that have \
lapsed.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct FindingsArguments {
    /// The run: the beginning or end of its id, its directory, or `last`.
    #[arg(default_value = "last")]
    run: String,
    /// The directory with the logs of the cloud's services, as in `neutron-api.log` [default:
    /// those of a cloud that was brought up here].
    #[arg(long, value_name = "DIR")]
    logs: Option<PathBuf>,
    /// Show all causes of each service.
    #[arg(long)]
    all: bool,
    /// The file with settings for the cloud [default: squall.toml, if it exists].
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: FindingsFormat,
    /// The file to write the findings to [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Exit with code 1 if a finding is not accepted, or an accepted one is unmet or over.
    #[arg(long)]
    strict: bool,
}

/// The output format of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum FindingsFormat {
    /// A report for people.
    #[default]
    Terminal,
    /// One JSON document.
    Json,
    /// Entries for a file of accepted findings.
    Draft,
}

/// How long a drafted entry accepts a finding: a release.
const MONTHS: i32 = 6;

/// Shows the findings of a run.
pub(super) fn findings(
    arguments: &FindingsArguments,
    manifests: &[Manifest],
) -> Result<Exit, CliError> {
    let entries = entries(&journal::find_run(&base()?, &arguments.run)?)?;
    let cloud = cloud_of(&entries);
    let logs = match &arguments.logs {
        Some(dir) => in_directory(dir)?,
        None => cloud.map(clouds::logs).unwrap_or_default(),
    };
    let found = Findings::of(&entries, &read(&logs)?);
    let accepted = accepted(arguments, cloud, manifests)?;
    let stale = stale(&accepted, &entries);
    let mut out = Destination::open(arguments.output.as_deref())?;
    let text = match arguments.format {
        FindingsFormat::Terminal => {
            let colours = out.colours();
            let text = found.terminal(colours, arguments.all);
            let text = [text, stale.join("\n")].concat();
            clean::printed(&text, colours).trim_end().to_owned() + "\n"
        }
        FindingsFormat::Json => found.json()?,
        FindingsFormat::Draft => {
            let today = jiff::ZonedDateTime::now().date();
            let expires = today.checked_add(MONTHS.months()).unwrap_or(today);
            found.draft(&cloud.map(clouds::packages).unwrap_or_default(), expires)
        }
    };
    out.write_all(text.as_bytes())?;
    out.close("findings")?;
    let is_clean = found.open() == 0 && stale.is_empty();
    Ok(if arguments.strict && !is_clean { Exit::Failed } else { Exit::Ok })
}

/// Returns the cloud of a run; `None` for the embedded one.
fn cloud_of(entries: &[Entry]) -> Option<&str> {
    entries
        .iter()
        .find_map(|entry| match &entry.event {
            Event::RunStarted(header) => Some(header.cloud.as_str()),
            _ => None,
        })
        .filter(|cloud| *cloud != embedded::NAME)
}

/// Returns the logs in a directory; the name of each begins with that of its package.
fn in_directory(dir: &Path) -> Result<Vec<(String, PathBuf)>, CliError> {
    let help = "name a directory with files as neutron-api.log";
    let wrong = |why: String| CliError::bad_input(format!("{}: {why}", dir.display()), help);
    let mut logs = Vec::new();
    for file in std::fs::read_dir(dir).map_err(|error| wrong(error.to_string()))? {
        let path = file?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        if path.extension().is_some_and(|extension| extension == "log") {
            let package = stem.split(['-', '.', '_']).next().unwrap_or_default().to_owned();
            logs.push((package, path));
        }
    }
    if logs.is_empty() {
        return Err(wrong("there is no log in it".to_owned()));
    }
    Ok(logs)
}

/// Reads logs; a process that has logged nothing yet has none.
fn read(logs: &[(String, PathBuf)]) -> Result<Vec<ServiceLog>, CliError> {
    let there = logs.iter().filter(|(_, path)| path.exists());
    let log = |(package, path): &(String, PathBuf)| {
        let bytes = std::fs::read(path)?;
        Ok(ServiceLog {
            package: package.clone(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        })
    };
    there.map(log).collect()
}

fn accepted(
    arguments: &FindingsArguments,
    cloud: Option<&str>,
    manifests: &[Manifest],
) -> Result<Accepted, CliError> {
    let name = cloud.unwrap_or(embedded::NAME);
    let tests = all(manifests)?;
    let settings = settings::read(arguments.settings.as_deref(), &tests)?.of(name);
    settings::accepted(cloud, &settings)
}

/// Says which accepted findings of the tests that ran are unmet or over.
fn stale(accepted: &Accepted, entries: &[Entry]) -> Vec<String> {
    let verdicts = || {
        entries.iter().filter_map(|entry| match &entry.event {
            Event::TestFinished(result) => Some((result.test.as_str(), &result.verdict)),
            _ => None,
        })
    };
    let unmet = accepted.unmet(verdicts()).into_iter().map(|(finding, tests)| {
        let who = match tests {
            1 => "its test did not fail".to_owned(),
            tests => format!("none of its {tests} tests failed"),
        };
        format!("{} is unmet: {who} so; remove it if it is mended", finding.id)
    });
    let ran: HashSet<&str> = verdicts().map(|(test, _)| test).collect();
    let over = accepted
        .over(ran.into_iter())
        .into_iter()
        .map(|(finding, why)| format!("{} is not accepted any more: {why}", finding.id));
    unmet.chain(over).collect()
}
