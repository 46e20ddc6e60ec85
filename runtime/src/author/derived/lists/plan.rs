//! The cases of a service's lists: what its query schemas declare, held against the fields of
//! its items.

use squall_model::description::ResourceOrigin;
use squall_model::operation::intervals;
use squall_model::{Microversion, VersionRange};

use super::operations::{self, ListOperation};
use super::schema::{self, ListSchema, Treatment};
use crate::described::How;
use crate::described::Needs;
use crate::registry::Case;
use crate::services;

/// One thing that is checked about a list.
#[derive(Debug, Clone, Copy)]
pub struct ListCase {
    pub(super) list: ListOperation,
    check: Check,
    /// The version of the request; `None` for the newest that the cloud has.
    pub(super) version: Option<Microversion>,
}

/// What is checked.
#[derive(Debug, Clone, Copy)]
pub(super) enum Check {
    /// The pages joined are the list.
    Walk,
    /// The same from its end.
    WalkBack,
    /// A marker that names nothing is refused.
    UnknownMarker,
    /// A filter by the value of an own item finds it, and nothing that has another value.
    Filter(&'static str),
    /// A filter by another value does not find it.
    FilterElse(&'static str),
    /// The list is ordered by the key, in both directions.
    Sort(&'static str),
    /// Items have the selected field alone.
    Fields(&'static str),
    /// A parameter that the query schema does not have.
    Unknown(Treatment),
}

/// Parameters that select a part of the list, its order or its form, and are no filters even
/// where an item has a field of that name.
const NO_FILTERS: [&str; 10] = [
    "all_projects",
    "all_tenants",
    "fields",
    "limit",
    "marker",
    "offset",
    "page_reverse",
    "sort",
    "sort_dir",
    "sort_key",
];

/// Returns the cases of the lists of a service, as in `network.ports.list.filter.mac_address`.
pub fn cases(service: &str) -> Vec<Case<ListCase>> {
    let Some(spec) = services::named(service) else { return Vec::new() };
    operations::of(spec).into_iter().flat_map(of_list).collect()
}

fn of_list(list: ListOperation) -> Vec<Case<ListCase>> {
    let newest = list.newest();
    if list.request.answer_at(newest).is_some() {
        return Vec::new();
    }
    let Some(schema) = schema::read(&list, newest) else { return Vec::new() };
    let planner = Planner { list, schema };
    let mut cases = planner.unknown();
    // A change, as the assignment of a role, cannot be found in a list.
    if matches!(list.resource.origin, ResourceOrigin::Changed(_)) {
        return cases;
    }
    let has = |name: &str| planner.schema.parameters.contains_key(name);
    if list.operation.paging.is_some() && has("limit") && has("marker") {
        cases.push(planner.case("walk", "its pages joined are the whole list", Check::Walk, None));
        if !list.spec.profile().any_marker {
            let summary = "a marker that names nothing is refused";
            cases.push(planner.case("unknown-marker", summary, Check::UnknownMarker, None));
        }
        if has("page_reverse") {
            let summary = "its pages read from the end are the whole list";
            cases.push(planner.case("walk-back", summary, Check::WalkBack, None));
        }
    }
    for key in planner.filters() {
        let key: &'static str = key.clone().leak();
        let id = format!("filter.{}", word(key));
        let summary = format!("`{key}` narrows it to the items that have the value");
        cases.push(planner.case(&id, &summary, Check::Filter(key), Some(key)));
        let id = format!("filter-else.{}", word(key));
        let summary = format!("`{key}` with another value leaves an item out");
        cases.push(planner.case(&id, &summary, Check::FilterElse(key), Some(key)));
    }
    for key in planner.sort_keys() {
        let id = format!("sort.{}", word(&key));
        let key: &'static str = key.leak();
        let summary = format!("it is ordered by `{key}` in both directions");
        cases.push(planner.case(&id, &summary, Check::Sort(key), Some(key)));
    }
    let id = list.resource.id.trim_start_matches('/');
    if has("fields") && planner.schema.fields.contains_key(id) {
        let summary = format!("`fields={id}` selects that field alone");
        cases.push(planner.case("fields", &summary, Check::Fields(id), None));
    }
    cases
}

/// A list with what its schemas say at the newest version.
struct Planner {
    list: ListOperation,
    schema: ListSchema,
}

impl Planner {
    /// Returns the parameters that name a field of an item. A project is none where a list is
    /// of the caller's project, unless all are asked for: compute ignores it there (nova 34.0.0,
    /// `ServersController._get_servers`).
    fn filters(&self) -> impl Iterator<Item = &String> {
        let of_one_project = self.schema.parameters.contains_key("all_tenants");
        self.schema.parameters.keys().filter(move |name| {
            if of_one_project && name.as_str() == "tenant_id" {
                return false;
            }
            let field = self.schema.fields.get(*name);
            !NO_FILTERS.contains(&name.as_str()) && field.is_some_and(schema::is_plain)
        })
    }

    /// Returns the declared sort keys that name a field of an item.
    fn sort_keys(&self) -> Vec<String> {
        let Some(parameter) = self.schema.parameters.get("sort_key") else { return Vec::new() };
        let declared = schema::listed(schema::single(parameter));
        let is_field = |name: &&&str| self.schema.fields.get(**name).is_some_and(schema::is_plain);
        declared.iter().filter(is_field).map(|name| (*name).to_owned()).collect()
    }

    /// Returns a case for how unknown parameters are treated at the newest version, and one at
    /// the first of each earlier run of versions that treats them in another way.
    fn unknown(&self) -> Vec<Case<ListCase>> {
        let mut cases = Vec::new();
        let Some(newest) = self.schema.others else { return cases };
        cases.push(self.case("unknown", said(newest), Check::Unknown(newest), None));
        if !self.list.spec.has_microversions() {
            return cases;
        }
        let cuts = &self.list.operation.request_boundaries;
        let mut runs: Vec<(Microversion, Treatment)> = Vec::new();
        for interval in intervals(self.list.versions(), cuts) {
            let Some(version) = interval.min else { continue };
            let read = schema::read(&self.list, Some(version));
            let Some(treatment) = read.and_then(|schema| schema.others) else { continue };
            if runs.last().is_none_or(|(_, last)| *last != treatment) {
                runs.push((version, treatment));
            }
        }
        runs.pop();
        for (version, treatment) in runs {
            if self.list.request.answer_at(Some(version)).is_some() {
                continue;
            }
            let value = ListCase {
                list: self.list,
                check: Check::Unknown(treatment),
                version: Some(version),
            };
            let case = self.of_value(&format!("unknown@{version}"), said(treatment), value, None);
            cases.push(case.with_need(self.list.spec.name, VersionRange::only(version)));
        }
        cases
    }

    fn case(&self, id: &str, summary: &str, check: Check, key: Option<&str>) -> Case<ListCase> {
        self.of_value(id, summary, ListCase { list: self.list, check, version: None }, key)
    }

    fn of_value(
        &self,
        id: &str,
        summary: &str,
        value: ListCase,
        key: Option<&str>,
    ) -> Case<ListCase> {
        let ListOperation { spec, operation, resource, request } = self.list;
        let case = Case::new(format!("{}.{id}", operation.id), value)
            .with_summary(format!("{} {}: {summary}.", operation.method, operation.path))
            .with_need(spec.name, VersionRange::ALL);
        let case = Needs::of(operation, How::Standard(resource, request)).add_to(case, spec.name);
        match key.and_then(|key| self.schema.extensions.get(key)) {
            Some(alias) => case.with_feature(format!("network.extension.{alias}").leak()),
            None => case,
        }
    }
}

fn said(treatment: Treatment) -> &'static str {
    match treatment {
        Treatment::Refused => "a parameter that it does not know is refused",
        Treatment::Ignored => "a parameter that it does not know changes nothing",
        Treatment::Filters => "a parameter that it does not know is taken for a filter, or refused",
    }
}

/// Writes a key as a part of an id.
fn word(key: &str) -> String {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    key.chars().map(|c| c.to_ascii_lowercase()).map(|c| if allowed(c) { c } else { '-' }).collect()
}

impl ListCase {
    pub(super) fn check(&self) -> Check {
        self.check
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn ids(service: &str) -> BTreeSet<String> {
        cases(service).iter().map(|case| case.id().to_owned()).collect()
    }

    #[test]
    fn a_case_is_a_key_that_names_a_field() {
        let ids = ids("network");
        for id in [
            "network.networks.list.walk",
            "network.networks.list.walk-back",
            "network.networks.list.filter.name",
            "network.networks.list.filter-else.router-external",
            "network.networks.list.sort.admin_state_up",
            "network.networks.list.unknown",
            "network.networks.list.fields",
        ] {
            assert!(ids.contains(id), "{id}");
        }
        // Fixed addresses are objects, and `limit` is no field.
        assert!(!ids.contains("network.ports.list.filter.fixed_ips"));
        assert!(!ids.contains("network.ports.list.filter.limit"));
    }

    #[test]
    fn another_treatment_of_unknown_parameters_is_a_case_of_its_own() {
        let ids = ids("compute");
        assert!(ids.contains("compute.flavors.list.unknown"));
        assert!(ids.contains("compute.flavors.list.unknown@2.1"));
        assert!(!ids.iter().any(|id| id.starts_with("compute.flavors.list.unknown@2.7")));
    }

    #[test]
    fn there_are_at_least_500_cases() {
        let all = services::built_in().iter().map(|spec| ids(spec.name).len()).sum::<usize>();
        assert!(all >= 500, "{all}");
    }
}
