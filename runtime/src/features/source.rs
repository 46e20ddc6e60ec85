//! Where something that is known of a cloud comes from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Who says something of a cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Source {
    /// The cloud, when it was asked.
    Answer {
        /// The operation's id, or `session.…` for what a session asks by itself.
        operation: String,
        /// The service's id of the request, where it gave one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
    },
    /// Somebody, in a file of settings.
    Hand(Line),
    /// Nobody: there is nothing to ask, and clouds usually have it.
    Assumed,
    /// Nobody: no question is known, and no file says it.
    Nobody,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The file, as it was given.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl Source {
    /// Names an operation that was asked.
    pub fn answer(operation: &str, request_id: Option<&str>) -> Self {
        Self::Answer { operation: operation.to_owned(), request_id: request_id.map(str::to_owned) }
    }

    /// Tells whether it was set by hand.
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
            Self::Assumed => f.write_str("assumed, for there is nothing to ask"),
            Self::Nobody => f.write_str("nobody"),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
