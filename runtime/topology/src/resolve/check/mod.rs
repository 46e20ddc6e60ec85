//! The semantic mistakes in a document whose shape is valid.

mod cycles;
mod names;
mod needs;
mod processes;

use crate::document::{Document, Mistake};

/// Returns all mistakes.
pub(super) fn mistakes(document: &Document) -> Vec<Mistake> {
    let mut found = Found { document, mistakes: Vec::new() };
    names::check(&mut found);
    processes::check(&mut found);
    needs::check(&mut found);
    cycles::check(&mut found);
    found.mistakes
}

/// Collects mistakes.
struct Found<'a> {
    document: &'a Document,
    mistakes: Vec<Mistake>,
}

impl Found<'_> {
    /// Adds a mistake at the value that a JSON pointer leads to.
    fn at(&mut self, pointer: &str, what: impl Into<String>, help: impl Into<String>) {
        let source = &self.document.source;
        self.mistakes.push(Mistake::new(source, source.at(pointer), what, help));
    }
}

/// Returns the first duplicate entry of a list, with its index.
fn repeated<T: PartialEq>(list: &[T]) -> Option<(usize, &T)> {
    list.iter().enumerate().find(|(at, item)| list[..*at].contains(item))
}
