//! `squall report`: a run's report, made again from its journal, and what changed
//! between runs.

mod arguments;
mod compare;
mod destination;

use std::io::{self, IsTerminal, Write as _};
use std::path::{Path, PathBuf};

pub(super) use arguments::ReportArguments;
use arguments::{OneArguments, ReportCommand, ReportFormat};
use destination::Destination;

use super::complaint::Complaint;
use super::exit::Exit;
use super::runs::base;
use crate::journal::{self, Entry};
use crate::report::{self, Json, Reporter, Subunit, Terminal};

/// How many lines that are no events are named.
const NAMED: usize = 5;

/// Shows a run again, or what changed between runs.
///
/// A report succeeds when it could be made, whatever is in it.
pub(super) fn report(arguments: &ReportArguments) -> Result<Exit, Complaint> {
    match &arguments.command {
        Some(ReportCommand::Compare(arguments)) => compare::compare(arguments),
        None => one(&arguments.of),
    }
}

fn one(arguments: &OneArguments) -> Result<Exit, Complaint> {
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
        ReportFormat::Summary => out.write_all(report::summary(&entries)?.as_bytes())?,
        ReportFormat::Subunit => {
            out.refuse_terminal("subunit")?;
            let mut subunit = Subunit::new(&mut out);
            subunit.see_all(&entries);
            subunit.close()?;
        }
        ReportFormat::Junit => out.write_all(report::junit(&entries)?.as_bytes())?,
        ReportFormat::Html => out.write_all(report::html(&entries)?.as_bytes())?,
    }
    out.close("the report")?;
    Ok(Exit::Ok)
}

/// Reads a run's journal; lines that are no events are told of and left out.
fn entries(dir: &Path) -> Result<Vec<Entry>, Complaint> {
    let reading = journal::read(dir)?;
    let path = dir.join(journal::FILE);
    for line in reading.damaged.iter().take(NAMED) {
        writeln!(io::stderr(), "{}:{line}: not an event, left out", path.display())?;
    }
    if let Some(more @ 1..) = reading.damaged.len().checked_sub(NAMED) {
        writeln!(io::stderr(), "{}: {more} more lines are no events", path.display())?;
    }
    if reading.entries.is_empty() {
        return Err(Complaint::bad_input(
            format!("there is no event in {}", path.display()),
            "`squall runs` lists the runs; this one was killed before it started",
        ));
    }
    Ok(reading.entries)
}

/// Gives the last runs' directories, the newest last.
fn last(count: usize) -> Result<Vec<PathBuf>, Complaint> {
    let mut all = journal::runs(&base()?)?;
    Ok(all.split_off(all.len().saturating_sub(count)))
}

/// Tells whether to write colours to a stream.
pub(super) fn colours(stream: &impl IsTerminal) -> bool {
    let says = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !says("NO_COLOR") && (says("CLICOLOR_FORCE") || stream.is_terminal())
}
