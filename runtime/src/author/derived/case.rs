//! The plan: which constraint of which operation is tested at which version.

use std::collections::HashMap;
use std::sync::LazyLock;

use squall_derived::ConstrainedRequest;
use squall_derived::lists::{COMMITTED, ListedConstraint, read};
use squall_model::description::DescribedRequest;
use squall_model::{Microversion, Operation, ServiceSpec, VersionRange};

use crate::described::{How, Needs, find};
use crate::kinds::Kind;
use crate::registry::Case;
use crate::{kinds, services};

/// A constraint of an operation's request at a version.
#[derive(Debug, Clone, Copy)]
pub struct DerivedCase {
    pub(super) operation: &'static Operation,
    pub(super) how: How,
    /// The version; `None` for the newest that spec and cloud have.
    pub(super) version: Option<Microversion>,
    /// The id of the constraint within the operation.
    pub(super) constraint: &'static str,
}

/// The committed list, by operation.
static LISTED: LazyLock<HashMap<&'static str, Vec<ListedConstraint<'static>>>> =
    LazyLock::new(|| {
        let mut by_operation: HashMap<&str, Vec<ListedConstraint<'_>>> = HashMap::new();
        for one in read(COMMITTED) {
            let std::borrow::Cow::Borrowed(operation) = one.operation else { continue };
            by_operation.entry(operation).or_default().push(one);
        }
        by_operation
    });

/// Returns a case for each constraint of a service that a request can break, as in
/// `compute.servers.create.body.server.name.maxlength`; with a version behind it where the
/// newest version has another constraint, as in `…networks.type-string@2.1`.
pub fn negatives(service: &str) -> Vec<Case<DerivedCase>> {
    cases(service, false)
}

/// Returns a case for each bound of a service's constraints, each optional property and each
/// kind of value.
pub fn boundaries(service: &str) -> Vec<Case<DerivedCase>> {
    cases(service, true)
}

fn cases(service: &str, valid: bool) -> Vec<Case<DerivedCase>> {
    let Some(spec) = services::named(service) else { return Vec::new() };
    let description = services::description(service);
    let is_ours = services::built_in_named(service).is_some();
    let mut cases = Vec::new();
    for operation in spec.operations {
        let Some(how) = find(description, operation) else { continue };
        let Some(request) = request(how) else { continue };
        if matches!(how, How::Called(call) if call.answers.is_some()) {
            continue;
        }
        let listed = if is_ours {
            LISTED.get(operation.id.as_ref()).map(Vec::as_slice).unwrap_or_default()
        } else {
            derived(spec, operation, request).leak()
        };
        let needs = Needs::of(operation, how);
        for one in listed.iter().filter(|one| one.valid == valid) {
            cases.push(needs.add_to(case(spec, operation, how, one), spec.name));
        }
    }
    cases
}

fn case(
    spec: &'static ServiceSpec,
    operation: &'static Operation,
    how: How,
    listed: &'static ListedConstraint<'static>,
) -> Case<DerivedCase> {
    let ListedConstraint { id: constraint, valid, newest, versions, .. } = listed;
    let version = if *newest { None } else { versions.min };
    let id = match version {
        Some(version) => format!("{}.{constraint}@{version}", operation.id),
        None => format!("{}.{constraint}", operation.id),
    };
    let needed = match (newest, versions.min) {
        (true, Some(min)) => VersionRange::since(min),
        (true, None) => VersionRange::ALL,
        (false, Some(min)) => VersionRange::only(min),
        (false, None) => *versions,
    };
    let Operation { method, path, action, .. } = operation;
    let action = action.as_ref().map(|action| format!(" {action}")).unwrap_or_default();
    let takes = if *valid { "takes what keeps" } else { "refuses what breaks" };
    Case::new(id, DerivedCase { operation, how, version, constraint })
        .with_summary(format!("{method} {path}{action} {takes} {constraint}."))
        .with_need(spec.name, needed)
}

/// Returns the kind of the resource that an operation acts on.
pub(super) fn acts_on(how: How) -> Option<&'static Kind> {
    let kind = match how {
        How::Creates(_) => None,
        How::Standard(resource, _) => Some(resource.kind.name),
        How::Called(call) => call.on,
    };
    kinds::find(kind?)
}

/// Returns the request by which an operation is called.
pub(super) fn request(how: How) -> Option<&'static DescribedRequest> {
    match how {
        How::Creates(resource) => resource.creating(),
        How::Standard(_, request) => Some(request),
        How::Called(call) => Some(&call.request),
    }
}

/// Lists the constraints of a plugin's operation, for which no list is committed.
fn derived(
    spec: &ServiceSpec,
    operation: &'static Operation,
    described: &'static DescribedRequest,
) -> Vec<ListedConstraint<'static>> {
    let versions = spec.versions.intersect(&operation.versions);
    let (Some(versions), Ok(schemas)) = (versions, operation.schemas.read()) else {
        return Vec::new();
    };
    ConstrainedRequest { operation: &operation.id, versions, schemas: &schemas, described }.list()
}
