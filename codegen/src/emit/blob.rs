//! Writes the schemas of all operations into one blob: a JSON document of what they share, and
//! one for each operation, so that a client reads only those of the operations it calls.

use serde::Serialize;
use serde_json::Value;
use squall_model::canonical;

use crate::model::{Operation, Service};

/// The blob's file name.
pub const FILE: &str = "schemas.json";

/// The blob and the positions of the operations' documents in it.
#[derive(Debug, Clone, Default)]
pub struct Blob {
    /// All documents, one on each line; the first has what the operations share.
    pub bytes: Vec<u8>,
    /// The length of the first document.
    pub shared: usize,
    /// Start and length of each document, in the order of the operations.
    pub places: Vec<(usize, usize)>,
}

/// Emits the blob.
pub fn emit(service: &Service) -> Blob {
    let shared = text(&service.shared);
    let mut blob = Blob { shared: shared.len(), ..Blob::default() };
    blob.bytes.extend_from_slice(shared.as_bytes());
    blob.bytes.push(b'\n');
    for operation in &service.operations {
        let text = document(operation);
        blob.places.push((blob.bytes.len(), text.len()));
        blob.bytes.extend_from_slice(text.as_bytes());
        blob.bytes.push(b'\n');
    }
    blob
}

/// Writes an operation's schemas with sorted keys.
pub(super) fn document(operation: &Operation) -> String {
    text(&operation.schemas)
}

fn text(schemas: &impl Serialize) -> String {
    canonical::text(&serde_json::to_value(schemas).unwrap_or(Value::Null))
}
