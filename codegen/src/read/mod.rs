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
pub mod versions;

use std::collections::BTreeSet;

use openapiv3::OpenAPI;
use serde_json::Value;
use squall_model::{Microversion, VersionRange};

use crate::diagnostic::{Diagnostic, Diagnostics};

pub use lint::{header, operation};
pub use raw::value;
use versions::Versions;

/// A document: typed for its structure, raw for its schemas.
#[derive(Debug)]
pub struct Document {
    /// The document as `openapiv3` types.
    pub typed: OpenAPI,
    /// The same document as a JSON value.
    pub raw: Value,
    /// The service's range of microversions.
    pub versions: VersionRange,
    /// Whether the document is in the project's own form, in which everything can be said.
    pub is_ours: bool,
}

/// Reads a document, and compares its version marks with the versions in the history.
///
/// The diagnostics have pointers into the document, and no lines yet.
pub fn document(
    text: &str,
    history: Option<&BTreeSet<Microversion>>,
    sink: &mut Diagnostics,
) -> Option<Document> {
    let raw = value(text, sink)?;
    let is_ours = is_ours(&raw);
    let raw = if is_ours { raw } else { published::normalise(&raw, sink)? };
    let service = versions::of_service(&raw, sink);
    if is_ours {
        versions::check(&raw, &[], &Versions { service, history }, sink);
    }
    let typed = lint::document(&raw, sink)?;
    Some(Document { typed, raw, versions: service, is_ours })
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
