//! How far a document may grow when its references are put in place.
//!
//! A few lines can name each other so that they unfold to more than any memory
//! holds. No service comes near these bounds.

use std::cell::Cell;

use crate::diagnostic::Diagnostics;

/// How deep one schema may stand in another.
const DEPTH: usize = 96;

/// How many schemas there may be, parts counted.
const NODES: usize = 250_000;

/// Counts the schemas of a document while they are walked.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    depth: Cell<usize>,
    nodes: Cell<usize>,
    spent: Cell<bool>,
}

impl Budget {
    /// Goes a step into a schema; says no, and notes it once, past the bounds.
    pub(crate) fn enter(&self, sink: &mut Diagnostics) -> bool {
        self.depth.set(self.depth.get() + 1);
        self.nodes.set(self.nodes.get() + 1);
        if self.depth.get() <= DEPTH && self.nodes.get() <= NODES {
            return true;
        }
        self.spent.set(true);
        sink.error(
            "/components",
            format!("references unfold to more than {DEPTH} levels or {NODES} schemas"),
            "write fewer references that lead to further ones",
        );
        self.leave();
        false
    }

    /// Tells whether a step was ever refused.
    pub(crate) fn is_spent(&self) -> bool {
        self.spent.get()
    }

    /// Goes back out of a schema that was entered.
    pub(crate) fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }
}
