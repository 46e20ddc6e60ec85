//! `squall runs`: lists the runs in this directory.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::error::CliError;
use super::exit::Exit;
use crate::journal::{self, Counts, Event, Header};

/// Lists the runs, oldest first.
pub(super) fn runs() -> Result<Exit, CliError> {
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
