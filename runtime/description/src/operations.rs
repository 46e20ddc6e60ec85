//! The operations of a service, as far as a description needs to know them.

use std::collections::{BTreeMap, BTreeSet};

use squall_model::operation::path_parameters;
use squall_model::suggest::{alternatives, or_known, similar};
use squall_model::{Method, PolicyRef, ServiceSpec, StatusRange, VersionRange};

use crate::item::Item;
use crate::problem::Problems;

/// A service whose operations a description calls: a generated table, a plugin's, or the
/// generator's model.
pub trait Operations {
    /// Returns the service's name, the first part of its operations' ids.
    fn service(&self) -> &str;
    /// Returns its microversions; [`VersionRange::ALL`] if it has none.
    fn versions(&self) -> VersionRange;
    /// Returns its operations.
    fn operations(&self) -> Vec<OperationInfo<'_>>;
}

/// What a description needs to know of an operation.
#[derive(Debug, Clone, Copy)]
pub struct OperationInfo<'o> {
    /// Its id, `service.group.verb`.
    pub id: &'o str,
    /// Its method.
    pub method: Method,
    /// Its path, with parameters in braces.
    pub path: &'o str,
    /// The versions that have it.
    pub versions: VersionRange,
    /// The statuses of success.
    pub success: &'o [StatusRange],
    /// The alias of the extension that adds it.
    pub extension: Option<&'o str>,
    /// The policy rules that it asks.
    pub policies: &'o [PolicyRef],
}

impl Operations for ServiceSpec {
    fn service(&self) -> &str {
        self.name
    }

    fn versions(&self) -> VersionRange {
        self.versions
    }

    fn operations(&self) -> Vec<OperationInfo<'_>> {
        let info = |operation: &&'static squall_model::Operation| OperationInfo {
            id: &operation.id,
            method: operation.method,
            path: &operation.path,
            versions: operation.versions,
            success: &operation.success,
            extension: operation.extension.as_deref(),
            policies: &operation.policies,
        };
        self.operations.iter().map(info).collect()
    }
}

impl<'o> OperationInfo<'o> {
    /// Returns the names of its path parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &'o str> + use<'o> {
        path_parameters(self.path)
    }

    /// Returns the group: the id without its verb.
    pub fn group(&self) -> &'o str {
        self.id.rsplit_once('.').map_or(self.id, |(group, _)| group)
    }

    /// Returns the last part of the id.
    pub fn verb(&self) -> &'o str {
        self.id.rsplit('.').next().unwrap_or_default()
    }
}

/// The operations of a service by id and by group.
pub(crate) struct Table<'o> {
    pub(crate) service: &'o str,
    pub(crate) versions: VersionRange,
    by_id: BTreeMap<&'o str, OperationInfo<'o>>,
    groups: BTreeSet<&'o str>,
}

impl<'o> Table<'o> {
    pub(crate) fn new(operations: &'o dyn Operations) -> Self {
        let all = operations.operations();
        Self {
            service: operations.service(),
            versions: operations.versions(),
            groups: all.iter().map(OperationInfo::group).collect(),
            by_id: all.into_iter().map(|info| (info.id, info)).collect(),
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<OperationInfo<'o>> {
        self.by_id.get(id).copied()
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = &'o str> + '_ {
        self.by_id.keys().copied()
    }

    /// Finds an operation of a group by its verb.
    pub(crate) fn of_group(&self, group: &str, verb: &str) -> Option<OperationInfo<'o>> {
        self.get(&format!("{group}.{verb}"))
    }

    /// Finds the group of a resource's name, which is its plural.
    pub(crate) fn group_of(&self, name: &str) -> Option<&'o str> {
        plurals(name).iter().find_map(|plural| self.group(plural))
    }

    /// Finds a group by its name, with or without the service.
    pub(crate) fn group(&self, name: &str) -> Option<&'o str> {
        let own = format!("{}.{name}", self.service);
        self.groups.get(own.as_str()).or_else(|| self.groups.get(name)).copied()
    }

    /// Returns the names of the groups, without the service.
    pub(crate) fn group_names(&self) -> impl Iterator<Item = &'o str> + '_ {
        self.groups.iter().map(|group| group.split_once('.').map_or(*group, |(_, name)| name))
    }

    /// Finds an operation of this service by its id, with or without the service, and reports
    /// one that is unknown.
    pub(crate) fn own(
        &self,
        text: &str,
        item: &Item<'_>,
        problems: &mut Problems,
    ) -> Option<OperationInfo<'o>> {
        let own = format!("{}.{text}", self.service);
        let found = self.get(&own).or_else(|| self.get(text));
        if found.is_none() {
            problems.at(
                item,
                format!("{} has no operation `{text}`", self.service),
                self.near(text),
            );
        }
        found
    }

    /// Returns the full id of an operation, which may be another service's. Of those only the
    /// form is checked here.
    pub(crate) fn any(
        &self,
        text: &str,
        item: &Item<'_>,
        problems: &mut Problems,
    ) -> Option<String> {
        let service = text.split('.').next().unwrap_or_default();
        let parts = text.split('.').filter(|part| !part.is_empty()).count();
        let own = format!("{}.{text}", self.service);
        if service != self.service && parts == 3 && self.get(&own).is_none() {
            return Some(text.to_owned());
        }
        self.own(text, item, problems).map(|info| info.id.to_owned())
    }

    fn near(&self, text: &str) -> String {
        let short = |id: &'o str| id.split_once('.').map_or(id, |(_, rest)| rest);
        let ids: Vec<&str> = self.ids().flat_map(|id| [id, short(id)]).collect();
        let near = similar(text, ids);
        if !near.is_empty() {
            return format!("did you mean {}?", alternatives(near));
        }
        let parts: Vec<&str> = text.split('.').collect();
        let group = parts.len().checked_sub(2).and_then(|at| self.group(parts[at]));
        match group {
            Some(group) => {
                let of_group = self.by_id.values().filter(|info| info.group() == group);
                or_known("", of_group.map(OperationInfo::verb))
            }
            None => format!("its operations are listed by `squall spec list {}`", self.service),
        }
    }
}

/// Returns what the plural of a name may be, the likeliest first, and last the name itself.
fn plurals(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(stem) = name.strip_suffix('y') {
        found.push(format!("{stem}ies"));
    }
    found.extend(["s", "es"].map(|ending| format!("{name}{ending}")));
    found.push(name.to_owned());
    found
}

/// Returns the singular of a group's name, as its path parameter is usually called.
pub(crate) fn singular(group: &str) -> String {
    match group.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => group.strip_suffix('s').unwrap_or(group).to_owned(),
    }
}
