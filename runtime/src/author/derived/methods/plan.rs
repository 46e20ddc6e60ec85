//! The cases of a service: what each operation documents, and what each path does not have.

use std::collections::{BTreeMap, BTreeSet};

use squall_model::description::DescribedBody;
use squall_model::{Method, Microversion, Operation, ServiceSpec, VersionRange};

use crate::described::Needs;
use crate::described::{How, find};
use crate::registry::Case;
use crate::services;

/// A request that a service refuses before it looks at what it is about.
#[derive(Debug, Clone, Copy)]
pub struct MethodCase {
    pub(super) spec: &'static ServiceSpec,
    /// The operation; of a method that a path does not have, any that the path has.
    pub(super) operation: &'static Operation,
    pub(super) check: Check,
}

/// What is sent.
#[derive(Debug, Clone, Copy)]
pub(super) enum Check {
    /// No token.
    NoToken,
    /// A version beyond the newest.
    BeyondNewest,
    /// This version, which the service has and the operation does not.
    OutsideVersions(Microversion),
    /// An action that no resource has.
    UnknownAction,
    /// This method, which the path does not have.
    Undeclared(Method),
    /// A valid body of another content type.
    ContentType,
}

/// The methods that a path may not have. HEAD and OPTIONS are answered by frameworks.
const METHODS: [Method; 5] =
    [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];

/// The operations whose 401 is about the body, not about the token of the request: keystone's
/// authentication (`keystone.api.auth.AuthTokenResource.post`, which is `unenforced_api`).
const OPEN: [&str; 1] = ["identity.auth_tokens.create"];

/// Returns the cases of a service, as in `no-token.network.ports.show`.
pub fn cases(service: &str) -> Vec<Case<MethodCase>> {
    let Some(spec) = services::named(service) else { return Vec::new() };
    let mut cases = Vec::new();
    let mut paths: BTreeMap<&'static str, Vec<&'static Operation>> = BTreeMap::new();
    for operation in spec.operations {
        paths.entry(&operation.path).or_default().push(operation);
        of_operation(spec, operation, &mut cases);
    }
    for operations in paths.values() {
        of_path(spec, operations, &mut cases);
    }
    cases
}

fn of_operation(
    spec: &'static ServiceSpec,
    operation: &'static Operation,
    cases: &mut Vec<Case<MethodCase>>,
) {
    let documents = |status: u16| operation.errors.iter().any(|error| error.status == status);
    let mut add = |check| cases.push(case(spec, operation, check));
    let is_open =
        OPEN.contains(&&*operation.id) || spec.profile().is_outside_endpoint(&operation.path);
    if documents(401) && !is_open {
        add(Check::NoToken);
    }
    if spec.has_microversions() {
        if documents(406) {
            add(Check::BeyondNewest);
        }
        if let Some(version) = outside(spec.versions, operation.versions) {
            add(Check::OutsideVersions(version));
        }
    }
    if documents(415) && content_type_matters(spec, operation) {
        let case = case(spec, operation, Check::ContentType);
        let how = find(services::description(spec.name), operation);
        cases.push(match how {
            Some(how) => Needs::of(operation, how).add_to(case, spec.name),
            None => case,
        });
    }
}

/// Returns the version of a service that is nearest to those of an operation: the one after its
/// last or, if it has none, the one before its first.
fn outside(service: VersionRange, operation: VersionRange) -> Option<Microversion> {
    let within = |version: &Microversion| service.contains(Some(*version));
    let after = operation.max.map(Microversion::next).filter(within);
    after.or_else(|| operation.min.and_then(Microversion::previous).filter(within))
}

/// Whether an operation can be called with a valid JSON body that creates something, or that
/// changes a resource in the standard way.
fn content_type_matters(spec: &ServiceSpec, operation: &Operation) -> bool {
    let request = match find(services::description(spec.name), operation) {
        Some(How::Creates(resource)) => resource.creating(),
        Some(How::Standard(_, request)) if operation.verb() != "delete" => Some(request),
        _ => None,
    };
    request.is_some_and(|request| matches!(request.body, DescribedBody::Json(_)))
}

