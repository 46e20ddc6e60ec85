//! An error or warning about an input document, with its position, and the sink that
//! collects them.
//!
//! Reporting does not stop a step: it leaves the part out and goes on, and the caller
//! checks [`Diagnostics::has_errors`] at the end. That way all errors are reported at once.

use squall_model::Severity;
pub use squall_model::diagnostic::Diagnostic;
pub use squall_model::pointer::join as pointer;

/// Collects the diagnostics about one file.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    file: String,
    found: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Creates an empty sink for a file.
    pub fn new(file: impl Into<String>) -> Self {
        Self { file: file.into(), found: Vec::new() }
    }

    /// Reports an error: the document cannot be used as it is.
    pub fn error(
        &mut self,
        pointer: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(Severity::Error, pointer.into(), message.into(), help.into());
    }

    /// Reports a warning: something is left out, or read in a way worth checking.
    pub fn warning(
        &mut self,
        pointer: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.add(Severity::Warning, pointer.into(), message.into(), help.into());
    }

    fn add(&mut self, severity: Severity, pointer: String, message: String, help: String) {
        // Two steps may report the same problem; the first is closer to its cause.
        let known = |d: &Diagnostic| d.severity == severity && d.pointer == pointer;
        if !pointer.is_empty() && self.found.iter().any(known) {
            return;
        }
        let file = self.file.clone();
        self.found.push(Diagnostic { file, line: None, pointer, severity, message, help });
    }

    /// Adds an existing diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether there is an error at a pointer or below it.
    pub fn has_error_below(&self, pointer: &str) -> bool {
        let below = |at: &str| {
            at.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.found.iter().any(|d| d.severity == Severity::Error && below(&d.pointer))
    }

    /// Returns the name of the file.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns the diagnostics in the order in which they were reported.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }

    /// Returns the diagnostics without duplicates, sorted by position, the most severe
    /// first.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort_by(|a, b| {
            (&a.file, a.line, &a.pointer, std::cmp::Reverse(a.severity), &a.message).cmp(&(
                &b.file,
                b.line,
                &b.pointer,
                std::cmp::Reverse(b.severity),
                &b.message,
            ))
        });
        self.found.dedup();
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_shows_its_position_and_help() {
        let mut sink = Diagnostics::new("a.yaml");
        sink.error("/paths/~1x", "`x` is odd", "write `y`");
        let text = sink.iter().next().map(ToString::to_string);
        assert_eq!(
            text.as_deref(),
            Some("error: `x` is odd\n  --> a.yaml#/paths/~1x\n  help: write `y`")
        );
    }

    #[test]
    fn a_token_with_a_slash_is_escaped() {
        assert_eq!(pointer("/paths", "/servers/{id}"), "/paths/~1servers~1{id}");
    }
}
