//! `squall report`: the report of a run from its journal, and comparisons of runs.

mod arguments;
mod compare;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

pub(super) use arguments::ReportArguments;
use arguments::{OneArguments, ReportCommand, ReportFormat};

use super::destination::Destination;
use super::error::CliError;
use super::runs::base;
use crate::exit::Exit;
use crate::journal::{self, Entry};
use crate::program;
use crate::report::{self, Json, Reporter, Subunit, Terminal};
use crate::services;

/// How many unreadable lines are listed.
const NAMED: usize = 5;

/// Shows the report of a run, or compares runs.
///
/// Succeeds whenever the report could be written, whatever its verdicts.
pub(super) fn report(arguments: &ReportArguments) -> Result<Exit, CliError> {
    match &arguments.command {
        Some(ReportCommand::Compare(arguments)) => compare::compare(arguments),
        None => one(&arguments.of),
    }
}

fn one(arguments: &OneArguments) -> Result<Exit, CliError> {
    let entries = entries(&journal::find_run(&base()?, &arguments.run)?)?;
    let mut out = Destination::open(arguments.output.as_deref())?;
    match arguments.format {
        ReportFormat::Terminal => {
            let colour = out.colours();
            let mut terminal = Terminal::new(&mut out, colour);
            terminal.see_all(&entries);
            terminal.close()?;
        }
        ReportFormat::Json => {
            let mut json = Json::new(&mut out);
            json.see_all(&entries);
        }
        ReportFormat::Summary => {
            out.write_all(report::summary(&entries, services::all())?.as_bytes())?;
        }
        ReportFormat::Subunit => {
            out.refuse_terminal("subunit")?;
            let mut subunit = Subunit::new(&mut out);
            subunit.see_all(&entries);
            subunit.close()?;
        }
        ReportFormat::Junit => out.write_all(report::junit(&entries)?.as_bytes())?,
        ReportFormat::Html => {
            out.write_all(report::html(&entries, &services::policy_rules())?.as_bytes())?;
        }
    }
    out.close("report")?;
    Ok(Exit::Ok)
}

/// Reads a run's journal; unreadable lines are reported and left out.
pub(super) fn entries(dir: &Path) -> Result<Vec<Entry>, CliError> {
    let reading = journal::read(dir)?;
    let path = dir.join(journal::FILE);
    for line in reading.damaged.iter().take(NAMED) {
        writeln!(io::stderr(), "{}:{line}: ignored, not an event", path.display())?;
    }
    if let Some(more @ 1..) = reading.damaged.len().checked_sub(NAMED) {
        writeln!(io::stderr(), "{}: {more} more lines ignored", path.display())?;
    }
    if reading.entries.is_empty() {
        return Err(CliError::bad_input(
            format!("{} contains no event", path.display()),
            format!(
                "the run was killed before it started; `{} runs` lists all runs",
                program::name()
            ),
        ));
    }
    Ok(reading.entries)
}

/// Returns the directories of the last runs, newest last.
fn last(count: usize) -> Result<Vec<PathBuf>, CliError> {
    let mut all = journal::runs(&base()?)?;
    Ok(all.split_off(all.len().saturating_sub(count)))
}
