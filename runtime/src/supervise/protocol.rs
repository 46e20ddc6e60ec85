//! What the supervisor and its worker say to each other, in lines over the worker's
//! standard input and output.
//!
//! The assignment is JSON. What comes back is the journal's lines, each behind a word that
//! says what to do with it: the supervisor reads what it acts on, and passes on unread what
//! is evidence alone.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::embedded::Access;
use crate::execute::Limits;
use crate::journal::{Entry, Event};
use crate::plan::Capacities;
use crate::settings::CloudSettings;

/// The first line to a worker: everything it needs to know.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Assignment {
    /// The run's id.
    pub(super) run: String,
    /// The run's directory.
    pub(super) run_dir: PathBuf,
    /// The cloud.
    pub(super) cloud: Target,
    /// The accounts that are lent to tests; none where identities are made.
    pub(super) accounts: Option<Lent>,
    /// What was set by hand of the cloud.
    pub(super) settings: CloudSettings,
    /// How many tests run at a time.
    pub(super) jobs: usize,
    /// How much of what tests claim there is.
    pub(super) capacities: Capacities,
    /// How long things may take.
    pub(super) limits: Limits,
    /// The tests, in order; none to undo what the ledger still names.
    pub(super) tests: Vec<Assigned>,
    /// Where running tests are entered.
    pub(super) slots: PathBuf,
}

/// The cloud that a run is against.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Target {
    /// One of the user's, by its name in `clouds.yaml`.
    Named(String),
    /// The supervisor's own child.
    Embedded(Access),
}

/// Accounts that are lent to tests.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Lent {
    /// The file that they stand in.
    pub(super) file: PathBuf,
    /// Where it is kept which of them are lent.
    pub(super) holds: PathBuf,
}

/// A test that a worker is to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Assigned {
    /// Its id.
    pub(super) id: String,
    /// Its number in the run.
    pub(super) number: usize,
    /// 1, or more after a worker was lost.
    pub(super) attempt: u32,
}

/// A later line to a worker: start nothing new, end what runs, undo it.
pub(super) const STOP: &str = "stop";

/// A line from a worker, and the journal's line in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Message<'a> {
    /// Something happened that the supervisor acts on.
    Happened(&'a [u8]),
    /// Something is kept as evidence: of a test or a fixture, or of nobody's.
    Evidence(Option<&'a str>, &'a [u8]),
    /// The last line: everything was run, or the worker retired.
    Done,
}

const HAPPENED: &[u8] = b"happened ";
const EVIDENCE: &[u8] = b"evidence ";
const DONE: &[u8] = b"done";

/// What stands for the test of evidence that is nobody's; no id is like it.
const NOBODY: &str = "-";

impl<'a> Message<'a> {
    /// Reads a line with its end; none where it is no message, or half of one.
    pub(super) fn read(line: &'a [u8]) -> Option<Self> {
        let line = line.strip_suffix(b"\n")?;
        if line == DONE {
            return Some(Self::Done);
        }
        if let Some(entry) = line.strip_prefix(HAPPENED) {
            return Some(Self::Happened(entry));
        }
        let rest = line.strip_prefix(EVIDENCE)?;
        let space = rest.iter().position(|byte| *byte == b' ')?;
        let of = std::str::from_utf8(&rest[..space]).ok()?;
        Some(Self::Evidence((of != NOBODY).then_some(of), &rest[space + 1..]))
    }
}

/// Writes the line that tells of an event.
pub(super) fn tell(entry: &Entry) -> serde_json::Result<Vec<u8>> {
    let mut line = Vec::with_capacity(1024);
    match evidence_of(&entry.event) {
        Some(of) => {
            line.extend_from_slice(EVIDENCE);
            line.extend_from_slice(of.as_bytes());
            line.push(b' ');
        }
        None => line.extend_from_slice(HAPPENED),
    }
    serde_json::to_writer(&mut line, entry)?;
    line.push(b'\n');
    Ok(line)
}

/// Writes the last line.
pub(super) fn tell_done() -> Vec<u8> {
    [DONE, b"\n"].concat()
}

/// Gives whose evidence an event is, as the line says it, where it is evidence alone.
fn evidence_of(event: &Event) -> Option<&str> {
    match event {
        Event::Exchange { test, .. } => Some(test.as_deref().unwrap_or(NOBODY)),
        Event::Wait { test, .. } | Event::Note { test, .. } | Event::TestUndoing { test } => {
            Some(test)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(event: Event) -> (String, Vec<u8>) {
        let entry = Entry::now(event);
        (serde_json::to_string(&entry).unwrap(), tell(&entry).unwrap())
    }

    #[test]
    fn an_event_comes_back_as_the_line_of_the_journal() {
        let (journal, line) = told(Event::Interrupted { times: 1 });
        assert_eq!(Message::read(&line), Some(Message::Happened(journal.as_bytes())));
    }

    #[test]
    fn evidence_says_whose_it_is_without_being_read() {
        let (journal, line) = told(Event::TestUndoing { test: "a.b".to_owned() });
        assert_eq!(Message::read(&line), Some(Message::Evidence(Some("a.b"), journal.as_bytes())));
    }

    #[test]
    fn what_somebody_else_writes_is_no_message_nor_is_half_of_one() {
        let (_, line) = told(Event::TestUndoing { test: "a.b".to_owned() });
        assert_eq!(Message::read(&line[..line.len() - 1]), None);
        assert_eq!(Message::read(b"hello\n"), None);
        assert_eq!(Message::read(b"done\n"), Some(Message::Done));
    }
}
