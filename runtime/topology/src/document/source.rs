//! The text of a document, and the locations of its values.

use std::sync::Arc;

use miette::NamedSource;

use super::tree::Node;

/// A document's text with the locations of its values. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Source(Arc<Held>);

#[derive(Debug)]
struct Held {
    code: NamedSource<String>,
    root: Node,
}

/// A piece of the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// The line, from 1.
    pub(crate) line: usize,
    /// The column, from 1.
    pub(crate) column: usize,
    /// The first byte.
    pub(crate) offset: usize,
    /// The length in bytes.
    pub(crate) length: usize,
}

impl Source {
    pub(super) fn new(name: &str, text: &str, root: Node) -> Self {
        let code = NamedSource::new(name, text.to_owned()).with_language("YAML");
        Self(Arc::new(Held { code, root }))
    }

    /// The name of its file.
    pub(crate) fn name(&self) -> &str {
        self.0.code.name()
    }

    pub(super) fn code(&self) -> &NamedSource<String> {
        &self.0.code
    }

    pub(super) fn root(&self) -> &Node {
        &self.0.root
    }

    /// Finds the byte range for a line and column.
    pub(super) fn found(&self, place: Place) -> Place {
        let text = self.0.code.inner();
        let before: usize =
            text.split_inclusive('\n').take(place.line.saturating_sub(1)).map(str::len).sum();
        let line = text[before..].lines().next().unwrap_or_default();
        let column = line.char_indices().nth(place.column.saturating_sub(1));
        Place { offset: before + column.map_or(line.len(), |(at, _)| at), ..place }
    }

    /// Finds what a JSON pointer leads to, or its nearest existing ancestor: a scalar
    /// itself, and the key of a mapping or list.
    pub(crate) fn at(&self, pointer: &str) -> Place {
        self.0.root.locate(pointer).1
    }

    /// Finds the key that a JSON pointer ends with, or its nearest existing ancestor.
    pub(crate) fn key(&self, pointer: &str) -> Place {
        self.0.root.locate(pointer).0
    }
}

/// A document that was built in Rust has no text.
impl Default for Source {
    fn default() -> Self {
        Self::new("topology", "", Node::default())
    }
}
