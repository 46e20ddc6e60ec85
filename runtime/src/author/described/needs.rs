//! What a cloud must have for an operation to be called: found by following the references of
//! its request, before anything runs.

use std::collections::BTreeSet;

use squall_description::placeholder::{Piece, Placeholder, pieces};
use squall_model::description::{DescribedRequest, Resource};
use squall_model::{Operation, VersionRange};

use super::how::{How, find};
use crate::registry::Case;
use crate::services;

/// What a cloud must have.
#[derive(Debug, Default)]
pub(crate) struct Needs {
    services: BTreeSet<&'static str>,
    features: BTreeSet<&'static str>,
    /// The kinds that were looked at.
    seen: BTreeSet<&'static str>,
}

impl Needs {
    /// Returns what the call of an operation needs.
    pub(crate) fn of(operation: &Operation, how: How) -> Self {
        let mut needs = Self::default();
        needs.operation(operation);
        match how {
            How::Creates(resource) => needs.resource(resource),
            How::Standard(resource, request) => {
                needs.resource(resource);
                needs.request(request);
            }
            How::Called(call) => {
                needs.request(&call.request);
                for before in call.before {
                    needs.called_before(before);
                }
                if let Some(resource) = call.on.and_then(|kind| services::resource(kind).ok()) {
                    needs.resource(resource);
                }
            }
        }
        needs
    }

    /// Adds what another request of it needs.
    pub(crate) fn and(mut self, request: &'static DescribedRequest) -> Self {
        self.request(request);
        self
    }

    /// Adds them to a case of a service.
    pub(crate) fn add_to<T>(&self, mut case: Case<T>, of: &str) -> Case<T> {
        for service in self.services.iter().filter(|service| **service != of) {
            case = case.with_need(service, VersionRange::ALL);
        }
        self.features.iter().fold(case, |case, feature| case.with_feature(feature))
    }

    /// Adds what an operation needs that is called first, on the same resource.
    fn called_before(&mut self, id: &str) {
        let Some((spec, operation)) = services::operation(id) else { return };
        self.operation(operation);
        match find(services::description(spec.name), operation) {
            Some(How::Creates(resource)) => self.resource(resource),
            Some(How::Standard(_, request)) => self.request(request),
            Some(How::Called(call)) => self.request(&call.request),
            None => {}
        }
    }

    fn operation(&mut self, operation: &Operation) {
        if let Some(alias) = &operation.extension {
            self.features.insert(format!("network.extension.{alias}").leak());
        }
    }

    fn resource(&mut self, resource: &'static Resource) {
        if !self.seen.insert(resource.kind.name) {
            return;
        }
        self.services.insert(resource.kind.service());
        if let Some(parent) = resource.within.and_then(|kind| services::resource(kind).ok()) {
            self.resource(parent);
        }
        if let Some(request) = resource.creating() {
            self.request(request);
        }
    }

    fn request(&mut self, request: &'static DescribedRequest) {
        if let Some((spec, operation)) = services::operation(request.operation) {
            self.services.insert(spec.name);
            self.operation(operation);
        }
        self.features.extend(request.features);
        for piece in request.texts().flat_map(|text| pieces(text).unwrap_or_default()) {
            match piece {
                Piece::Placeholder(Placeholder::Field(field)) => {
                    if let Ok(resource) = services::resource(field.kind) {
                        self.resource(resource);
                    }
                }
                Piece::Placeholder(Placeholder::Word(word)) => self.word(word),
                Piece::Placeholder(Placeholder::Target(_)) | Piece::Text(_) => {}
            }
        }
    }

    fn word(&mut self, word: &str) {
        match word {
            "image" => {
                self.services.insert("image");
            }
            "flavor" | "other_flavor" => {
                self.services.insert("compute");
            }
            "external_network" => {
                self.services.insert("network");
                self.features.insert("network.external");
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use squall_model::description::DescribedCall;

    use super::*;

    #[test]
    fn what_is_called_first_needs_what_it_needs_alone() {
        static CALL: DescribedCall = DescribedCall {
            before: &["compute.servers.pause", "volume.volumes.create"],
            ..DescribedCall::new(DescribedRequest::new("compute.servers.show"))
        };
        let (_, show) = services::operation("compute.servers.show").unwrap();
        let needs = Needs::of(show, How::Called(&CALL));
        assert!(needs.features.contains("compute.pause"), "{needs:?}");
        assert!(needs.services.contains("volume"), "{needs:?}");
    }
}
