//! Why a topology could not be had.

use std::fmt;

use miette::Diagnostic;
use thiserror::Error;

use super::mistake::Mistakes;

/// A topology that could not be had.
#[derive(Debug, Error)]
#[error("topology `{name}`: {kind}")]
pub struct DocumentError {
    /// The name or path that it was asked for by.
    pub name: String,
    /// Why; the error's own words tell it.
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
