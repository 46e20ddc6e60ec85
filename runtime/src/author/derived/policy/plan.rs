//! The plan: which rule is tried by which operation, and why another is not.

use squall_model::{Gate, Kind, Microversion, Operation, ServiceSpec, VersionRange};

use crate::derived::case::request;
use crate::described::{How, Needs, find};
use crate::registry::Case;
use crate::services;

/// A rule, and an operation that checks it.
#[derive(Debug, Clone, Copy)]
pub struct PolicyCase {
    pub(super) spec: &'static ServiceSpec,
    pub(super) operation: &'static Operation,
    pub(super) how: How,
    pub(super) rule: &'static str,
}

impl PolicyCase {
    /// Returns the kind of the resource that the request is about, or that it creates.
    pub(super) fn kind(&self) -> Option<&'static Kind> {
        match self.how {
            How::Creates(resource) | How::Standard(resource, _) => Some(resource.kind),
            How::Called(call) => {
                call.on.and_then(|kind| services::resource(kind).ok()).map(|one| one.kind)
            }
        }
    }
}

/// Returns a case for each rule of a service and each described operation that checks it for every
/// request, as in `compute.os_compute_api.servers.show.by.servers.show`.
pub fn cases(service: &str) -> Vec<Case<PolicyCase>> {
    let Some(spec) = services::named(service) else { return Vec::new() };
    let mut cases = Vec::new();
    for operation in spec.operations {
        let Ok(how) = callable(spec, operation) else { continue };
        for policy in operation.policies.iter() {
            if policy.gate == Gate::Gate {
                cases.push(case(spec, operation, how, policy.rule.as_ref()));
            }
        }
    }
    cases
}

/// Returns how an operation is called so that it succeeds, or why it is not.
fn callable(spec: &ServiceSpec, operation: &Operation) -> Result<How, String> {
    let description = services::description(spec.name);
    let unreachable = description.unreachable.iter().find(|one| one.operation == operation.id);
    if let Some(unreachable) = unreachable {
        return Err(unreachable.reason.to_owned());
    }
    let how = find(description, operation).ok_or("it is not described")?;
    let described = request(how).ok_or("nothing calls it")?;
    let refused = match how {
        How::Called(call) => call.answers,
        How::Creates(_) | How::Standard(..) => None,
    };
    let refused =
        refused.map(|(status, _)| status).or_else(|| described.answer_at(newest(spec, operation)));
    match refused {
        Some(status) => Err(format!("it is answered with {status} whoever sends it")),
        None => Ok(how),
    }
}

fn newest(spec: &ServiceSpec, operation: &Operation) -> Option<Microversion> {
    let both = spec.versions.intersect(&operation.versions);
    spec.has_microversions().then(|| both.and_then(|both| both.max)).flatten()
}

fn case(
    spec: &'static ServiceSpec,
    operation: &'static Operation,
    how: How,
    rule: &'static str,
) -> Case<PolicyCase> {
    let Operation { id, method, path, action, .. } = operation;
    let action = action.as_ref().map(|action| format!(" {action}")).unwrap_or_default();
    let tried_by = id.split_once('.').map_or(id.as_ref(), |(_, rest)| rest);
    let case = Case::new(
        format!("{}.{}.by.{tried_by}", spec.name, word(rule)),
        PolicyCase { spec, operation, how, rule },
    )
    .with_summary(format!("{method} {path}{action} is for those whom {rule} allows it."))
    .with_need(spec.name, VersionRange::ALL);
    Needs::of(operation, how).add_to(case, spec.name)
}

/// Writes a rule's name as a part of an id.
fn word(rule: &str) -> String {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    let lower = rule.chars().map(|c| c.to_ascii_lowercase());
    lower.map(|c| if allowed(c) { c } else { '.' }).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn ids(service: &str) -> BTreeSet<String> {
        cases(service).iter().map(|case| case.id().to_owned()).collect()
    }

    #[test]
    fn a_rule_has_a_case_for_each_operation_that_always_checks_it() {
        let compute = ids("compute");
        for id in [
            "compute.os_compute_api.servers.show.by.servers.show",
            "compute.os_compute_api.os-aggregates.delete.by.aggregates.delete",
            "compute.os_compute_api.servers.reboot.by.servers.reboot",
        ] {
            assert!(compute.contains(id), "{id}: {compute:?}");
        }
        let network = ids("network");
        assert!(network.contains("network.get_network.by.networks.show"));
        assert!(network.contains("network.get_network.by.networks.list"));
    }

    #[test]
    fn ids_are_unique() {
        for spec in services::built_in() {
            assert_eq!(ids(spec.name).len(), cases(spec.name).len(), "{}", spec.name);
        }
    }
}
