//! Reads a document's text into a typed document.
//!
//! Four steps: parse the text into a raw value; normalise a document that is not in the
//! project's own form ([`published`]); read it into `openapiv3` types, with a round trip that
//! finds what they lose (`lint`); and add line numbers to the diagnostics.

pub mod ids;
mod known;
mod lines;
mod lint;
pub mod published;
mod raw;

use openapiv3::OpenAPI;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics};

pub use lint::operation;
pub use raw::value;

/// A document: typed for its structure, raw for its schemas.
#[derive(Debug)]
pub struct Document {
    /// The document as `openapiv3` types.
    pub typed: OpenAPI,
    /// The same document as a JSON value.
    pub raw: Value,
}

/// Reads a document. The diagnostics have pointers into the document, and no lines yet.
pub fn document(text: &str, sink: &mut Diagnostics) -> Option<Document> {
    let raw = value(text, sink)?;
    let raw = if is_ours(&raw) { raw } else { published::normalise(&raw, sink)? };
    let typed = lint::document(&raw, sink)?;
    Some(Document { typed, raw })
}

/// Returns the diagnostics, sorted and with their lines.
pub fn explain(text: &str, sink: Diagnostics) -> Vec<Diagnostic> {
    let mut found = sink.into_sorted();
    lines::fill(text, &mut found);
    found
}

/// Whether a document is in the project's own form, which names the service.
fn is_ours(raw: &Value) -> bool {
    raw.pointer("/x-openstack/service").is_some()
}
