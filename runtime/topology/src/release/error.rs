//! The errors of reading and installing releases.

use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

use super::Bundle;

/// A release that could not be read or installed.
#[derive(Debug, Error, Diagnostic)]
#[error("{what}: {kind}")]
#[diagnostic(help("{help}"))]
pub struct ReleaseError {
    /// The release, environment or file concerned.
    pub what: String,
    /// What happened.
    #[source]
    pub kind: ReleaseErrorKind,
    /// What to do.
    pub help: String,
}

/// The reasons why a release could not be read or installed.
#[derive(Debug, Error)]
pub enum ReleaseErrorKind {
    /// No release has that name.
    #[error("unknown release")]
    Unknown,
    /// The release's document is invalid.
    #[error("invalid document: {0}")]
    Unreadable(String),
    /// The environment's dependencies have not been locked.
    #[error("has no lock")]
    Unlocked,
    /// A file could not be read or written.
    #[error("{0}")]
    File(io::Error),
    /// No complete Python is new enough.
    #[error("no Python {oldest} or newer was found{}", Tried(.tried))]
    NoPython {
        /// The oldest version that is supported.
        oldest: String,
        /// What was found instead: the program with its version, or what it lacks.
        tried: Vec<String>,
    },
    /// A program failed; its log says why.
    #[error("`{program}` failed, see {}", log.display())]
    Program {
        /// The program with its first arguments.
        program: String,
        /// The log.
        log: PathBuf,
    },
}

impl ReleaseError {
    pub(super) fn unknown(name: &str, known: &[&str]) -> Self {
        let help = format!("known: {}", known.join(", "));
        Self { what: format!("release `{name}`"), kind: ReleaseErrorKind::Unknown, help }
    }

    pub(super) fn unreadable(name: &str, why: &dyn std::error::Error) -> Self {
        let kind = ReleaseErrorKind::Unreadable(why.to_string());
        let help = "the releases are part of squall: please report this".to_owned();
        Self { what: format!("release `{name}`"), kind, help }
    }

    pub(super) fn unlocked(release: &str, bundle: Bundle) -> Self {
        let help = "`cargo run -p squall-topology --example lock_releases` writes locks".to_owned();
        Self { what: format!("{bundle} of {release}"), kind: ReleaseErrorKind::Unlocked, help }
    }

    pub(super) fn file(path: &Path, error: io::Error) -> Self {
        let help = "check the folder's owner and the free space".to_owned();
        Self { what: path.display().to_string(), kind: ReleaseErrorKind::File(error), help }
    }
}

struct Tried<'a>(&'a [String]);

impl std::fmt::Display for Tried<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, "; found {}", self.0.join(", ")) }
    }
}
