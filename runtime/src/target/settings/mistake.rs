//! A mistake in a settings file, with its location.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

/// A mistake: what is wrong, where, and what to do.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{what}")]
pub struct Mistake {
    what: String,
    help: String,
    line: usize,
    span: Range<usize>,
    text: Arc<NamedSource<String>>,
}

impl Mistake {
    /// Returns the line, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Returns what to do about it.
    pub fn advice(&self) -> &str {
        &self.help
    }
}

impl Diagnostic for Mistake {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.text.as_ref())
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(LabeledSpan::underline(self.span.clone()))))
    }
}

/// The text of a file, for the locations of mistakes.
pub(crate) struct Text<'a> {
    name: &'a str,
    whole: &'a str,
    named: Arc<NamedSource<String>>,
}

impl<'a> Text<'a> {
    pub(crate) fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, whole: text, named: Arc::new(NamedSource::new(name, text.to_owned())) }
    }

    /// Returns the line of a byte.
    pub(super) fn line(&self, at: usize) -> usize {
        let before = self.whole.as_bytes().iter().take(at);
        before.filter(|byte| **byte == b'\n').count() + 1
    }

    /// Returns the file and the line of a byte.
    pub(super) fn place(&self, at: usize) -> crate::features::Line {
        crate::features::Line { file: self.name.to_owned(), line: self.line(at) }
    }

    pub(crate) fn mistake(&self, span: Range<usize>, what: String, help: String) -> Mistake {
        let line = self.line(span.start);
        Mistake { what, help, line, span, text: Arc::clone(&self.named) }
    }
}
