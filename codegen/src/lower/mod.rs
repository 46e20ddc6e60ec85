//! Lowers a document to the model, and checks it.
//!
//! Names, envelopes and the sharing of types are decided in [`crate::passes`].

mod content;
mod coverage;
mod extension;
mod history;
mod inline;
mod operation;
mod shape;

use serde_json::Value;
use squall_model::VersionRange;

use crate::budget::Budget;
use crate::diagnostic::Diagnostics;
use crate::model::{Service, Types, Version};
use crate::read::Document;
use extension::DocumentExtension;

pub use history::{compare as compare_history, history};

/// Lowers a document. Whatever cannot be lowered is reported and left out.
pub fn service(document: &Document, history: Vec<Version>, sink: &mut Diagnostics) -> Service {
    let extension = document.typed.extensions.get("x-openstack");
    let extension: DocumentExtension = extension::read(extension, "/x-openstack", sink);
    let url = document.typed.servers.first().map_or("", |server| server.url.as_str());
    let mut types = Types::default();
    let operations = operation::all(document, &extension, &mut types, sink);
    Service {
        service_type: extension.service_type.clone().unwrap_or_else(|| extension.service.clone()),
        name: extension.service,
        title: document.typed.info.title.clone(),
        version_path: url.trim_end_matches('/').to_owned(),
        versions: VersionRange::new(extension.min_ver, extension.max_ver),
        source: extension.source.join(", "),
        history,
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
