//! Limits on how far a document may grow when its references are inlined.
//!
//! A few lines that refer to each other can expand to more than fits in memory. No
//! real service comes near these limits.

use std::cell::Cell;

use crate::diagnostic::Diagnostics;

/// How deeply schemas may be nested.
const DEPTH: usize = 96;

/// How many schemas there may be, subschemas included.
const NODES: usize = 250_000;

/// Counts the schemas of a document while they are walked.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    depth: Cell<usize>,
    nodes: Cell<usize>,
    spent: Cell<bool>,
}

impl Budget {
    /// Enters a schema. Returns false past the limits, and reports that once.
    pub(crate) fn enter(&self, sink: &mut Diagnostics) -> bool {
        self.depth.set(self.depth.get() + 1);
        self.nodes.set(self.nodes.get() + 1);
        if self.depth.get() <= DEPTH && self.nodes.get() <= NODES {
            return true;
        }
        self.spent.set(true);
        sink.error(
            "/components",
            format!("references expand to more than {DEPTH} levels or {NODES} schemas"),
            "reduce the nesting of references to schemas that contain further references",
        );
        self.leave();
        false
    }

    /// Whether a limit was ever exceeded.
    pub(crate) fn is_spent(&self) -> bool {
        self.spent.get()
    }

    /// Leaves a schema that was entered.
    pub(crate) fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }
}
