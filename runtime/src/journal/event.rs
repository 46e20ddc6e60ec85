//! What stands on one line of the journal.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use squall_model::VersionRange;

use super::{Counts, Verdict};
use crate::Failure;
use crate::features::Features;
use crate::registry::Test;

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
/// Tests are named by their id. Whatever is written by one test comes between
/// its [`Event::TestStarted`] and its [`Event::TestFinished`]; every selected
/// test has exactly one of the latter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Event {
    /// The first line: what is run, and how it can be run again.
    RunStarted(Header),
    /// A run that was killed or interrupted goes on. What came before stands, but
    /// for verdicts that a test did not run and for the run's end: [`read`] leaves
    /// them out.
    ///
    /// [`read`]: super::read()
    RunResumed {
        /// How many tests have their verdict from before.
        done: Counts,
    },
    /// The embedded cloud was started.
    CloudStarted {
        /// Its process id.
        pid: u32,
    },
    /// The cloud let us in; what it offers.
    CloudReady {
        /// Where its identity service is.
        auth_url: String,
        /// The services in its catalog.
        offers: Vec<Offer>,
        /// The features that the tests ask for, and where each is known from.
        #[serde(default, skip_serializing_if = "Features::is_empty")]
        features: Features,
    },
    /// The cloud did not let us in; no test can run.
    CloudRefused {
        /// What was tried, what came back, what to do: a line each.
        cause: Vec<String>,
    },
    /// A process that runs tests was started.
    WorkerStarted {
        /// Its process id.
        pid: u32,
    },
    /// A process that runs tests ended before it was done.
    WorkerLost {
        /// Its process id.
        pid: u32,
        /// What it died of.
        how: String,
        /// The test that took it down, where that is certain.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        culprit: Option<String>,
        /// The tests that were under way with it and start again.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        again: Vec<String>,
    },
    /// The fixture of a suite is being set up, in the name of a test that shares it.
    ///
    /// Its exchanges, waits and notes come under the suite's id until it is ready or
    /// has failed; those of its undoing come when its last test is done.
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
    /// A fixture was not set up: none of the tests that share it runs.
    FixtureFailed {
        /// The suite's id.
        suite: String,
        /// What went wrong.
        failure: Failure,
        /// How long it took until then, in milliseconds.
        duration_ms: u64,
    },
    /// A test waits for identities that others hold, and has for a while.
    Waiting {
        /// The test's id; the suite's, where its fixture waits.
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
    /// A test did not pass, and is tried again: its verdict is yet to come.
    AttemptFailed(TestResult),
    /// A test's body ended that made something: that is undone from here on.
    TestUndoing {
        /// The test's id.
        test: String,
    },
    /// A request went out and was answered, or not.
    Exchange {
        /// The test that sent it; none for the runner's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        test: Option<String>,
        /// What was sent and what came back.
        exchange: Box<squall_client::Exchange>,
    },
    /// A wait ended.
    Wait {
        /// The test that waited.
        test: String,
        /// What it saw.
        wait: WaitReport,
    },
    /// A test keeps something as evidence.
    Note {
        /// The test's id.
        test: String,
        /// What it is.
        key: String,
        /// The thing.
        value: Value,
    },
    /// A line that was written to standard output or error.
    Output {
        /// The line.
        text: String,
    },
    /// What was undone, by a test or at the end of the run.
    Cleanup {
        /// The test; none for what is left at the end of the run.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        test: Option<String>,
        /// What came of it.
        outcome: crate::cleanup::Outcome,
    },
    /// A test ended.
    TestFinished(TestResult),
    /// The user wants the run to stop.
    Interrupted {
        /// 1: nothing new starts and what was made is undone; 2: at once.
        times: u32,
    },
    /// The last line.
    RunFinished {
        /// What became of the tests.
        counts: Counts,
        /// How long the run took.
        duration_ms: u64,
        /// The exit code of `squall run`.
        exit_code: u8,
    },
}

/// What a run is of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Header {
    /// The run's id.
    pub run: String,
    /// The version of Squall.
    pub squall: String,
    /// The cloud's name in `clouds.yaml`; `embedded` for our own.
    pub cloud: String,
    /// What the embedded cloud's ids are made from.
    pub seed: u64,
    /// How many tests run at a time.
    pub jobs: usize,
    /// What each deadline is multiplied by.
    pub timeout_scale: f64,
    /// The file of accounts that were lent to tests; none where identities were made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accounts: Option<PathBuf>,
    /// The filter as it was given; empty for everything.
    pub selection: String,
    /// The tests that were selected, in the order they start in.
    pub tests: Vec<SelectedTest>,
}

/// A test that was selected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectedTest {
    /// Its id, which survives renaming.
    pub id: String,
    /// Its name in the source: module path and function.
    pub name: String,
    /// The package it is in.
    pub package: String,
}

impl From<&Test> for SelectedTest {
    fn from(test: &Test) -> Self {
        Self {
            id: test.id().to_owned(),
            name: test.name.clone(),
            package: test.descriptor.package.to_owned(),
        }
    }
}

/// A service that a cloud offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Our name for it, or its type in the catalog where we have none.
    pub service: String,
    /// Its microversions; open where it has none.
    pub versions: VersionRange,
}

/// How a wait went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct WaitReport {
    /// What was waited for.
    pub what: String,
    /// How long, in milliseconds.
    pub duration_ms: u64,
    /// Why it ended in vain; none when it was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The states that were seen, in order.
    pub saw: Vec<Observation>,
}

/// A state, and when it was first seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
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
    /// How long its body took, in milliseconds; 0 when it did not start.
    pub duration_ms: u64,
}
