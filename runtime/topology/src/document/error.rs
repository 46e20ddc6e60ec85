//! Why a topology could not be had.

use miette::Diagnostic;
use thiserror::Error;

use super::mistake::Mistakes;

/// A topology that could not be had.
#[derive(Debug, Error, Diagnostic)]
#[error("topology `{name}`: {kind}")]
#[diagnostic(help("{help}"))]
pub struct DocumentError {
    /// The name or path that it was asked for by.
    pub name: String,
    /// Why.
    #[source]
    pub kind: DocumentErrorKind,
    /// What to do.
    pub help: String,
}

/// Why a topology could not be had.
#[derive(Debug, Error)]
pub enum DocumentErrorKind {
    /// None of ours is called so, and no file either.
    #[error("none is called so, and there is no such file")]
    Unknown,
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(std::io::Error),
    /// The document is wrong.
    #[error("{0}")]
    Mistakes(Mistakes),
}
