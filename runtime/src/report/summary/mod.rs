//! A run in numbers and groups: the JSON summary, and what the page is made of.

mod sum;

use jiff::Timestamp;
use serde::Serialize;
use squall_model::Microversion;

use super::story::Story;
use crate::client::Exchange;
use crate::journal::{Counts, Entry};

/// Gives the summary of a run as one JSON document.
///
/// # Errors
/// JSON that cannot be written; nothing in a journal is known to cause that.
pub fn summary<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> serde_json::Result<String> {
    let story = Story::of(entries);
    Ok(serde_json::to_string_pretty(&Summary::of(&story))? + "\n")
}

/// A run in numbers and groups.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Summary<'a> {
    pub(super) run: &'a str,
    pub(super) squall: &'a str,
    pub(super) cloud: &'a str,
    pub(super) seed: u64,
    pub(super) jobs: usize,
    /// The file of accounts that were lent to tests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) accounts: Option<std::borrow::Cow<'a, str>>,
    pub(super) selection: &'a str,
    pub(super) started: Option<Timestamp>,
    pub(super) duration_ms: u64,
    /// Whether the journal comes to its end.
    pub(super) complete: bool,
    pub(super) exit_code: Option<u8>,
    pub(super) refused: &'a [String],
    pub(super) counts: Counts,
    /// Tests without a verdict, where the journal breaks off; with `counts` they add
    /// up to what was selected.
    pub(super) without_verdict: usize,
    pub(super) causes: Vec<Group<'a>>,
    pub(super) skipped: Vec<Fate<'a>>,
    pub(super) not_run: Vec<Fate<'a>>,
    pub(super) left: Vec<String>,
    pub(super) tests: Vec<Line<'a>>,
    pub(super) services: Vec<Coverage<'a>>,
    pub(super) operations: Vec<Operation<'a>>,
}

/// Failures with one cause.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Group<'a> {
    pub(super) signature: String,
    pub(super) count: usize,
    pub(super) verdict: &'static str,
    pub(super) message: String,
    pub(super) tests: Vec<&'a str>,
    pub(super) sample: Sample<'a>,
}

/// The test whose evidence stands for its group.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Sample<'a> {
    pub(super) test: &'a str,
    /// The place in the source, or what the process last wrote.
    pub(super) reason: Vec<String>,
    /// Waits in vain, and notes.
    pub(super) seen: Vec<String>,
    /// How many requests it sent before it undid what it made.
    pub(super) sent: usize,
    /// The last of them.
    pub(super) exchanges: Vec<&'a Exchange>,
}

/// Tests that did not run for one reason.
#[derive(Debug, Serialize)]
pub(super) struct Fate<'a> {
    pub(super) reason: &'a str,
    pub(super) tests: Vec<&'a str>,
}

/// One test.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Line<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) verdict: &'static str,
    pub(super) duration_ms: u64,
    /// Milliseconds from the start of the run to its own.
    pub(super) started_ms: Option<u64>,
    pub(super) worker: Option<usize>,
    pub(super) attempts: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    /// The number of its group, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cause: Option<usize>,
}

/// How much of a service was exercised.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Coverage<'a> {
    pub(super) service: &'a str,
    pub(super) exercised: usize,
    /// How many operations its spec has.
    pub(super) operations: usize,
    pub(super) calls: usize,
    /// The microversions of its answers.
    pub(super) versions: Vec<Microversion>,
    /// What the cloud offers, in words; empty where it has no microversions.
    pub(super) offered: String,
}

/// One operation's calls, and how long they took.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Operation<'a> {
    pub(super) id: &'a str,
    pub(super) calls: usize,
    pub(super) failed: usize,
    pub(super) violating: usize,
    pub(super) median_ms: u64,
    pub(super) p95_ms: u64,
    pub(super) max_ms: u64,
    pub(super) versions: Vec<Microversion>,
}

impl Coverage<'_> {
    /// Gives the share of operations that were called.
    pub(super) fn percent(&self) -> usize {
        (self.exercised * 100).checked_div(self.operations).unwrap_or_default()
    }
}
