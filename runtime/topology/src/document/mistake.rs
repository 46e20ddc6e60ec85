//! Mistakes in a topology: what is wrong, where, and what to do.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, SourceCode};
use squall_yaml::Position;

use super::source::Source;

/// One mistake, with the text that it was found in.
#[derive(Debug, Clone)]
pub struct Mistake {
    what: String,
    help: String,
    position: Position,
    source: Source,
}

impl Mistake {
    pub(crate) fn new(
        source: &Source,
        position: Position,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { what: what.into(), help: help.into(), position, source: source.clone() }
    }

    /// The line, from 1; 0 for a value that is in no document.
    pub fn line(&self) -> usize {
        usize::try_from(self.position.line).unwrap_or_default()
    }

    /// The column, from 1.
    pub fn column(&self) -> usize {
        usize::try_from(self.position.column).unwrap_or_default()
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
        // A value from the command line is in no document.
        (self.position.line > 0).then(|| self.source.code() as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let number = |n: u32| usize::try_from(n).unwrap_or_default();
        let Position { offset, length, .. } = self.position;
        let label = LabeledSpan::new(None, number(offset), number(length));
        (self.position.line > 0).then(|| Box::new(std::iter::once(label)) as Box<_>)
    }
}

/// All mistakes of a topology, in the order of its lines; at least one.
#[derive(Debug, Clone)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    pub(crate) fn only(mistake: Mistake) -> Self {
        Self(vec![mistake])
    }

    /// Returns the value where there are no mistakes.
    pub(crate) fn or<T>(mut mistakes: Vec<Mistake>, read: impl FnOnce() -> T) -> Result<T, Self> {
        if mistakes.is_empty() {
            return Ok(read());
        }
        mistakes.sort_by(|a, b| (a.position.offset, &a.what).cmp(&(b.position.offset, &b.what)));
        mistakes.dedup_by(|a, b| a.position == b.position && a.what == b.what);
        Err(Self(mistakes))
    }

    /// Returns an iterator over the mistakes.
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

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(all) = self;
        let file = all.first().map_or("the topology", |mistake| mistake.source.name());
        match all.len() {
            1 => write!(f, "{file} has a mistake"),
            many => write!(f, "{file} has {many} mistakes"),
        }
    }
}

impl std::error::Error for Mistakes {}

impl Diagnostic for Mistakes {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.0.iter().map(|mistake| mistake as &dyn Diagnostic)))
    }
}
