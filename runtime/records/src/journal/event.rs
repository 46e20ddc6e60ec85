//! The entries of the journal.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use squall_model::VersionRange;

use super::{Counts, Verdict};
use crate::Failure;
use crate::features::Features;

/// One line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// Something that happened in a run.
///
/// Tests are identified by their id. Everything from one test comes between its
/// [`Event::TestStarted`] and its [`Event::TestFinished`]; every selected test has
/// exactly one of the latter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Event {
    /// The first event: what is run, and how to run it again.
    RunStarted(Header),
    /// A run that was killed or interrupted is resumed. Earlier events stay valid, except
    /// for `NotRun` verdicts and `RunFinished`, which [`read`] leaves out.
    ///
    /// [`read`]: super::read()
    RunResumed {
        /// The counts of the verdicts so far.
        done: Counts,
    },
    /// The embedded cloud was started.
    CloudStarted {
        /// Its process id.
        pid: u32,
    },
    /// The connection to the cloud succeeded; what it offers.
    CloudReady {
        /// The URL of its identity service.
        auth_url: String,
        /// The endpoint used for each service type, without the project's id.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        endpoints: BTreeMap<String, String>,
        /// The services in its catalog.
        offers: Vec<Offer>,
        /// The features that the tests need, and where each was found out.
        #[serde(default, skip_serializing_if = "Features::is_empty")]
        features: Features,
    },
    /// The connection to the cloud failed; no test can run.
    CloudRefused {
        /// What was tried, what came back and what to do, as lines.
        cause: Vec<String>,
    },
    /// The cloud does not answer any more; the run ends.
    CloudLost {
        /// For how long, and what was tried last.
        cause: String,
    },
    /// An answer of the cloud could not be kept for `--observe`.
    AnswerNotKept {
        /// Why.
        cause: String,
    },
    /// A worker process was started.
    WorkerStarted {
        /// Its process id.
        pid: u32,
    },
    /// A worker process ended before it was done.
    WorkerLost {
        /// Its process id.
        pid: u32,
        /// How it ended.
        how: String,
        /// The test that caused it, if known for certain.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        culprit: Option<String>,
        /// The other running tests, which start again.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        again: Vec<String>,
    },
    /// The fixture of a suite is being set up, in the name of a test that shares it.
    ///
    /// Its exchanges, waits and notes have the suite's id until it is ready or has
    /// failed; those of its cleanup follow after its last test.
    FixtureStarted {
        /// The suite's id.
        suite: String,
        /// The test that came first.
        test: String,
        /// Its deadline in milliseconds.
        timeout_ms: u64,
    },
    /// A fixture is set up.
    FixtureReady {
        /// The suite's id.
        suite: String,
        /// How long that took, in milliseconds.
        duration_ms: u64,
    },
    /// The setup of a fixture failed: no test that shares it runs.
    FixtureFailed {
        /// The suite's id.
        suite: String,
        /// What went wrong.
        failure: Failure,
        /// How long it took until then, in milliseconds.
        duration_ms: u64,
    },
    /// A test has been waiting for identities for a while.
    Waiting {
        /// The id of the test, or of the suite if its fixture waits.
        test: String,
    },
    /// A test started.
    TestStarted {
        /// The test's id.
        test: String,
        /// 1, or more after a worker was lost.
        attempt: u32,
        /// Its deadline in milliseconds.
        timeout_ms: u64,
    },
    /// A test failed and is retried: its verdict follows.
    AttemptFailed(TestResult),
    /// A test's body ended, and its cleanup starts.
    TestUndoing {
        /// The test's id.
        test: String,
    },
    /// A request was sent, with its response or error.
    Exchange {
        /// The test that sent it; `None` for the runner's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        test: Option<String>,
        /// The request and the response.
        exchange: Box<squall_client::Exchange>,
    },
    /// A wait ended.
    Wait {
        /// The test that waited.
        test: String,
        /// What it saw.
        wait: WaitReport,
    },
    /// A note that a test recorded as evidence.
    Note {
        /// The test's id.
        test: String,
        /// Its key.
        key: String,
        /// Its value.
        value: Value,
    },
    /// A persona called an operation, to see whether the policy lets it.
    PolicyCell {
        /// The test's id.
        test: String,
        /// What was expected, and what was seen.
        cell: Box<crate::PolicyCell>,
    },
    /// A line written to standard output or standard error.
    Output {
        /// The line.
        text: String,
    },
    /// The result of a cleanup, of a test or at the end of the run.
    Cleanup {
        /// The test; `None` at the end of the run.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        test: Option<String>,
        /// The result.
        outcome: crate::ledger::CleanupOutcome,
    },
    /// A test ended.
    TestFinished(TestResult),
    /// The run was asked to stop.
    Interrupted {
        /// 1: no more tests start, and what was made is undone; 2: stop at once.
        times: u32,
    },
    /// The last event.
    RunFinished {
        /// What became of the tests.
        counts: Counts,
        /// How long the run took.
        duration_ms: u64,
        /// The exit code of `squall run`.
        exit_code: u8,
    },
}

