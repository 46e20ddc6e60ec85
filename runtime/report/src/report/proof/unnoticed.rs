//! The list of operations that a test need not notice, each with its reason.

use std::fmt;

/// An operation that a test need not notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unnoticed {
    /// The test's id.
    pub test: String,
    /// The operation's id.
    pub operation: String,
    /// Why.
    pub reason: String,
}

/// A line that is not `TEST OPERATION REASON`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnnoticedError {
    /// The line's number, from 1.
    pub line: usize,
    /// What it lacks.
    pub lacks: &'static str,
}

impl Unnoticed {
    /// Reads a list: a test's id, an operation's id and a reason in each line, separated by
    /// spaces. Blank lines and lines that begin with `#` are ignored.
    ///
    /// # Errors
    /// The first line without an operation or without a reason.
    pub fn read(text: &str) -> Result<Vec<Self>, UnnoticedError> {
        let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
        let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        lines.map(|(at, line)| Self::parse(at, line)).collect()
    }

    fn parse(at: usize, text: &str) -> Result<Self, UnnoticedError> {
        let lacks = |lacks| UnnoticedError { line: at, lacks };
        let (test, rest) = text.split_once(char::is_whitespace).ok_or(lacks("operation"))?;
        let (operation, reason) =
            rest.trim_start().split_once(char::is_whitespace).ok_or(lacks("reason"))?;
        Ok(Self {
            test: test.to_owned(),
            operation: operation.to_owned(),
            reason: reason.trim_start().to_owned(),
        })
    }
}

impl fmt::Display for UnnoticedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} has no {}", self.line, self.lacks)
    }
}

impl std::error::Error for UnnoticedError {}
