//! The text of a document, and the locations of its values.

use std::sync::Arc;

use miette::NamedSource;
use squall_yaml::{Node, Position};

/// A document's text with the locations of its values. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Source(Arc<Held>);

#[derive(Debug)]
struct Held {
    code: NamedSource<String>,
    root: Node,
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

    /// Finds what a JSON pointer leads to, or its nearest existing ancestor: a scalar
    /// itself, and the key of a mapping or list.
    pub(crate) fn at(&self, pointer: &str) -> Position {
        self.0.root.locate(pointer).value
    }

    /// Finds the key that a JSON pointer ends with, or its nearest existing ancestor.
    pub(crate) fn key(&self, pointer: &str) -> Position {
        self.0.root.locate(pointer).key
    }
}

/// A document that was built in Rust has no text.
impl Default for Source {
    fn default() -> Self {
        Self::new("topology", "", Node::default())
    }
}
