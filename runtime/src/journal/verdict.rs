//! How a test ended: one verdict for each test that was selected.

use serde::{Deserialize, Serialize};

use crate::Failure;

/// How a test ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Verdict {
    /// It ran to its end.
    Passed,
    /// It gave back an error, or panicked.
    Failed {
        /// What went wrong.
        failure: Failure,
    },
    /// It ran to its end, after attempts that did not (`--retries`): no plain pass.
    Flaky {
        /// How many attempts failed before.
        failed: u32,
        /// What went wrong in the first of them.
        failure: Failure,
    },
    /// It failed, as it is marked to until a bug is mended.
    KnownBug {
        /// The bug.
        bug: String,
        /// What went wrong.
        failure: Failure,
    },
    /// It did not apply here.
    Skipped {
        /// Why.
        reason: String,
    },
    /// It did not end within its deadline.
    TimedOut {
        /// The deadline in milliseconds.
        after_ms: u64,
        /// Whether it held on to its thread, so that it could not even be stopped.
        blocked: bool,
    },
    /// It took the process down with it.
    Crashed {
        /// What the process died of, as in `signal 6 (SIGABRT)`.
        how: String,
        /// The last lines the process wrote to its standard error.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        output: Vec<String>,
    },
    /// It was selected and never came to run, or not to its end.
    NotRun {
        /// Why.
        reason: String,
    },
}

impl Verdict {
    /// Gives the word that reports use.
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

    /// Tells whether a run that holds it did not succeed.
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
