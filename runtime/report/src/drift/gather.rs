//! Collects the inputs of drift from tests, journals and a checkout.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use super::inputs::{Exercise, Surface};
use crate::journal::{Entry, Event, Verdict};

/// The evidence in a run's journal.
#[derive(Debug, Default)]
pub struct Ran {
    /// Every answer of a service to an operation.
    pub exercises: Vec<Exercise>,
    /// The tests that passed.
    pub passed: BTreeSet<String>,
    /// How many tests were selected, and by which filter.
    pub selected: Option<(usize, String)>,
}

impl Ran {
    /// Describes a run that selected fewer than all `known` tests.
    pub fn partial(&self, run: &str, known: usize) -> Option<String> {
        let (count, filter) = self.selected.as_ref().filter(|(count, _)| *count < known)?;
        let by = if filter.is_empty() { String::new() } else { format!(" (filter `{filter}`)") };
        Some(format!("run {run} selected only {count} of {known} tests{by}"))
    }
}

/// Reads the evidence from a run's journal.
pub fn ran(entries: &[Entry]) -> Ran {
    let mut ran = Ran::default();
    for entry in entries {
        match &entry.event {
            Event::Exchange { test, exchange } if exchange.status.is_some() => {
                ran.exercises.push(Exercise {
                    operation: exchange.operation.clone(),
                    version: exchange.version,
                    validated: exchange.validated,
                    test: test.clone().unwrap_or_else(|| "the runner".to_owned()),
                });
            }
            Event::RunStarted(header) => {
                ran.selected = Some((header.tests.len(), header.selection.clone()));
            }
            Event::TestFinished(result) if result.verdict == Verdict::Passed => {
                ran.passed.insert(result.test.clone());
            }
            _ => {}
        }
    }
    ran
}

/// Reads a checkout's surface locks and reference pages; `None` if there are none.
pub fn surface(root: &Path) -> io::Result<Option<Surface>> {
    let (locks, pages) = (root.join("generated/api"), root.join("docs/src/reference"));
    if !locks.is_dir() || !pages.is_dir() {
        return Ok(None);
    }
    Ok(Some(Surface {
        clients: named(&locks, |line| line.strip_prefix("operation "))?,
        documented: named(&pages, |line| line.strip_prefix("### "))?,
    }))
}

/// Collects the first word after a marker, over all lines of all files in a directory.
fn named(dir: &Path, mark: impl Fn(&str) -> Option<&str>) -> io::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for file in fs::read_dir(dir)? {
        let path = file?.path();
        if path.is_file() {
            let text = fs::read_to_string(&path)?;
            let words = text.lines().filter_map(&mark).filter_map(|l| l.split(' ').next());
            found.extend(words.map(str::to_owned));
        }
    }
    Ok(found)
}

/// Returns the checkout that a directory is in, if any.
pub fn checkout(start: &Path) -> Option<&Path> {
    start.ancestors().find(|dir| dir.join("generated/api").is_dir())
}
