//! The cells that a description reaches: every operation, at the first version of each
//! interval of its response schema.

use squall_model::{Microversion, Operation, VersionRange};

use super::how::{How, find};
use super::needs::Needs;
use crate::registry::Case;
use crate::services;

/// An operation at a version, and how it is called.
#[derive(Debug, Clone, Copy)]
pub struct DescribedCell {
    pub(super) operation: &'static Operation,
    pub(super) version: Option<Microversion>,
    pub(super) how: How,
}

/// Returns a case for each cell that the description of a service reaches, as in
/// `volume.snapshots.show@3.65`; without microversions as in `network.networks.show`.
///
/// A version that the cloud does not offer is skipped, as is what needs a feature or an
/// extension that it lacks.
pub fn cells(service: &str) -> Vec<Case<DescribedCell>> {
    let Some(spec) = services::named(service) else { return Vec::new() };
    let description = services::description(service);
    let mut cases = Vec::new();
    for operation in spec.operations {
        let Some(how) = find(description, operation) else { continue };
        let needs = Needs::of(operation, how);
        for interval in operation.response_intervals() {
            let version = interval.min.or(spec.versions.min);
            let id = match version {
                Some(version) => format!("{}@{version}", operation.id),
                None => operation.id.to_string(),
            };
            let range = version.map_or(VersionRange::ALL, VersionRange::only);
            let case = Case::new(id, DescribedCell { operation, version, how })
                .with_summary(summary(operation, version))
                .with_need(spec.name, range);
            cases.push(needs.add_to(case, spec.name));
        }
    }
    cases
}

fn summary(operation: &Operation, version: Option<Microversion>) -> String {
    let Operation { method, path, action, .. } = operation;
    let action = action.as_ref().map(|action| format!(" {action}")).unwrap_or_default();
    match version {
        Some(version) => format!("{method} {path}{action} is answered as described at {version}."),
        None => format!("{method} {path}{action} is answered as described."),
    }
}
