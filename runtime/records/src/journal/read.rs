//! Reading journals, and listing runs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Entry, Event, FILE, RUNS, TestResult, Verdict};
use crate::client::clean;
use crate::program;

/// The content of a journal.
#[derive(Debug, Default)]
pub struct JournalContent {
    /// Its entries in order.
    pub entries: Vec<Entry>,
    /// The numbers (from 1) of lines that cannot be read; a killed writer may leave one.
    pub damaged: Vec<usize>,
}

/// Reads the journal in `run_dir`.
///
/// For a resumed run, the earlier `RunFinished` and `NotRun` verdicts are left out, so
/// that each test has one verdict.
pub fn read(run_dir: &Path) -> Result<JournalContent, RunError> {
    let path = run_dir.join(FILE);
    let bytes = fs::read(&path).map_err(|source| RunError::Io { path, source })?;
    let mut reading = JournalContent::default();
    for (index, line) in bytes.split(|b| *b == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        match parse(line) {
            Ok(entry) => {
                if matches!(entry, Entry { event: Event::RunResumed { .. }, .. }) {
                    reading.entries.retain(|entry| !is_undone_by_resuming(&entry.event));
                }
                reading.entries.push(entry);
            }
            Err(_) => reading.damaged.push(index + 1),
        }
    }
    Ok(reading)
}

/// Returns the results of the tests of a run, without decoding the rest of its journal,
/// which is mostly exchanges.
pub fn results(run_dir: &Path) -> Result<Vec<TestResult>, RunError> {
    let path = run_dir.join(FILE);
    let bytes = fs::read(&path).map_err(|source| RunError::Io { path, source })?;
    let text = String::from_utf8_lossy(&bytes);
    let ended = text.lines().filter(|line| line.contains("\"test-finished\""));
    Ok(ended
        .filter_map(|line| match parse(line.as_bytes()).ok()?.event {
            Event::TestFinished(result) => Some(result),
            _ => None,
        })
        .collect())
}

/// Reads a line. It is cleaned again: an older version may have written it.
fn parse(line: &[u8]) -> serde_json::Result<Entry> {
    match std::str::from_utf8(line) {
        Ok(line) => serde_json::from_str(&clean::json(line)),
        Err(_) => serde_json::from_slice(line),
    }
}

/// Whether an event no longer counts once its run is resumed.
pub fn is_undone_by_resuming(event: &Event) -> bool {
    match event {
        Event::TestFinished(result) => matches!(result.verdict, Verdict::NotRun { .. }),
        Event::RunFinished { .. } => true,
        _ => false,
    }
}

/// Returns the directories of all runs below `base`, oldest first.
///
/// Their names are version 7 UUIDs, which sort by time.
pub fn runs(base: &Path) -> Result<Vec<PathBuf>, RunError> {
    let path = base.join(RUNS);
    let failed = |source| RunError::Io { path: path.clone(), source };
    let listing = match fs::read_dir(&path) {
        Ok(listing) => listing,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut found = Vec::new();
    for item in listing {
        let dir = item.map_err(failed)?.path();
        if dir.join(FILE).is_file() {
            found.push(dir);
        }
    }
    found.sort();
    Ok(found)
}

/// Finds a run by the start or end of its id, by the path of its directory, or as `last`.
pub fn find_run(base: &Path, wanted: &str) -> Result<PathBuf, RunError> {
    let as_path = Path::new(wanted);
    if as_path.join(FILE).is_file() {
        return Ok(as_path.to_owned());
    }
    let mut all = runs(base)?;
    if wanted == "last" {
        return all.pop().ok_or(RunError::None { below: base.join(RUNS) });
    }
    let known = all.len();
    all.retain(|dir| {
        dir.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with(wanted) || name.ends_with(wanted))
    });
    match (all.pop(), all.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => {
            Err(RunError::Ambiguous { wanted: wanted.to_owned(), count: all.len() + 1 })
        }
        (None, _) if known == 0 => Err(RunError::None { below: base.join(RUNS) }),
        (None, _) => {
            Err(RunError::Unknown { wanted: wanted.to_owned(), below: base.join(RUNS), known })
        }
    }
}

/// Why a run cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There are no runs.
    #[error("there are no runs below {}; start one with `{} run`", below.display(), program::name())]
    None {
        /// Where runs are kept.
        below: PathBuf,
    },
    /// No run matches.
    #[error(
        "no run `{wanted}` among the {known} below {}; `{} runs` lists them",
        below.display(),
        program::name()
    )]
    Unknown {
        /// The requested run.
        wanted: String,
        /// Where runs are kept.
        below: PathBuf,
        /// How many there are.
        known: usize,
    },
    /// Several runs match.
    #[error(
        "`{wanted}` matches {count} runs; use more of the id: `{} runs` lists them",
        program::name()
    )]
    Ambiguous {
        /// What was asked for.
        wanted: String,
        /// How many fit.
        count: usize,
    },
    /// An error of the file system.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// The file system's error.
        source: io::Error,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_older_version_wrote_is_cleaned_when_it_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let text = "\u{1b}[2J".to_owned();
        let line = serde_json::to_string(&Entry::now(Event::Output { text })).unwrap();
        fs::write(dir.path().join(FILE), line + "\n").unwrap();
        let shown = Event::Output { text: "\\u{1b}[2J".to_owned() };
        assert_eq!(read(dir.path()).unwrap().entries[0].event, shown);
    }
}
