//! The generator's model of a service: operations and an arena of types.
//!
//! It imports nothing from its siblings and knows neither OpenAPI, from which it is lowered,
//! nor Rust, to which it is emitted.

mod operation;
mod types;

use std::collections::BTreeMap;

use squall_model::{FormSource, Microversion, SharedSchemas, VersionKind, VersionRange};

pub use operation::{Content, Names, Operation, Part};
pub use types::{Field, Record, Role, Type, TypeId, Types};

/// A service.
#[derive(Debug, Clone)]
pub struct Service {
    /// The first part of its operations' ids, as in `object_storage`.
    pub name: String,
    /// The official service type, as in `object-store`.
    pub service_type: String,
    /// A title, as in `The OpenStack compute API`.
    pub title: String,
    /// The path of the API version below the endpoint, as in `/v2.1`.
    pub version_path: String,
    /// The microversions it has; open at both ends where it has none.
    pub versions: VersionRange,
    /// The packages it was harvested from, as in `nova 34.0.0`.
    pub source: String,
    /// Every microversion, ascending.
    pub history: Vec<Version>,
    /// The forms of errors, and the headers of every message.
    pub shared: SharedSchemas,
    /// Every operation.
    pub operations: Vec<Operation>,
    /// The types of the operations.
    pub types: Types,
}

impl Service {
    /// Returns the range with the ends left open that are the service's own.
    pub fn notable(&self, range: VersionRange) -> VersionRange {
        VersionRange::new(
            range.min.filter(|min| self.versions.min.is_none_or(|first| *min > first)),
            range.max.filter(|max| self.versions.max.is_none_or(|last| *max < last)),
        )
    }
}

impl Service {
    /// Returns the versions at which something changes that is sent or answered, each with the
    /// first thing that does.
    ///
    /// These are operations, requests, queries, statuses, bodies of success and of errors, and
    /// headers.
    pub fn changes(&self) -> BTreeMap<Microversion, String> {
        let mut found = BTreeMap::new();
        let mut note = |versions: Vec<Microversion>, what: &dyn Fn() -> String| {
            for version in versions.into_iter().filter(|v| self.versions.min != Some(*v)) {
                found.entry(version).or_insert_with(what);
            }
        };
        let ends = |range: VersionRange| range.ends().collect::<Vec<_>>();
        for operation in &self.operations {
            let id = &operation.id;
            note(ends(operation.versions), &|| format!("{id} comes or goes"));
            note(operation.request_boundaries(), &|| format!("the request of {id} changes"));
            note(operation.response_boundaries(), &|| format!("the response of {id} changes"));
            for error in &operation.schemas.errors {
                let status = error.status;
                note(ends(error.versions), &|| format!("{status} of {id} comes or goes"));
                if let FormSource::Own(form) = &error.form {
                    let boundaries = form.boundaries().into_iter().collect();
                    note(boundaries, &|| format!("the error {status} of {id} changes"));
                }
            }
        }
        for (name, form) in &self.shared.forms {
            let boundaries = form.boundaries().into_iter().collect();
            note(boundaries, &|| format!("the form {name} of errors changes"));
        }
        for header in self.shared.request_headers.iter().chain(&self.shared.response_headers) {
            let boundaries = header.boundaries().into_iter().collect();
            note(boundaries, &|| format!("the header `{}` changes", header.name));
        }
        found
    }
}

/// One microversion of a service.
#[derive(Debug, Clone)]
pub struct Version {
    /// The version.
    pub version: Microversion,
    /// Whether the spec shows the change.
    pub kind: VersionKind,
    /// What it changed, in one line.
    pub summary: String,
}
