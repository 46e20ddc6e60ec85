//! How a test ended: one verdict for each selected test.

use serde::{Deserialize, Serialize};

use crate::Failure;

/// How a test ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Verdict {
    /// It passed.
    Passed,
    /// It returned an error, or panicked.
    Failed {
        /// The failure.
        failure: Failure,
    },
    /// It passed after failed attempts (`--retries`).
    Flaky {
        /// How many attempts failed.
        failed: u32,
        /// The failure of the first one.
        failure: Failure,
    },
    /// It failed, and is marked as a known bug.
    KnownBug {
        /// The bug.
        bug: String,
        /// What went wrong.
        failure: Failure,
    },
    /// It does not apply to this cloud.
    Skipped {
        /// Why.
        reason: String,
    },
    /// It exceeded its deadline.
    TimedOut {
        /// The deadline in milliseconds.
        after_ms: u64,
        /// Whether it blocked its thread, so that it could not be stopped.
        blocked: bool,
    },
    /// It crashed the process.
    Crashed {
        /// How the process ended, for example `signal 6 (SIGABRT)`.
        how: String,
        /// The last lines that the process wrote to standard error.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        output: Vec<String>,
    },
    /// It was selected but did not run, or not to its end.
    NotRun {
        /// Why.
        reason: String,
    },
}

impl Verdict {
    /// Returns the word used in reports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed { .. } => "failed",
            Self::Flaky { .. } => "flaky",
            Self::KnownBug { .. } => "known bug",
            Self::Skipped { .. } => "skipped",
            Self::TimedOut { .. } => "timed out",
            Self::Crashed { .. } => "crashed",
            Self::NotRun { .. } => "not run",
        }
    }

    /// Whether it fails the run.
    pub fn is_bad(&self) -> bool {
        matches!(
            self,
            Self::Failed { .. }
                | Self::TimedOut { .. }
                | Self::Crashed { .. }
                | Self::NotRun { .. }
        )
    }
}
