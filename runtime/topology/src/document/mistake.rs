//! Mistakes in a topology: what, where, what to do.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, SourceCode};

use super::source::{Place, Source};

/// One mistake, with the text it was found in.
#[derive(Debug, Clone)]
pub struct Mistake {
    what: String,
    help: String,
    place: Place,
    source: Source,
}

impl Mistake {
    pub(crate) fn new(
        source: &Source,
        place: Place,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { what: what.into(), help: help.into(), place, source: source.clone() }
    }

    /// The line, from 1.
    pub fn line(&self) -> usize {
        self.place.line
    }

    /// The column, from 1.
    pub fn column(&self) -> usize {
        self.place.column
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Mistake {}

impl Diagnostic for Mistake {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| Box::new(&self.help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.source.code())
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new(None, self.place.offset, self.place.length);
        Some(Box::new(std::iter::once(label)))
    }
}

/// Every mistake of a topology, in the order of its lines; at least one.
#[derive(Debug, Clone)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    pub(crate) fn only(mistake: Mistake) -> Self {
        Self(vec![mistake])
    }

    /// Gives what was read where there are none.
    pub(crate) fn or<T>(mut mistakes: Vec<Mistake>, read: impl FnOnce() -> T) -> Result<T, Self> {
        if mistakes.is_empty() {
            return Ok(read());
        }
        mistakes.sort_by(|a, b| (a.place.offset, &a.what).cmp(&(b.place.offset, &b.what)));
        mistakes.dedup_by(|a, b| a.place == b.place && a.what == b.what);
        Err(Self(mistakes))
    }

    /// Gives them one by one.
    pub fn iter(&self) -> impl Iterator<Item = &Mistake> {
        self.0.iter()
    }
}

impl IntoIterator for Mistakes {
    type Item = Mistake;
    type IntoIter = std::vec::IntoIter<Mistake>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A line each, for what renders no diagnostics.
impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, mistake) in self.0.iter().enumerate() {
            let Mistake { what, help, place, source } = mistake;
            let start = if at == 0 { "" } else { "\n" };
            let (file, line, column) = (source.name(), place.line, place.column);
            write!(f, "{start}{file}:{line}:{column}: {what}; {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}
