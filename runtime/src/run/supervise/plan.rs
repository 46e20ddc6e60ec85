//! What a run does: its tests and its options.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::accepted::Accepted;
use crate::journal::{self, Counts, Pretended, SelectionScope};
use crate::observed::CloudUnderObservation;
use crate::plan::Capacities;
use crate::registry::Test;
use crate::settings::CloudSettings;

/// What to run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The directory that `.squall` is in.
    pub base: PathBuf,
    /// The program with the subcommands `worker` and `cloud serve`: this one.
    pub program: PathBuf,
    /// The cloud's name in `clouds.yaml`; `None` for an embedded cloud.
    pub cloud: Option<String>,
    /// The accounts file whose accounts tests borrow; `None` to create identities.
    pub accounts: Option<PathBuf>,
    /// The user's settings for the cloud.
    pub settings: CloudSettings,
    /// The findings that are accepted of the cloud.
    pub accepted: Accepted,
    /// The tests, in order.
    pub tests: Vec<Test>,
    /// The filter as given.
    pub selection: String,
    /// Which tests of the program that selects.
    pub scope: SelectionScope,
    /// The arguments of `run` that run the same again.
    pub again: Vec<String>,
    /// How many tests run at a time.
    pub jobs: usize,
    /// The capacities that tests' claims share.
    pub capacities: Capacities,
    /// The seed of the embedded cloud's ids.
    pub seed: u64,
    /// The factor for every deadline.
    pub timeout_scale: f64,
    /// How often a failing test is retried.
    pub retries: u32,
    /// Where to keep what the cloud answers, if anywhere.
    pub observe: Option<Observe>,
    /// The operations that the embedded cloud only pretends.
    pub pretended: Pretended,
    /// The run to resume; the plan's tests are those without a verdict.
    pub resume: Option<Resume>,
}

/// Where a run keeps what the cloud answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Observe {
    /// The directory.
    pub dir: PathBuf,
    /// What is known of the cloud.
    pub cloud: CloudUnderObservation,
}

/// A run to resume.
#[derive(Debug, Clone)]
pub struct Resume {
    /// Its id.
    pub run: String,
    /// Its directory.
    pub run_dir: PathBuf,
    /// The counts of its verdicts so far.
    pub done: Counts,
    /// The cloud it used, if its journal says so.
    pub target: Option<journal::Target>,
}
