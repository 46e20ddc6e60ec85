//! Follows `$ref`s within the document.

use serde_json::Value;

use crate::reference;

/// Resolves references.
pub(super) struct References<'a> {
    root: &'a Value,
}

impl<'a> References<'a> {
    pub(super) fn new(root: &'a Value) -> Self {
        Self { root }
    }

    /// Returns the target of a reference. `base` is an enclosing schema with its own
    /// `definitions`, to which some services' pointers are relative.
    pub(super) fn target(&self, reference: &str, base: Option<&'a Value>) -> Option<&'a Value> {
        reference::target(self.root, reference).or_else(|| reference::target(base?, reference))
    }

    /// Follows a value that is a reference, and references that it leads to.
    pub(super) fn follow(&self, value: &'a Value) -> Option<&'a Value> {
        let mut value = value;
        // A longer chain is a cycle.
        for _ in 0..16 {
            match value.get("$ref").and_then(Value::as_str) {
                Some(reference) => value = self.target(reference, None)?,
                None => return Some(value),
            }
        }
        None
    }
}
