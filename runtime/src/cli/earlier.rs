//! What earlier runs tell of tests.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::complaint::Complaint;
use super::runs::base;
use crate::journal::{self, Event, Header};
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
    /// The tests that have a verdict.
    pub(super) done: BTreeSet<String>,
}

/// Finds a run that can be gone on with.
///
/// One that came to its end is none, unless it was interrupted: its tests that did
/// not run are then without a verdict.
pub(super) fn unfinished(run: &str) -> Result<Unfinished, Complaint> {
    let dir = find(run)?;
    let mut unfinished: Option<Unfinished> = None;
    for entry in journal::read(&dir)?.entries {
        match entry.event {
            Event::RunStarted(header) => {
                let (dir, done) = (dir.clone(), BTreeSet::new());
                unfinished = Some(Unfinished { dir, header, done });
            }
            Event::TestFinished(result) => {
                if let Some(run) = &mut unfinished
                    && !matches!(result.verdict, journal::Verdict::NotRun { .. })
                {
                    run.done.insert(result.test);
                }
            }
            _ => {}
        }
    }
    let Some(unfinished) = unfinished else {
        return Err(Complaint::bad_input(
            format!("nothing is known of the run in {}", dir.display()),
            "its journal has no first line; start a new run",
        ));
    };
    if unfinished.header.tests.iter().all(|test| unfinished.done.contains(&test.id)) {
        return Err(Complaint::bad_input(
            format!("run {} is done: each of its tests has a verdict", unfinished.header.run),
            "`squall run --rerun-failed` runs again what failed",
        ));
    }
    Ok(unfinished)
}

fn find(run: &str) -> Result<PathBuf, Complaint> {
    Ok(journal::find_run(&base()?, run)?)
}
