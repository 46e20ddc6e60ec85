//! A mistake in a file of accepted findings.

use std::fmt;

use miette::Diagnostic;

/// A mistake in a file of accepted findings: where, what is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u64>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub help: String,
}

impl fmt::Display for AcceptedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, what, .. } = self;
        match line {
            Some(line) => write!(f, "{file}:{line}: {what}"),
            None => write!(f, "{file}: {what}"),
        }
    }
}

impl std::error::Error for AcceptedError {}

impl Diagnostic for AcceptedError {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }
}
