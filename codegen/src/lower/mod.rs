//! Lowers a document to the model, and checks it.
//!
//! Names, envelopes and the sharing of types are decided in [`crate::passes`].

mod content;
mod coverage;
mod errors;
mod extension;
mod headers;
mod history;
mod inline;
mod operation;
mod shape;

use serde_json::Value;
use squall_model::{SharedSchemas, VersionRange};

use crate::budget::Budget;
use crate::diagnostic::Diagnostics;
use crate::model::{Service, Types, Version};
use crate::read::Document;
use extension::DocumentExtension;

pub use history::{compare as compare_history, compare_kinds, history};

/// Lowers a document. Whatever cannot be lowered is reported and left out.
pub fn service(document: &Document, history: Vec<Version>, sink: &mut Diagnostics) -> Service {
    let extension = document.typed.extensions.get("x-openstack");
    let extension: DocumentExtension = extension::read(extension, "/x-openstack", sink);
    let url = document.typed.servers.first().map_or("", |server| server.url.as_str());
    let mut types = Types::default();
    let mut lower = Lower {
        raw: &document.raw,
        versions: document.versions,
        is_ours: document.is_ours,
        types: &mut types,
        sink,
        budget: Budget::default(),
    };
    let components = document.typed.components.as_ref();
    let shared = SharedSchemas {
        forms: components.map(|found| lower.forms(found)).unwrap_or_default(),
        request_headers: lower.shared_headers(headers::REQUEST, &extension.request_headers),
        response_headers: lower.shared_headers(headers::RESPONSE, &extension.response_headers),
    };
    let operations = lower.all(document, &extension);
    Service {
        service_type: extension.service_type.clone().unwrap_or_else(|| extension.service.clone()),
        name: extension.service,
        title: document.typed.info.title.clone(),
        version_path: url.trim_end_matches('/').to_owned(),
        versions: VersionRange::new(extension.min_ver, extension.max_ver),
        source: extension.source.join(", "),
        history,
        shared,
        operations,
        types,
    }
}

/// The state of lowering.
struct Lower<'a> {
    raw: &'a Value,
    /// The service's range of microversions.
    versions: VersionRange,
    /// Whether the document is in the project's own form.
    is_ours: bool,
    types: &'a mut Types,
    sink: &'a mut Diagnostics,
    budget: Budget,
}
