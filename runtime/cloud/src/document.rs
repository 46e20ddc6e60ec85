//! Resources that are kept as the JSON object they are shown as.

use serde_json::{Map, Value};

use crate::fault::Fault;

/// A resource as its attributes.
pub(crate) type Document = Map<String, Value>;

/// Makes a document from a `json!` object; anything else gives an empty one.
pub(crate) fn document(value: Value) -> Document {
    match value {
        Value::Object(map) => map,
        _ => Document::new(),
    }
}

/// Reads an attribute as text, empty where it is absent or something else.
pub(crate) fn text<'a>(document: &'a Document, key: &str) -> &'a str {
    document.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Reads an attribute as a flag, false where it is absent or something else.
pub(crate) fn flag(document: &Document, key: &str) -> bool {
    document.get(key).and_then(Value::as_bool).unwrap_or_default()
}

/// Reads an attribute that must be there and be a text.
pub(crate) fn required<'a>(document: &'a Document, key: &str) -> Result<&'a str, Fault> {
    document
        .get(key)
        .and_then(Value::as_str)
        .ok_or_else(|| Fault::bad_request(format!("'{key}' is a required property")))
}

/// Copies every attribute of `changes` over those of `document`.
pub(crate) fn merge(document: &mut Document, changes: &Document) {
    for (key, value) in changes {
        document.insert(key.clone(), value.clone());
    }
}