/// The description of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Header {
    /// The run's id.
    pub run: String,
    /// The version of Squall.
    pub squall: String,
    /// The cloud's name in `clouds.yaml`; `embedded` for an in-process cloud.
    pub cloud: String,
    /// Whether the cloud was started by the run and ended with it.
    #[serde(default)]
    pub in_process: bool,
    /// The URL of the cloud's identity service, for a cloud of `clouds.yaml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_url: Option<String>,
    /// The seed of the embedded cloud's ids.
    pub seed: u64,
    /// How many tests run at a time.
    pub jobs: usize,
    /// The factor for every deadline.
    pub timeout_scale: f64,
    /// The accounts file; `None` if identities were created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accounts: Option<PathBuf>,
    /// The filter as given; empty for all tests.
    pub selection: String,
    /// Which tests of the program that selects; `None` in older journals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<SelectionScope>,
    /// The arguments of `run` that run the same again; empty in older journals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub again: Vec<String>,
    /// The operations that the embedded cloud only pretended, by the test that sent them.
    #[serde(default, skip_serializing_if = "Pretended::is_empty")]
    pub pretended: Pretended,
    /// The selected tests, in the order of their start.
    pub tests: Vec<SelectedTest>,
}

/// Operations that the embedded cloud only pretends, by the id of the test that sends them.
pub type Pretended = BTreeMap<String, BTreeSet<String>>;

/// Which tests of the program a run selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SelectionScope {
    /// All of them.
    All,
    /// Those that the filters select.
    Filter,
    /// Some of them: a shard, a list, those that failed before.
    Part,
}

impl Header {
    /// Returns which tests the run selected; of an older journal, as far as its filter tells.
    pub fn scope(&self) -> SelectionScope {
        let by_filter =
            if self.selection.is_empty() { SelectionScope::All } else { SelectionScope::Filter };
        self.scope.unwrap_or(by_filter)
    }
}

/// A test that was selected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectedTest {
    /// Its id, which stays the same when the test is renamed.
    pub id: String,
    /// Its name in the source: module path and function.
    pub name: String,
    /// The package it is in.
    pub package: String,
}

/// A service that a cloud offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Squall's name for it, or its type in the catalog if there is none.
    pub service: String,
    /// Its microversions; unbounded if it has none.
    pub versions: VersionRange,
}

/// How a wait went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct WaitReport {
    /// Where in the source it was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What was waited for.
    pub what: String,
    /// How long, in milliseconds.
    pub duration_ms: u64,
    /// Why it failed; `None` on success.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The observed states, in order.
    pub saw: Vec<ObservedState>,
}

/// A state, and when it was first observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedState {
    /// The state.
    pub state: String,
    /// Milliseconds from the start of the wait.
    pub at_ms: u64,
}

/// How a test ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct TestResult {
    /// The test's id.
    pub test: String,
    /// How it ended.
    pub verdict: Verdict,
    /// How long its body took, in milliseconds; 0 if it did not start.
    pub duration_ms: u64,
}
