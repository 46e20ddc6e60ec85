//! From a document's text to the typed document, every refusal noted.
//!
//! Four steps: the raw value once; for what is not in the project's own form,
//! one normalising pass ([`published`]); the typed reading, whose losses are
//! found by a round trip (`lint`); and the lines of whatever was noted.

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

/// A document that was read: typed for its structure, raw for its schemas.
#[derive(Debug)]
pub struct Document {
    /// The document as `openapiv3` sees it.
    pub typed: OpenAPI,
    /// The same document as a value, in which every pointer can be followed.
    pub raw: Value,
}

/// Reads a document; what `sink` holds afterwards has its pointers into it.
pub fn document(text: &str, sink: &mut Diagnostics) -> Option<Document> {
    let raw = value(text, sink)?;
    let raw = if is_ours(&raw) { raw } else { published::normalise(&raw, sink)? };
    let typed = lint::document(&raw, sink)?;
    Some(Document { typed, raw })
}

/// Gives the diagnostics up, sorted and with their lines.
pub fn explain(text: &str, sink: Diagnostics) -> Vec<Diagnostic> {
    let mut found = sink.into_sorted();
    lines::fill(text, &mut found);
    found
}

/// Tells whether a document is in the project's own form, which names its service.
fn is_ours(raw: &Value) -> bool {
    raw.pointer("/x-openstack/service").is_some()
}