fn of_path(
    spec: &'static ServiceSpec,
    operations: &[&'static Operation],
    cases: &mut Vec<Case<MethodCase>>,
) {
    let Some(first) = operations.first() else { return };
    let acts =
        |operation: &&&Operation| operation.action.is_some() && operation.path.ends_with("/action");
    if let Some(action) = operations.iter().find(acts) {
        cases.push(case(spec, action, Check::UnknownAction));
    }
    // A path outside the endpoint is not the service's own.
    if spec.profile().is_outside_endpoint(&first.path) {
        return;
    }
    // `/servers/detail` may be taken for a server of that name, which has other methods.
    let same = spec.operations.iter().filter(|one| covers(&one.path, &first.path));
    let declared: BTreeSet<Method> = same.map(|operation| operation.method).collect();
    for method in METHODS.into_iter().filter(|method| !declared.contains(method)) {
        cases.push(case(spec, first, Check::Undeclared(method)));
    }
}

fn case(
    spec: &'static ServiceSpec,
    operation: &'static Operation,
    check: Check,
) -> Case<MethodCase> {
    let Operation { id, method, path, .. } = operation;
    let group = format!("{}.{}", operation.service(), operation.resource());
    let (name, says) = match check {
        Check::NoToken => (format!("no-token.{id}"), format!("{method} {path} needs a token.")),
        Check::BeyondNewest => (
            format!("beyond-newest.{id}"),
            format!("{method} {path} is refused at a version that the service does not have."),
        ),
        Check::OutsideVersions(version) => (
            format!("outside-versions.{id}@{version}"),
            format!("{method} {path} is not there at {version}."),
        ),
        Check::UnknownAction => (
            format!("unknown-action.{group}{}", word(path)),
            format!("{method} {path} refuses an action that it does not know."),
        ),
        Check::Undeclared(method) => (
            format!("method.{group}{}.{}", word(path), method.as_str().to_lowercase()),
            format!("{path} has no {method}."),
        ),
        Check::ContentType => (
            format!("content-type.{id}"),
            format!("{method} {path} refuses a body of another type."),
        ),
    };
    let range = match check {
        Check::OutsideVersions(version) => VersionRange::only(version),
        _ => VersionRange::ALL,
    };
    Case::new(name, MethodCase { spec, operation, check })
        .with_summary(says)
        .with_need(spec.name, range)
}

/// Whether every path of a template is one of another template as well.
fn covers(wider: &str, path: &str) -> bool {
    let (mut wider, mut path) = (wider.split('/'), path.split('/'));
    loop {
        match (wider.next(), path.next()) {
            (None, None) => return true,
            (Some(wider), Some(part)) if wider == part || wider.starts_with('{') => {}
            _ => return false,
        }
    }
}

/// Writes a path as a part of an id.
fn word(path: &str) -> String {
    let mut text = String::new();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        let lower = part.trim_matches(['{', '}']).chars().map(|c| c.to_ascii_lowercase());
        let allowed =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        text.push('.');
        text.extend(lower.map(|c| if allowed(c) { c } else { '-' }));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(service: &str) -> BTreeSet<String> {
        cases(service).iter().map(|case| case.id().to_owned()).collect()
    }

    #[test]
    fn what_an_operation_documents_is_demanded_of_it() {
        let compute = ids("compute");
        for id in [
            "no-token.compute.servers.show",
            "beyond-newest.compute.servers.show",
            "outside-versions.compute.networks.list@2.36",
            "unknown-action.compute.servers.servers.server_id.action",
            "content-type.compute.servers.create",
            "method.compute.servers.servers.patch",
        ] {
            assert!(compute.contains(id), "{id}");
        }
        // The list of versions needs no token, and documents none of these.
        assert!(!compute.contains("no-token.compute.versions.list"));
        assert!(!compute.contains("method.compute.servers.servers.get"));
    }

    #[test]
    fn the_version_outside_is_the_nearest_that_the_service_has() {
        let v = |minor| Microversion::new(2, minor);
        let range = |min, max| VersionRange::new(Some(v(min)), Some(v(max)));
        assert_eq!(outside(range(1, 104), range(1, 35)), Some(v(36)));
        assert_eq!(outside(range(1, 104), range(26, 104)), Some(v(25)));
        assert_eq!(outside(range(1, 104), range(1, 104)), None);
        assert_eq!(outside(range(1, 104), VersionRange::ALL), None);
    }

    #[test]
    fn a_path_may_be_taken_for_another_with_a_parameter() {
        assert!(covers("/servers/{server_id}", "/servers/detail"));
        assert!(covers("/servers/{server_id}", "/servers/{id}"));
        assert!(!covers("/servers/detail", "/servers/{server_id}"));
        assert!(!covers("/servers/{server_id}", "/servers"));
        assert!(!ids("compute").contains("method.compute.servers.servers.detail.put"));
    }

    #[test]
    fn ids_are_unique() {
        for spec in services::built_in() {
            let all = cases(spec.name);
            assert_eq!(ids(spec.name).len(), all.len(), "{}", spec.name);
        }
    }
}
