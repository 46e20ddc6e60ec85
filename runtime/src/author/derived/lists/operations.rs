//! The list operations of a service whose items a description creates or finds.

use std::collections::BTreeSet;

use squall_model::description::{DescribedRequest, Resource};
use squall_model::{Method, Microversion, Operation, ServiceSpec, VersionRange};

use crate::services;

/// A list operation, and what it lists.
#[derive(Debug, Clone, Copy)]
pub(super) struct ListOperation {
    pub(super) spec: &'static ServiceSpec,
    pub(super) operation: &'static Operation,
    pub(super) resource: &'static Resource,
    pub(super) request: &'static DescribedRequest,
}

/// Returns the list operations of a service, each with the first resource that has it.
pub(super) fn of(spec: &'static ServiceSpec) -> Vec<ListOperation> {
    let description = services::description(spec.name);
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for resource in description.resources {
        for request in resource.standard {
            let Some((_, operation)) = services::operation(request.operation) else { continue };
            let lists = operation.method == Method::Get && operation.verb().starts_with("list");
            if lists && seen.insert(request.operation) {
                found.push(ListOperation { spec, operation, resource, request });
            }
        }
    }
    found
}

impl ListOperation {
    /// Returns the versions that both the service and the operation have.
    pub(super) fn versions(&self) -> VersionRange {
        let both = self.spec.versions.intersect(&self.operation.versions);
        both.unwrap_or(self.operation.versions)
    }

    /// Returns the newest of them; `None` for a service without microversions.
    pub(super) fn newest(&self) -> Option<Microversion> {
        self.spec.has_microversions().then(|| self.versions().max).flatten()
    }

    /// Returns the JSON pointer to the items in an answer.
    pub(super) fn collection(&self) -> &str {
        let paging = self.operation.paging.as_ref();
        paging.map_or(self.resource.collection, |paging| paging.collection())
    }
}
