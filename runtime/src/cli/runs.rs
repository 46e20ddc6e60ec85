//! `squall runs`: lists the runs in this directory.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::error::CliError;
use crate::exit::Exit;
use crate::journal::{self, Counts, Event, Header, Kept, Pruned};
use crate::program;

/// How many runs are kept unless `SQUALL_KEEP_RUNS` says otherwise.
const KEEP: usize = 50;

/// The environment variable with the number of runs to keep, or `all`.
const VARIABLE: &str = "SQUALL_KEEP_RUNS";

/// How many of the removed runs are named.
const NAMED: usize = 3;

/// Lists the runs, oldest first; with `keep`, removes all but the newest first.
pub(super) fn runs(keep: Option<usize>) -> Result<Exit, CliError> {
    if let Some(keep) = keep {
        report_pruned(&journal::prune(&base()?, keep)?, keep)?;
    }
    list()
}

/// Removes old runs before a new one starts, and reports which.
pub(super) fn prune() -> Result<(), CliError> {
    let keep = match std::env::var(VARIABLE) {
        Err(_) => KEEP,
        Ok(text) if text == "all" => return Ok(()),
        Ok(text) => text.parse().map_err(|_| {
            CliError::bad_input(
                format!("`{VARIABLE}` is `{text}`"),
                "set it to the number of runs to keep, or to `all`",
            )
        })?,
    };
    // The run that is about to start is one of them.
    let pruned = journal::prune(&base()?, keep.saturating_sub(1))?;
    report_pruned(&pruned, keep)
}

fn report_pruned(pruned: &Pruned, keep: usize) -> Result<(), CliError> {
    let mut err = io::stderr();
    let name = |dir: &Path| {
        dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    };
    if !pruned.removed.is_empty() {
        let named: Vec<String> = pruned.removed.iter().take(NAMED).map(|dir| name(dir)).collect();
        let more = pruned.removed.len() - named.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let named = named.join(", ");
        writeln!(err, "removed old runs, keeping the newest {keep}: {named}{more}")?;
    }
    for (dir, kept) in &pruned.kept {
        if *kept == Kept::Outstanding {
            let run = name(dir);
            writeln!(
                err,
                "kept the old run {run}: its ledger has entries that are not undone; undo them \
                 with `{} cleanup {run}`",
                program::name()
            )?;
        }
    }
    Ok(())
}

fn list() -> Result<Exit, CliError> {
    let mut out = io::stdout().lock();
    for dir in journal::runs(&base()?)? {
        let line = describe(&dir)?;
        writeln!(out, "{line}")?;
    }
    Ok(Exit::Ok)
}

/// Returns the directory below which runs are stored: the working directory.
pub(super) fn base() -> io::Result<PathBuf> {
    std::env::current_dir()
}

/// Returns the header of a run, if its journal has one.
pub(super) fn header(dir: &Path) -> Result<Option<Header>, CliError> {
    let entries = journal::read(dir)?.entries;
    Ok(entries.into_iter().find_map(|entry| match entry.event {
        Event::RunStarted(header) => Some(header),
        _ => None,
    }))
}

fn describe(dir: &Path) -> Result<String, CliError> {
    let entries = journal::read(dir)?.entries;
    let name = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let header = entries.iter().find_map(|entry| match &entry.event {
        Event::RunStarted(header) => Some((entry.at, header)),
        _ => None,
    });
    let counts: Option<&Counts> = entries.iter().rev().find_map(|entry| match &entry.event {
        Event::RunFinished { counts, .. } => Some(counts),
        _ => None,
    });
    let Some((at, Header { cloud, .. })) = header else { return Ok(name) };
    let at = at.strftime("%Y-%m-%d %H:%M:%S UTC");
    let sum = counts.map_or_else(|| "did not finish".to_owned(), ToString::to_string);
    Ok(format!("{name}  {at}  {cloud}  {sum}"))
}
