//! Why a release could not be read or installed.

use std::path::PathBuf;

use miette::Diagnostic;
use thiserror::Error;

/// A release that could not be read or installed.
#[derive(Debug, Error, Diagnostic)]
#[error("{what}: {kind}")]
#[diagnostic(help("{help}"))]
pub struct ReleaseError {
    /// The release, environment or file that it happened to.
    pub what: String,
    /// What happened.
    #[source]
    pub kind: ReleaseErrorKind,
    /// What to try.
    pub help: String,
}

/// What happened to a release.
#[derive(Debug, Error)]
pub enum ReleaseErrorKind {
    /// No release has that name.
    #[error("no such release")]
    Unknown,
    /// A file could not be read or written.
    #[error("{0}")]
    File(std::io::Error),
    /// A program failed; its log says why.
    #[error("`{program}` failed, see {}", log.display())]
    Program {
        /// The program with its first arguments.
        program: String,
        /// The log.
        log: PathBuf,
    },
}
