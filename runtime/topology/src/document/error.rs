//! The errors of loading a topology.

use std::fmt;

use miette::Diagnostic;
use thiserror::Error;

use super::mistake::Mistakes;

/// A topology that could not be loaded.
#[derive(Debug, Error)]
#[error("topology `{name}`: {kind}")]
pub struct DocumentError {
    /// The name or path that was asked for.
    pub name: String,
    /// The reason.
    pub kind: DocumentErrorKind,
    /// What to do.
    pub help: String,
}

impl Diagnostic for DocumentError {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        match &self.kind {
            DocumentErrorKind::Mistakes(mistakes) => mistakes.related(),
            _ => None,
        }
    }
}

/// The reason why a topology could not be loaded.
#[derive(Debug, Error)]
pub enum DocumentErrorKind {
    /// Neither a shipped topology nor a file has this name.
    #[error("no shipped topology or file has this name")]
    Unknown,
    /// The file cannot be read.
    #[error("cannot read the file: {0}")]
    Unreadable(std::io::Error),
    /// The document has mistakes.
    #[error("{0}")]
    Mistakes(Mistakes),
}
