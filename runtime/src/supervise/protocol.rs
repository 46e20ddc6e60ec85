//! What the supervisor and its worker say to each other: JSON lines over the
//! worker's standard input and output.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::embedded::Access;
use crate::execute::Limits;
use crate::journal::Entry;
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

/// A line from a worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "kebab-case")]
pub(super) enum Message {
    /// Something happened.
    Happened {
        /// What.
        entry: Entry,
    },
    /// The last line: everything was run, or the worker retired.
    Done,
}
