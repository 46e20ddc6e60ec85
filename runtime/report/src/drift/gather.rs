//! Collects the inputs of drift from tests, journals and a checkout.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use super::inputs::{Exercise, ReleaseBefore};
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
                    // A refusal that is as the spec has it says nothing of the answer.
                    validated: exchange.validated && exchange.status.is_some_and(|s| s < 400),
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

/// Reads the surfaces of the release before from a checkout; `None` if there are none.
pub fn before(root: &Path) -> io::Result<Option<ReleaseBefore>> {
    let folders = fs::read_dir(root.join("api-specs/releases")).into_iter().flatten();
    let last = folders.filter_map(|entry| Some(entry.ok()?.path())).filter(|p| p.is_dir()).max();
    let Some(folder) = last else { return Ok(None) };
    let release = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut before = ReleaseBefore { release, ..ReleaseBefore::default() };
    for file in fs::read_dir(&folder)? {
        let path = file?.path();
        let text = fs::read_to_string(&path)?;
        let service = path.file_stem().unwrap_or_default().to_string_lossy().replace('-', "_");
        let rest =
            |mark: &'static str| text.lines().filter_map(move |line| line.strip_prefix(mark));
        let requests = rest("operation ").filter_map(|line| Some(request(line.split_once(' ')?.1)));
        before.requests.insert(service.clone(), requests.collect());
        let versions = rest("version ").filter_map(|line| line.split(' ').next()?.parse().ok());
        before.versions.insert(service, versions.collect());
    }
    Ok(Some(before))
}

/// Returns method, path and action of an operation's line, without the versions.
fn request(line: &str) -> String {
    let words = line.split(' ').filter(|word| !word.is_empty() && !word.contains(".."));
    words.collect::<Vec<_>>().join(" ")
}

/// Returns the checkout that a directory is in, if any.
pub fn checkout(start: &Path) -> Option<&Path> {
    start.ancestors().find(|dir| dir.join("generated/api").is_dir())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_refusal_as_the_spec_has_it_exercises_no_answer() {
        let validated = [200, 404, 503].map(|status| {
            let event: Event = serde_json::from_value(json!({
                "type": "exchange", "test": "a", "exchange": {
                    "operation": "compute.servers.show", "method": "GET", "url": "http://cloud/",
                    "attempt": 1, "started": "2026-01-01T00:00:00Z", "duration-ms": 5,
                    "status": status, "version": "2.96", "request-headers": {},
                    "response-headers": {}, "checked": "matches", "validated": true,
                },
            }))
            .unwrap();
            ran(&[Entry::now(event)]).exercises[0].validated
        });
        assert_eq!(validated, [true, false, false]);
    }
}
