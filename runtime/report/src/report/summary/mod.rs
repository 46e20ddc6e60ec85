//! The summary of a run: the JSON document, and the data of the HTML page.

mod sum;

use jiff::Timestamp;
use serde::Serialize;
use squall_model::{Microversion, ServiceSpec};

use super::run_record::RunRecord;
use crate::client::Exchange;
use crate::journal::{Counts, Entry};

/// Returns the summary of a run as one JSON document; `specs` are the services whose
/// operations it counts.
///
/// # Errors
/// The summary cannot be serialized.
pub fn summary<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    specs: &[&'static ServiceSpec],
) -> serde_json::Result<String> {
    let run_record = RunRecord::of(entries);
    Ok(serde_json::to_string_pretty(&Summary::of(&run_record, specs))? + "\n")
}

/// The summary of a run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Summary<'a> {
    pub(super) run: &'a str,
    pub(super) squall: &'a str,
    pub(super) cloud: &'a str,
    pub(super) seed: u64,
    pub(super) jobs: usize,
    /// The accounts file that the run used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) accounts: Option<std::borrow::Cow<'a, str>>,
    pub(super) selection: &'a str,
    /// The command that runs the same tests again, quoted for a shell.
    pub(super) run_again: String,
    pub(super) started: Option<Timestamp>,
    pub(super) duration_ms: u64,
    /// Whether the journal is complete.
    pub(super) complete: bool,
    pub(super) exit_code: Option<u8>,
    pub(super) refused: &'a [String],
    pub(super) counts: Counts,
    /// Tests without a verdict, if the journal is incomplete; together with `counts` they add
    /// up to the selected tests.
    pub(super) without_verdict: usize,
    pub(super) causes: Vec<Group<'a>>,
    pub(super) skipped: Vec<ReasonGroup<'a>>,
    pub(super) not_run: Vec<ReasonGroup<'a>>,
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

/// The test whose evidence represents its group.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Sample<'a> {
    pub(super) test: &'a str,
    /// The source location, or the last output of the process.
    pub(super) reason: Vec<String>,
    /// Failed waits, and notes.
    pub(super) seen: Vec<String>,
    /// The number of its requests, excluding cleanup.
    pub(super) sent: usize,
    /// The last of those requests.
    pub(super) exchanges: Vec<&'a Exchange>,
}

/// Tests that were skipped or did not run for one reason.
#[derive(Debug, Serialize)]
pub(super) struct ReasonGroup<'a> {
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
    /// Milliseconds from the start of the run to the start of the test.
    pub(super) started_ms: Option<u64>,
    pub(super) worker: Option<usize>,
    pub(super) attempts: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    /// The number of its cause, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cause: Option<usize>,
}

/// The operations of a service that were called.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Coverage<'a> {
    pub(super) service: &'a str,
    pub(super) exercised: usize,
    /// The number of operations in its spec.
    pub(super) operations: usize,
    pub(super) calls: usize,
    /// The microversions of its answers.
    pub(super) versions: Vec<Microversion>,
    /// The cloud's range as text; empty if it has no microversions.
    pub(super) offered: String,
}

/// One operation's calls and their durations.
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
    /// Returns the percentage of operations that were called.
    pub(super) fn percent(&self) -> usize {
        (self.exercised * 100).checked_div(self.operations).unwrap_or_default()
    }
}
