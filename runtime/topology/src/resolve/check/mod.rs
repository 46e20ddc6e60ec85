//! The mistakes of sense in a document whose shape is right.

mod cycles;
mod names;
mod needs;
mod processes;

use crate::document::{Document, Mistake};

/// Gives all of them.
pub(super) fn mistakes(document: &Document) -> Vec<Mistake> {
    let mut found = Found { document, mistakes: Vec::new() };
    names::check(&mut found);
    processes::check(&mut found);
    needs::check(&mut found);
    cycles::check(&mut found);
    found.mistakes
}

/// Mistakes as they are found.
struct Found<'a> {
    document: &'a Document,
    mistakes: Vec<Mistake>,
}

impl Found<'_> {
    /// Adds one, at what a JSON pointer leads to.
    fn at(&mut self, pointer: &str, what: impl Into<String>, help: impl Into<String>) {
        let source = &self.document.source;
        self.mistakes.push(Mistake::new(source, source.at(pointer), what, help));
    }
}

/// Gives the first entry of a list that was there before, with its index.
fn repeated<T: PartialEq>(list: &[T]) -> Option<(usize, &T)> {
    list.iter().enumerate().find(|(at, item)| list[..*at].contains(item))
}
