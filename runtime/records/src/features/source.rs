//! The source of a fact about a cloud.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a fact about a cloud comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Source {
    /// An answer of the cloud.
    Answer {
        /// The operation's id, or `session.…` for the session's own requests.
        operation: String,
        /// The service's request id, if it sent one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
    },
    /// A line of a settings file.
    Hand(Line),
    /// An assumption: it cannot be detected, and clouds usually have it, or using it would do
    /// harm where it is not meant to be.
    Assumed,
    /// Nothing: it cannot be detected, and no settings file has it.
    #[serde(alias = "nobody")]
    Unknown,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The file, as given.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl Source {
    /// Returns the source for an operation's answer.
    pub fn answer(operation: &str, request_id: Option<&str>) -> Self {
        Self::Answer { operation: operation.to_owned(), request_id: request_id.map(str::to_owned) }
    }

    /// Whether it comes from a settings file.
    pub fn is_by_hand(&self) -> bool {
        matches!(self, Self::Hand(_))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer { operation, request_id: None } => f.write_str(operation),
            Self::Answer { operation, request_id: Some(id) } => write!(f, "{operation}, {id}"),
            Self::Hand(line) => write!(f, "set by {line}"),
            Self::Assumed => f.write_str("assumed: not detectable"),
            Self::Unknown => f.write_str("no source"),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
