//! Facts about tests from earlier runs.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::error::CliError;
use super::runs::base;
use crate::journal::{self, Counts, Entry, Event, Header};
use crate::plan::Durations;
use crate::program;

/// Returns the ids of a run's tests that neither passed nor were skipped, including those
/// without a verdict.
pub(super) fn not_passed(run: &str) -> Result<NotPassed, CliError> {
    let dir = find(run)?;
    let entries = journal::read(&dir)?.entries;
    let mut open = BTreeSet::new();
    let mut selected = 0;
    for entry in entries {
        match entry.event {
            Event::RunStarted(header) => {
                selected = header.tests.len();
                open.extend(header.tests.into_iter().map(|test| test.id));
            }
            Event::TestFinished(result) if !result.verdict.is_bad() => {
                open.remove(&result.test);
            }
            _ => {}
        }
    }
    let run = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(NotPassed { run, selected, tests: open })
}

/// The tests of a run that did not pass.
pub(super) struct NotPassed {
    /// The run's id.
    pub(super) run: String,
    /// How many tests the run selected.
    pub(super) selected: usize,
    /// The ids of those that did not pass.
    pub(super) tests: BTreeSet<String>,
}

/// Returns how long tests took in a run.
pub(super) fn durations(run: &str) -> Result<Durations, CliError> {
    Ok(Durations::of_runs([find(run)?.as_path()])?)
}

/// A run that is not finished.
pub(super) struct Unfinished {
    /// Its directory.
    pub(super) dir: PathBuf,
    /// Its first event.
    pub(super) header: Header,
    /// Its events, without those that resuming it replaces.
    pub(super) entries: Vec<Entry>,
    /// The tests that have a verdict.
    pub(super) done: BTreeSet<String>,
    /// Their verdicts, counted.
    pub(super) counts: Counts,
}

/// Finds a run that can be resumed.
///
/// A finished run cannot, unless it was interrupted: its tests that did not run then
/// count as having no verdict.
pub(super) fn unfinished(run: &str) -> Result<Unfinished, CliError> {
    let dir = find(run)?;
    let mut entries = journal::read(&dir)?.entries;
    entries.retain(|entry| !journal::is_undone_by_resuming(&entry.event));
    let header = entries.iter().find_map(|entry| match &entry.event {
        Event::RunStarted(header) => Some(header.clone()),
        _ => None,
    });
    let Some(header) = header else {
        return Err(CliError::bad_input(
            format!("the journal in {} has no first event", dir.display()),
            "the run cannot be resumed; start a new one",
        ));
    };
    let mut counts = Counts::of(header.tests.len());
    let mut done = BTreeSet::new();
    for entry in &entries {
        if let Event::TestFinished(result) = &entry.event {
            counts.add(&result.verdict);
            done.insert(result.test.clone());
        }
    }
    if header.tests.iter().all(|test| done.contains(&test.id)) {
        return Err(CliError::bad_input(
            format!("run {} is complete: every test has a verdict", header.run),
            format!("run the failed tests again with `{} run --rerun-failed`", program::name()),
        ));
    }
    Ok(Unfinished { dir, header, entries, done, counts })
}

fn find(run: &str) -> Result<PathBuf, CliError> {
    Ok(journal::find_run(&base()?, run)?)
}
