//! Following `$ref`, within the document and within a schema of its own.

use serde_json::Value;

/// Finds what a reference points at.
pub(super) struct References<'a> {
    root: &'a Value,
}

impl<'a> References<'a> {
    pub(super) fn new(root: &'a Value) -> Self {
        Self { root }
    }

    /// Follows a reference; `base` is the schema that has `definitions` of its
    /// own, against which some services count.
    pub(super) fn target(&self, reference: &str, base: Option<&'a Value>) -> Option<&'a Value> {
        let path = reference.strip_prefix('#')?;
        self.root.pointer(path).or_else(|| base?.pointer(path))
    }

    /// Follows the reference that a value is, if it is one, to its end.
    pub(super) fn follow(&self, value: &'a Value) -> Option<&'a Value> {
        let mut value = value;
        // A chain that is longer goes round in a circle.
        for _ in 0..16 {
            match value.get("$ref").and_then(Value::as_str) {
                Some(reference) => value = self.target(reference, None)?,
                None => return Some(value),
            }
        }
        None
    }
}
