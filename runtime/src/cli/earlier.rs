//! What earlier runs tell of tests.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::complaint::Complaint;
use super::runs::base;
use crate::journal::{self, Counts, Entry, Event, Header};
use crate::plan::Durations;

/// Gives the ids of a run's tests that did not pass and were not skipped, those
/// among them that have no verdict.
pub(super) fn not_passed(run: &str) -> Result<BTreeSet<String>, Complaint> {
    let entries = journal::read(&find(run)?)?.entries;
    let mut open = BTreeSet::new();
    for entry in entries {
        match entry.event {
            Event::RunStarted(header) => open.extend(header.tests.into_iter().map(|t| t.id)),
            Event::TestFinished(result) if !result.verdict.is_bad() => {
                open.remove(&result.test);
            }
            _ => {}
        }
    }
    Ok(open)
}

/// Gives how long tests took in a run.
pub(super) fn durations(run: &str) -> Result<Durations, Complaint> {
    Ok(Durations::of_runs([find(run)?.as_path()])?)
}

/// A run that did not come to its end.
pub(super) struct Unfinished {
    /// Its directory.
    pub(super) dir: PathBuf,
    /// What it was of.
    pub(super) header: Header,
    /// What happened in it, as far as it counts once it goes on.
    pub(super) entries: Vec<Entry>,
    /// The tests that have a verdict.
    pub(super) done: BTreeSet<String>,
    /// What became of them.
    pub(super) counts: Counts,
}

/// Finds a run that can be gone on with.
///
/// One that came to its end is none, unless it was interrupted: its tests that did
/// not run are then without a verdict.
pub(super) fn unfinished(run: &str) -> Result<Unfinished, Complaint> {
    let dir = find(run)?;
    let mut entries = journal::read(&dir)?.entries;
    entries.retain(|entry| !journal::is_undone_by_resuming(&entry.event));
    let header = entries.iter().find_map(|entry| match &entry.event {
        Event::RunStarted(header) => Some(header.clone()),
        _ => None,
    });
    let Some(header) = header else {
        return Err(Complaint::bad_input(
            format!("nothing is known of the run in {}", dir.display()),
            "its journal has no first line; start a new run",
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
        return Err(Complaint::bad_input(
            format!("run {} is done: each of its tests has a verdict", header.run),
            "`squall run --rerun-failed` runs again what failed",
        ));
    }
    Ok(Unfinished { dir, header, entries, done, counts })
}

fn find(run: &str) -> Result<PathBuf, Complaint> {
    Ok(journal::find_run(&base()?, run)?)
}
