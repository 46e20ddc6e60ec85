//! A finding: a deviation that was found somewhere, as data.
//!
//! Spec lints, drift, response validation and reports all speak in findings.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; normal.
    Note,
    /// Worth mending; nothing stops.
    Warning,
    /// Wrong.
    Error,
}

/// A deviation, where it is, what shows it, and what mends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of deviation, in kebab case, as in `response-does-not-match`.
    pub code: String,
    /// How much it weighs.
    pub severity: Severity,
    /// Where: a file, an operation, a test; the reader must find it by this.
    pub place: String,
    /// A JSON pointer inside the place, empty for the whole of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pointer: String,
    /// What differs, in one line.
    pub message: String,
    /// What was seen that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Finding {
    /// Makes an error; `with_…` adds what else is known.
    pub fn error(code: &str, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            severity: Severity::Error,
            place: place.into(),
            pointer: String::new(),
            message: message.into(),
            evidence: None,
            help: None,
        }
    }

    /// Makes a warning.
    pub fn warning(code: &str, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, place, message) }
    }

    /// Adds the JSON pointer.
    #[must_use]
    pub fn with_pointer(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = pointer.into();
        self
    }

    /// Adds what shows it.
    #[must_use]
    pub fn with_evidence(mut self, evidence: impl Into<String>) -> Self {
        self.evidence = Some(evidence.into());
        self
    }

    /// Adds what mends it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}: {}", self.place, self.pointer, self.message)
    }
}
