//! Whether services answer more than their version documents.

use std::collections::BTreeMap;

use squall_model::{ServiceSpec, VersionRange};

use super::{Found, Probe, Problem};
use crate::features::{FailureKind, ProbeFailure, Source};
use crate::services;

/// A request: the service, the operation, its query, and where the list is in the answer.
type Cheap = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

/// One cheap request of services that no other part of a preflight asks.
const REQUESTS: [Cheap; 3] = [
    ("identity", "identity.regions.list", &[], "/regions"),
    ("object_storage", "object_storage.containers.list", &[("format", "json")], ""),
    ("placement", "placement.resource_providers.list", &[], "/resource_providers"),
];

/// The services that other parts of a preflight ask.
const ASKED: [&str; 4] = ["compute", "image", "network", "volume"];

/// Returns the request of each service that no other part asks. One without a request of its
/// own is asked for its first list that needs neither a parameter nor a certain microversion.
fn requests() -> impl Iterator<Item = Cheap> {
    let known = |name: &str| ASKED.contains(&name) || REQUESTS.iter().any(|row| row.0 == name);
    let others = services::built_in().iter().copied().filter(move |spec| !known(spec.name));
    REQUESTS.into_iter().chain(others.filter_map(first_list))
}

fn first_list(spec: &'static ServiceSpec) -> Option<Cheap> {
    let operation = spec.operations.iter().find(|operation| {
        operation.id.ends_with(".list")
            && operation.path_parameters().next().is_none()
            && operation.versions == VersionRange::ALL
    })?;
    Some((spec.name, operation.id.as_ref(), &[], ""))
}

/// Requests for optional parts of a service, which may be switched off.
const OPTIONAL: [&str; 5] = [
    "image.import_info.show",
    "network.agents.list",
    "network.quotas.show_default",
    "network.quotas.show_details",
    "object_storage.info.show",
];

/// How many failed requests of a service are listed.
const LISTED: usize = 3;

/// Sends one request to every service that no other part asks.
pub(super) async fn examine(probe: &Probe<'_>) -> Found {
    let mut found = Found::default();
    for (service, operation, query, pointer) in requests() {
        if !probe.facts.has(service) {
            continue;
        }
        if let Err(failure) = probe.ask(operation, &[], query, pointer).await {
            // An account of object storage is created with its first container.
            if service != "object_storage" || failure.kind != FailureKind::Missing {
                found.failed(&failure);
            }
        }
    }
    found
}

/// Turns failed requests into one problem per service.
///
/// A request that the credential may not send proves that the service answers, and so does a 404
/// of the service itself to a request for an optional part.
pub(super) fn problems(failures: &[ProbeFailure]) -> Vec<Problem> {
    let mut by_service: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ProbeFailure { kind, why, source } in failures {
        let Source::Answer { operation, .. } = source else { continue };
        let is_problem = match kind {
            FailureKind::Forbidden => false,
            FailureKind::Missing => !OPTIONAL.contains(&operation.as_str()),
            FailureKind::Broken => true,
        };
        if is_problem {
            let service = services::service_of(operation);
            let line = format!("{operation}: {}", why.lines().next().unwrap_or_default());
            let lines = by_service.entry(service).or_default();
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    let problem = |(service, lines): (&str, Vec<String>)| {
        let more = match lines.len().checked_sub(LISTED) {
            None | Some(0) => String::new(),
            Some(more) => format!("; and {more} more"),
        };
        let shown = lines[..lines.len().min(LISTED)].join("; ");
        Problem {
            what: format!("{service} does not answer as it should: {shown}{more}"),
            help: "check the service's log and what is between it and this machine; tests of it \
                   will run and fail"
                .to_owned(),
        }
    };
    by_service.into_iter().map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: FailureKind, operation: &str) -> ProbeFailure {
        ProbeFailure { kind, why: "it answered".into(), source: Source::answer(operation, None) }
    }

    #[test]
    fn every_request_is_one_that_a_spec_has() {
        let requests = requests().map(|(_, operation, ..)| operation);
        for operation in requests.chain(OPTIONAL) {
            assert!(services::operation(operation).is_some(), "{operation}");
        }
    }

    #[test]
    fn a_service_without_a_request_of_its_own_is_asked_for_its_first_list() {
        let first = |name| first_list(services::built_in_named(name).unwrap()).map(|row| row.1);
        assert_eq!(first("identity"), Some("identity.auth_domains.list"));
        let asked: Vec<&str> = requests().map(|row| row.0).chain(ASKED).collect();
        for spec in services::built_in() {
            assert!(asked.contains(&spec.name), "{}", spec.name);
        }
    }

    #[test]
    fn a_service_is_one_problem_however_many_requests_fail() {
        let operations =
            ["compute.flavors.list_detail", "compute.services.list", "image.images.list"];
        let failures = operations.map(|operation| failure(FailureKind::Broken, operation));
        let problems = problems(&failures);
        assert_eq!(problems.len(), 2);
        assert_eq!(
            problems[0].what,
            "compute does not answer as it should: compute.flavors.list_detail: it answered; \
             compute.services.list: it answered"
        );
    }

    #[test]
    fn what_may_not_be_asked_or_is_switched_off_is_no_problem() {
        let fine = [
            failure(FailureKind::Forbidden, "compute.flavors.list_detail"),
            failure(FailureKind::Missing, "network.agents.list"),
        ];
        assert_eq!(problems(&fine), []);
        let missing = [failure(FailureKind::Missing, "compute.flavors.list_detail")];
        assert_eq!(problems(&missing).len(), 1);
    }
}
