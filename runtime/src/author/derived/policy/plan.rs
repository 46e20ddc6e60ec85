//! The plan: which rule is tried by which operation, and why another is not.

use squall_model::description::{Condition, DescribedRequest};
use squall_model::{Gate, Kind, Method, Microversion, Operation, ServiceSpec, VersionRange};

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
    /// The request that makes the service ask the rule.
    pub(super) request: &'static DescribedRequest,
    /// The kind of the resource that it has to be about, if it is another than usual.
    pub(super) on: Option<&'static str>,
    /// The fields of the answer that only those see whom the rule allows it; empty if the service
    /// refuses the others.
    pub(super) shows: &'static [&'static str],
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

/// Returns a case for each rule of a service and each described operation that asks it, as in
/// `compute.os_compute_api.servers.show.by.servers.show`: for every request, or under a condition
/// that the description has.
pub fn cases(service: &str) -> Vec<Case<PolicyCase>> {
    let Some(spec) = services::named(service) else { return Vec::new() };
    let mut cases = Vec::new();
    for operation in spec.operations {
        let Some(how) = callable(spec, operation) else { continue };
        let Some(usual) = request(how) else { continue };
        for policy in operation.policies.iter() {
            let rule = policy.rule.as_ref();
            let asked = match policy.gate {
                Gate::Gate => Some((usual, None, &[][..])),
                Gate::Conditional => condition(spec, operation, rule, usual),
            };
            if let Some((request, on, shows)) = asked {
                cases.push(case(PolicyCase { spec, operation, how, rule, request, on, shows }));
            }
        }
    }
    cases
}

/// The request, what it is about, and the fields that it shows.
type Asked = (&'static DescribedRequest, Option<&'static str>, &'static [&'static str]);

/// Returns what makes a service ask a rule that it does not ask for every request.
///
/// Network asks `get_port:binding:host_id` about the field `binding:host_id` of every port that it
/// shows.
fn condition(
    spec: &ServiceSpec,
    operation: &Operation,
    rule: &'static str,
    usual: &'static DescribedRequest,
) -> Option<Asked> {
    let conditions = services::description(spec.name).conditions;
    let is_it = |one: &&Condition| one.rule == rule && one.request.operation == operation.id;
    if let Some(Condition { request, on, shows, .. }) = conditions.iter().find(is_it) {
        return Some((request, *on, shows));
    }
    let field = rule.strip_prefix("get_")?.split_once(':')?.1;
    let shows = spec.name == "network" && operation.method == Method::Get;
    shows.then(|| (usual, None, &*vec![field].leak()))
}

/// Returns how an operation is called so that it succeeds; `None` if it is not.
fn callable(spec: &ServiceSpec, operation: &Operation) -> Option<How> {
    let how = find(services::description(spec.name), operation)?;
    let is_refused = match how {
        How::Called(call) => call.answers.is_some(),
        How::Creates(_) | How::Standard(..) => false,
    };
    let is_refused = is_refused || request(how)?.answer_at(newest(spec, operation)).is_some();
    (!is_refused).then_some(how)
}

fn newest(spec: &ServiceSpec, operation: &Operation) -> Option<Microversion> {
    let both = spec.versions.intersect(&operation.versions);
    spec.has_microversions().then(|| both.and_then(|both| both.max)).flatten()
}

fn case(case: PolicyCase) -> Case<PolicyCase> {
    let PolicyCase { spec, operation, how, rule, request, .. } = case;
    let Operation { id, method, path, action, .. } = operation;
    let action = action.as_ref().map(|action| format!(" {action}")).unwrap_or_default();
    let tried_by = id.split_once('.').map_or(id.as_ref(), |(_, rest)| rest);
    let case = Case::new(format!("{}.{}.by.{tried_by}", spec.name, word(rule)), case)
        .with_summary(format!("{method} {path}{action} is for those whom {rule} allows it."))
        .with_need(spec.name, VersionRange::ALL);
    Needs::of(operation, how).and(request).add_to(case, spec.name)
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
        // Under a condition that is described, and one that follows from the name.
        let forced = "compute.os_compute_api.servers.create.forced_host.by.servers.create";
        assert!(compute.contains(forced));
        assert!(network.contains("network.get_port.binding.host_id.by.ports.show"));
    }

    #[test]
    fn ids_are_unique() {
        for spec in services::built_in() {
            assert_eq!(ids(spec.name).len(), cases(spec.name).len(), "{}", spec.name);
        }
    }
}
