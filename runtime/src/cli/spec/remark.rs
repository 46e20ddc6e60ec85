//! A diagnostic about a document, shown with the line it points to.

use std::fmt;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use squall_codegen::diagnostic::Diagnostic;
use squall_model::Severity;

/// Longer lines are not shown: the document is probably minified.
const LINE: usize = 160;

/// A diagnostic of the generator with the line it points to.
#[derive(Debug)]
pub(super) struct Remark<'a> {
    about: &'a Diagnostic,
    line: Option<Line>,
}

impl<'a> Remark<'a> {
    /// Combines a diagnostic with the text of its line, if known.
    pub(super) fn new(about: &'a Diagnostic, text: Option<&str>) -> Self {
        let text = text.filter(|text| !text.trim().is_empty() && text.len() <= LINE);
        let line = about.line.zip(text).map(|(number, text)| Line {
            file: about.file.clone(),
            number,
            text: text.to_owned(),
        });
        Self { about, line }
    }
}

impl fmt::Display for Remark<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.about.message)?;
        if self.line.is_some() {
            return Ok(());
        }
        write!(f, "\n{}", self.about.file)?;
        if let Some(line) = self.about.line {
            write!(f, ":{line}")?;
        }
        if !self.about.pointer.is_empty() {
            write!(f, " at {}", self.about.pointer)?;
        }
        Ok(())
    }
}

impl std::error::Error for Remark<'_> {}

impl miette::Diagnostic for Remark<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.about.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = &self.about.help;
        (!help.is_empty()).then(|| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.line.as_ref().map(|line| line as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let text = &self.line.as_ref()?.text;
        let start = text.len() - text.trim_start().len();
        let label = Some(self.about.pointer.clone()).filter(|pointer| !pointer.is_empty());
        let label = LabeledSpan::new(label, start, text.trim().len());
        Some(Box::new(std::iter::once(label)))
    }
}

/// One line of a document, without the rest: documents are large and diagnostics many.
#[derive(Debug)]
struct Line {
    file: String,
    number: usize,
    text: String,
}

impl SourceCode for Line {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let whole = SourceSpan::from((0, self.text.len()));
        let first = self.number.saturating_sub(1);
        Ok(Box::new(MietteSpanContents::new_named(
            self.file.clone(),
            self.text.as_bytes(),
            whole,
            first,
            0,
            1,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnostic() -> Diagnostic {
        Diagnostic {
            file: "a.yaml".to_owned(),
            line: Some(7),
            pointer: "/paths/~1x".to_owned(),
            severity: Severity::Error,
            message: "`x` is odd".to_owned(),
            help: "write `y`".to_owned(),
        }
    }

    #[test]
    fn position_and_help_are_shown_with_and_without_the_line() {
        for line in [Some("  x: 1"), None] {
            let text = crate::cli::error::render(&Remark::new(&diagnostic(), line));
            for part in ["`x` is odd", "a.yaml:7", "/paths/~1x", "write `y`"] {
                assert!(text.contains(part), "{part} is not in\n{text}");
            }
        }
    }
}
