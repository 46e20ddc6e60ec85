//! An error in a filter, with its position.

use std::ops::Range;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

/// What is wrong in a filter, where, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.message)]
pub struct FilterError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    message: String,
    help: String,
    span: Range<usize>,
    text: NamedSource<String>,
}

impl FilterError {
    pub(super) fn new(
        source: &str,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        let text = NamedSource::new("filter", source.to_owned());
        Self(Box::new(Inner { message: message.into(), help: help.into(), span, text }))
    }

    /// Returns the bytes of the filter that the error points to.
    pub fn span(&self) -> Range<usize> {
        self.0.span.clone()
    }
}

impl Diagnostic for FilterError {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(&self.0.help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.0.text)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(LabeledSpan::underline(self.0.span.clone()))))
    }
}
