//! The line protocol between the supervisor and a worker, over the worker's
//! standard input and output.
//!
//! The assignment is JSON. A worker answers with journal lines, each prefixed with
//! a word: the supervisor decodes what it acts on, and passes evidence on without
//! decoding it.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::plan::Observe;
use crate::accepted::Accepted;
use crate::embedded::Access;
use crate::execute::Limits;
use crate::journal::{self, Entry, Event, Pretended};
use crate::plan::Capacities;
use crate::settings::CloudSettings;

/// The first line to a worker: its assignment.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Assignment {
    /// The run's id.
    pub(super) run: String,
    /// The run's directory.
    pub(super) run_dir: PathBuf,
    /// The cloud.
    pub(super) cloud: Target,
    /// The cloud that the run used before, if it is resumed.
    pub(super) before: Option<journal::Target>,
    /// The accounts that tests borrow; `None` if identities are created.
    pub(super) accounts: Option<Lent>,
    /// The user's settings for the cloud.
    pub(super) settings: CloudSettings,
    /// The findings that are accepted of the cloud.
    pub(super) accepted: Accepted,
    /// Where to keep what the cloud answers, if anywhere.
    pub(super) observe: Option<Observe>,
    /// The operations that the embedded cloud only pretends.
    #[serde(default, skip_serializing_if = "Pretended::is_empty")]
    pub(super) pretended: Pretended,
    /// How many tests run at a time.
    pub(super) jobs: usize,
    /// The capacities that tests' claims share.
    pub(super) capacities: Capacities,
    /// Time limits.
    pub(super) limits: Limits,
    /// The tests, in order; empty to only undo what the ledger still lists.
    pub(super) tests: Vec<Assigned>,
    /// The file in which running tests are recorded.
    pub(super) slots: PathBuf,
}

/// The cloud that a run uses.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Target {
    /// A cloud of the user's, by its name in `clouds.yaml`.
    Named(String),
    /// The embedded cloud, a child of the supervisor.
    Embedded(Access),
}

/// Accounts that tests borrow.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Lent {
    /// The accounts file.
    pub(super) file: PathBuf,
    /// The directory that records which of them are in use.
    pub(super) holds: PathBuf,
}

/// A test that a worker is to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Assigned {
    /// Its id.
    pub(super) id: String,
    /// Its number in the run.
    pub(super) number: usize,
    /// 1, or more after a lost worker.
    pub(super) attempt: u32,
    /// How long it may take; the run's factor is not applied yet.
    pub(super) timeout: Duration,
}

/// A later line to a worker: start no more tests, stop the running ones, undo what they
/// made.
pub(super) const STOP: &str = "stop";

/// A line from a worker, with the journal line in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Message<'a> {
    /// An event that the supervisor acts on.
    Happened(&'a [u8]),
    /// Evidence of a test or fixture, or of neither.
    Evidence(Option<&'a str>, &'a [u8]),
    /// A secret that the worker knows, as JSON: what is printed may hold it.
    Secret(&'a [u8]),
    /// The last line: the assignment is finished, or the worker retired.
    Done,
}

const HAPPENED: &[u8] = b"happened ";
const EVIDENCE: &[u8] = b"evidence ";
const SECRET: &[u8] = b"secret ";
const DONE: &[u8] = b"done";

/// Stands for "no test" in an evidence line; it is not a valid id.
const NOBODY: &str = "-";

impl<'a> Message<'a> {
    /// Parses a line with its line break; `None` if it is not a complete message.
    pub(super) fn read(line: &'a [u8]) -> Option<Self> {
        let line = line.strip_suffix(b"\n")?;
        if line == DONE {
            return Some(Self::Done);
        }
        if let Some(entry) = line.strip_prefix(HAPPENED) {
            return Some(Self::Happened(entry));
        }
        if let Some(secret) = line.strip_prefix(SECRET) {
            return Some(Self::Secret(secret));
        }
        let rest = line.strip_prefix(EVIDENCE)?;
        let space = rest.iter().position(|byte| *byte == b' ')?;
        let of = std::str::from_utf8(&rest[..space]).ok()?;
        Some(Self::Evidence((of != NOBODY).then_some(of), &rest[space + 1..]))
    }
}

/// Encodes an event as a line.
pub(super) fn encode(entry: &Entry) -> serde_json::Result<Vec<u8>> {
    let mut line = Vec::with_capacity(1024);
    match evidence_of(&entry.event) {
        Some(of) => {
            line.extend_from_slice(EVIDENCE);
            line.extend_from_slice(of.as_bytes());
            line.push(b' ');
        }
        None => line.extend_from_slice(HAPPENED),
    }
    line.extend_from_slice(journal::line(entry)?.as_bytes());
    line.push(b'\n');
    Ok(line)
}

/// Returns the line that hands a secret on; it never gets into the journal.
pub(super) fn encode_secret(value: &str) -> Vec<u8> {
    [SECRET, serde_json::Value::from(value).to_string().as_bytes(), b"\n"].concat()
}

/// Returns the last line.
pub(super) fn encode_done() -> Vec<u8> {
    [DONE, b"\n"].concat()
}

/// Returns whose evidence an event is, or `None` if the supervisor acts on it.
fn evidence_of(event: &Event) -> Option<&str> {
    match event {
        Event::Exchange { test, .. } => Some(test.as_deref().unwrap_or(NOBODY)),
        Event::Wait { test, .. }
        | Event::Note { test, .. }
        | Event::PolicyCell { test, .. }
        | Event::TestUndoing { test } => Some(test),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(event: Event) -> (String, Vec<u8>) {
        let entry = Entry::now(event);
        (serde_json::to_string(&entry).unwrap(), encode(&entry).unwrap())
    }

    #[test]
    fn an_event_comes_back_as_the_line_of_the_journal() {
        let (journal, line) = encoded(Event::Interrupted { times: 1 });
        assert_eq!(Message::read(&line), Some(Message::Happened(journal.as_bytes())));
    }

    #[test]
    fn evidence_says_whose_it_is_without_being_read() {
        let (journal, line) = encoded(Event::TestUndoing { test: "a.b".to_owned() });
        assert_eq!(Message::read(&line), Some(Message::Evidence(Some("a.b"), journal.as_bytes())));
    }

    #[test]
    fn a_secret_is_handed_on_whatever_it_is_made_of() {
        let line = encode_secret("a \"b\"\nc");
        let Some(Message::Secret(secret)) = Message::read(&line) else { panic!("{line:?}") };
        assert_eq!(serde_json::from_slice::<String>(secret).unwrap(), "a \"b\"\nc");
    }

    #[test]
    fn what_somebody_else_writes_is_no_message_nor_is_half_of_one() {
        let (_, line) = encoded(Event::TestUndoing { test: "a.b".to_owned() });
        assert_eq!(Message::read(&line[..line.len() - 1]), None);
        assert_eq!(Message::read(b"hello\n"), None);
        assert_eq!(Message::read(b"done\n"), Some(Message::Done));
    }
}
