//! The sink that collects what is wrong in a description.

use squall_model::{Diagnostic, Severity};

/// Collects what is wrong in one file.
pub(crate) struct Problems {
    file: String,
    found: Vec<Diagnostic>,
}

impl Problems {
    pub(crate) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), found: Vec::new() }
    }

    pub(crate) fn add(
        &mut self,
        line: Option<u32>,
        pointer: String,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.found.push(Diagnostic {
            file: self.file.clone(),
            line: line.and_then(|line| usize::try_from(line).ok()),
            pointer,
            severity: Severity::Error,
            message: message.into(),
            help: help.into(),
        });
    }

    /// Returns what was found in the order of the file; `Ok` if that is nothing.
    pub(crate) fn or<T>(mut self, value: T) -> Result<T, Vec<Diagnostic>> {
        if self.found.is_empty() {
            return Ok(value);
        }
        self.found.sort();
        self.found.dedup();
        Err(self.found)
    }
}
