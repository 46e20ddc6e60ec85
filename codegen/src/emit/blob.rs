//! Writes the schemas of all operations into one blob, one JSON document for each
//! operation, so that a client reads only those of the operations it calls.

use serde_json::Value;
use squall_model::canonical;

use crate::model::{Operation, Service};

/// The blob's file name.
pub const FILE: &str = "schemas.json";

/// The blob and the positions of the operations' documents in it.
#[derive(Debug, Clone, Default)]
pub struct Blob {
    /// All documents, one on each line.
    pub bytes: Vec<u8>,
    /// Start and length of each document, in the order of the operations.
    pub places: Vec<(usize, usize)>,
}

/// Emits the blob.
pub fn emit(service: &Service) -> Blob {
    let mut blob = Blob::default();
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
    let value = serde_json::to_value(&operation.schemas).unwrap_or(Value::Null);
    canonical::text(&value)
}
