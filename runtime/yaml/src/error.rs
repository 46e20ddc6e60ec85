//! What is wrong with a document, and where.

use std::fmt;

use crate::Position;

/// A document that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Where, as far as it is known.
    pub position: Option<Position>,
    /// What is wrong, as a fragment that reads after a colon.
    pub what: String,
}

impl Error {
    pub(crate) fn at(position: Position, what: impl Into<String>) -> Self {
        Self { position: Some(position), what: what.into() }
    }

    /// Adds a position where none is known yet.
    pub(crate) fn or_at(mut self, position: Position) -> Self {
        self.position.get_or_insert(position);
        self
    }

    /// Returns the line, from 1.
    pub fn line(&self) -> Option<u32> {
        self.position.map(|position| position.line)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = self.position {
            write!(f, "line {} column {}: ", position.line, position.column)?;
        }
        f.write_str(&self.what)
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { position: None, what: message.to_string() }
    }
}
