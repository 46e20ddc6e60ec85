//! The cases of a service: each rule for each operation that it can be held against.

use serde_json::Value;
use squall_model::description::{
    DescribedBody, DescribedRequest, Resource, ResourceOrigin, Sender,
};
use squall_model::kind::{Find, Id, OwnedBy};
use squall_model::{Method, Microversion, Operation, ServiceSpec, VersionRange, pointer};

use crate::described::Needs;
use crate::described::{How, find};
use crate::registry::Case;
use crate::services;

/// A rule, held against an operation.
#[derive(Debug, Clone, Copy)]
pub struct CheckerCase {
    pub(super) operation: &'static Operation,
    pub(super) resource: &'static Resource,
    pub(super) request: &'static DescribedRequest,
    pub(super) check: Check,
}

/// What is checked.
#[derive(Debug, Clone, Copy)]
pub(super) enum Check {
    /// The operation does not find a resource that was deleted.
    AfterDelete,
    /// The list does not have a resource that was deleted.
    ListedAfterDelete,
    /// A creating request with a wrong value at this pointer leaves nothing behind.
    LeftBehind(&'static str),
    /// The operation does not reach a resource of another project.
    OtherProject,
    /// The list does not have a resource of another project.
    OtherProjectLists,
    /// The operation does not find a resource below another parent, whose parameter this is.
    OtherParent(&'static str),
}

/// Returns the cases of a service, as in `after-delete.network.ports.show`.
pub fn cases(service: &str) -> Vec<Case<CheckerCase>> {
    let Some(spec) = services::named(service) else { return Vec::new() };
    let description = services::description(service);
    let mut cases = Vec::new();
    for operation in spec.operations {
        let Some(how) = find(description, operation) else { continue };
        Planner { spec, operation, how }.cases(&mut cases);
    }
    cases
}

#[derive(Clone, Copy)]
struct Planner {
    spec: &'static ServiceSpec,
    operation: &'static Operation,
    how: How,
}

impl Planner {
    fn cases(self, cases: &mut Vec<Case<CheckerCase>>) {
        let newest = self.newest();
        let (resource, request) = match self.how {
            How::Creates(resource) => {
                if let Some(request) = creating(resource) {
                    self.left_behind(resource, request, newest, cases);
                }
                return;
            }
            How::Standard(resource, request) => (resource, request),
            How::Called(call) => {
                let Some(resource) = call.on.and_then(|kind| services::resource(kind).ok()) else {
                    return;
                };
                if call.answers.is_some() {
                    return;
                }
                (resource, &call.request)
            }
        };
        if request.answer_at(newest).is_some() || creating(resource).is_none() {
            return;
        }
        let lists = self.operation.verb().starts_with("list") && !self.names(resource, request);
        let by_member =
            request.by == Sender::Member && is_private(resource) && !says(request, "${target/");
        if lists {
            if !matches!(self.how, How::Standard(..)) {
                return;
            }
            if is_deletable(resource) {
                cases.push(self.case(resource, request, Check::ListedAfterDelete));
            }
            if by_member {
                cases.push(self.case(resource, request, Check::OtherProjectLists));
            }
            return;
        }
        if !self.names(resource, request) {
            return;
        }
        if is_deletable(resource) {
            cases.push(self.case(resource, request, Check::AfterDelete));
        }
        if by_member {
            cases.push(self.case(resource, request, Check::OtherProject));
        }
        if let Some(parameter) = self.parent(resource, request) {
            cases.push(self.case(resource, request, Check::OtherParent(parameter)));
        }
    }

    fn newest(self) -> Option<Microversion> {
        let both = self.spec.versions.intersect(&self.operation.versions);
        self.spec.has_microversions().then(|| both.and_then(|both| both.max)).flatten()
    }

    /// Whether the path names the resource.
    fn names(self, resource: &Resource, request: &DescribedRequest) -> bool {
        let own = resource.kind.id_param;
        // Another field of it may name what it belongs to.
        let its_id = format!("${{target{}}}", resource.id);
        self.operation.path_parameters().any(|name| {
            match request.path.iter().find(|(held, _)| *held == name) {
                Some((_, text)) => *text == its_id,
                None => name == own && !own.is_empty(),
            }
        })
    }

    /// Returns the parameter of the parent of a resource that is addressed below it.
    fn parent(self, resource: &Resource, request: &DescribedRequest) -> Option<&'static str> {
        let own = resource.kind.id_param;
        let names: Vec<&'static str> = self.operation.path_parameters().collect();
        let at = names.iter().position(|name| *name == own)?;
        let parent = *names.get(at.checked_sub(1)?)?;
        if request.path.iter().any(|(held, _)| *held == parent) {
            return None;
        }
        parent_of(resource, parent).map(|_| parent)
    }

    /// Adds a case for each value of a creating request that can be made wrong, where what
    /// is left behind would be found by its name.
    fn left_behind(
        self,
        resource: &'static Resource,
        request: &'static DescribedRequest,
        newest: Option<Microversion>,
        cases: &mut Vec<Case<CheckerCase>>,
    ) {
        let found = matches!(resource.kind.find, Find::Listed(_) | Find::Name);
        let lists = resource.standard.iter().any(is_list);
        if !found || !lists || !resource.is_tracked() || resource.kind.id == Id::Coordinates {
            return;
        }
        let Ok(Some(body)) = request.json_at(newest) else { return };
        let mut pointers = Vec::new();
        leaves(&body, "", &mut pointers);
        for at in pointers {
            let check = Check::LeftBehind(at.leak());
            cases.push(self.case(resource, request, check));
        }
    }

    fn case(
        self,
        resource: &'static Resource,
        request: &'static DescribedRequest,
        check: Check,
    ) -> Case<CheckerCase> {
        let Operation { id, method, path, action, .. } = self.operation;
        let (rule, key) = match check {
            Check::AfterDelete => ("after-delete", String::new()),
            Check::ListedAfterDelete => ("listed-after-delete", String::new()),
            Check::LeftBehind(at) => ("left-behind", word(at)),
            Check::OtherProject | Check::OtherProjectLists => ("other-project", String::new()),
            Check::OtherParent(_) => ("other-parent", String::new()),
        };
        let says = match check {
            Check::AfterDelete => "does not find what was deleted".to_owned(),
            Check::ListedAfterDelete => "does not have what was deleted".to_owned(),
            Check::LeftBehind(at) => format!("leaves nothing behind, refused for its `{at}`"),
            Check::OtherProject => "does not reach what another project has".to_owned(),
            Check::OtherProjectLists => "does not have what another project has".to_owned(),
            Check::OtherParent(_) => "does not find it below another parent".to_owned(),
        };
        let action = action.as_ref().map(|action| format!(" {action}")).unwrap_or_default();
        let value = CheckerCase { operation: self.operation, resource, request, check };
        let case = Case::new(format!("{rule}.{id}{key}"), value)
            .with_summary(format!("{method} {path}{action} {says}."))
            .with_need(self.spec.name, VersionRange::ALL);
        Needs::of(self.operation, self.how).add_to(case, self.spec.name)
    }
}

/// Returns the request that creates a resource by itself; a change is no resource.
fn creating(resource: &'static Resource) -> Option<&'static DescribedRequest> {
    match &resource.origin {
        ResourceOrigin::Created(request) => Some(request),
        ResourceOrigin::Changed(_) | ResourceOrigin::Existing { .. } => None,
    }
}

/// Whether a request lists.
pub(super) fn is_list(request: &DescribedRequest) -> bool {
    services::operation(request.operation).is_some_and(|(_, operation)| {
        operation.method == Method::Get && operation.verb().starts_with("list")
    })
}

/// Whether a resource can be deleted, and is seen to be gone.
fn is_deletable(resource: &Resource) -> bool {
    resource.standard("delete").is_some()
}

/// Whether a project has a resource for itself: a member creates it, the project owns it, and it
/// is not what gives another project access.
fn is_private(resource: &'static Resource) -> bool {
    let for_itself = |request: &DescribedRequest| {
        request.by == Sender::Member && !says(request, "${other_project}")
    };
    creating(resource).is_some_and(for_itself) && resource.kind.owner == OwnedBy::Project
}

/// Whether the body of a request has a placeholder that begins so. What is taken from the
/// target may be a key that opens it to whoever has it, as that of a volume's transfer.
fn says(request: &DescribedRequest, placeholder: &str) -> bool {
    match request.body {
        DescribedBody::None => false,
        DescribedBody::Json(text) | DescribedBody::Text { text, .. } => text.contains(placeholder),
    }
}

/// Returns what a resource is addressed below: what it is a part of, or else what the parameter
/// before its own names.
pub(super) fn parent_of(resource: &Resource, parameter: &str) -> Option<&'static Resource> {
    if let Some(kind) = resource.within {
        return services::resource(kind).ok();
    }
    let mut resources = services::description(resource.kind.service()).resources.iter();
    resources.find(|one| one.kind.id_param == parameter && creating(one).is_some())
}

/// Collects the pointers to the single values of a body that are not the name.
fn leaves(value: &Value, at: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                leaves(value, &pointer::join(at, key), into);
            }
        }
        // The first item stands for all.
        Value::Array(list) => {
            if let Some(first) = list.first() {
                leaves(first, &pointer::join(at, 0), into);
            }
        }
        Value::String(text) if text.contains("${name}") => {}
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            into.push(at.to_owned());
        }
    }
}

/// Writes a pointer as parts of an id.
fn word(pointer: &str) -> String {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    let part = |key: String| -> String {
        let lower = key.chars().map(|c| c.to_ascii_lowercase());
        lower.map(|c| if allowed(c) { c } else { '-' }).collect()
    };
    pointer::keys(pointer).flat_map(|key| [".".to_owned(), part(key)]).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    fn ids(service: &str) -> BTreeSet<String> {
        cases(service).iter().map(|case| case.id().to_owned()).collect()
    }

    #[test]
    fn each_rule_has_cases_where_it_can_be_held_against_an_operation() {
        let network = ids("network");
        for id in [
            "after-delete.network.ports.show",
            "listed-after-delete.network.ports.list",
            "left-behind.network.subnets.create.subnet.network_id",
            "other-project.network.routers.delete",
            "other-project.network.routers.list",
            "other-parent.network.qos_policy_bandwidth_limit_rules.show",
        ] {
            assert!(network.contains(id), "{id}");
        }
        // A name is how what is left behind is found, and an admin's request proves nothing.
        assert!(!network.contains("left-behind.network.subnets.create.subnet.name"));
        assert!(!network.contains("other-project.network.segments.show"));
        // The path names the volume, and the body the snapshot.
        assert!(!ids("volume").contains("after-delete.volume.volumes.revert"));
        assert!(network.contains("after-delete.network.floating_ip_tags.list"));
    }

    #[test]
    fn there_are_at_least_300_cases() {
        let all = services::built_in().iter().map(|spec| ids(spec.name).len()).sum::<usize>();
        assert!(all >= 300, "{all}");
    }

    #[test]
    fn the_single_values_of_a_body_are_its_leaves() {
        let body = json!({"a": {"name": "${name}", "b": [{"c": 1}, {"c": 2}], "d": null}});
        let mut found = Vec::new();
        leaves(&body, "", &mut found);
        assert_eq!(found, ["/a/b/0/c", "/a/d"]);
    }
}
