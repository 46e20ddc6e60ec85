//! Proposals: the same difference of many answers is one, with its versions and the entry of
//! `overrides.yaml` that would change the spec.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Map, Value, json};
use squall_model::materialise::{VERSIONS_KEY, range_of};
use squall_model::pointer::escaped;
use squall_model::{Microversion, VersionRange};
use squall_records::observed::KeptAnswer;

use super::change::{Change, schema_of};
use super::compare::Difference;
use super::place::Document;
use super::spec::Spec;
use super::table::cells;

/// A proposed change of a spec.
#[expect(clippy::struct_field_names, reason = "it is a key of the report")]
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Proposal {
    /// The folder of the service.
    pub(super) service: String,
    pub(super) operation: String,
    pub(super) status: u16,
    /// The versions, in intervals within which the response does not change.
    pub(super) versions: String,
    /// The place: a pointer into the body in which `*` stands for an index or a key, a header, or
    /// nothing.
    pub(super) at: String,
    /// What the spec says.
    pub(super) expected: String,
    /// What was answered.
    pub(super) answered: String,
    /// How many kept answers show it.
    pub(super) answers: usize,
    /// One of them.
    pub(super) file: String,
    /// Whether only the embedded cloud answered so, which is no reason to change a spec.
    pub(super) embedded: bool,
    #[serde(flatten)]
    pub(super) change: Change,
    /// What to do, in words.
    pub(super) proposal: String,
    /// Entries for `overrides.yaml`, without those of the proposals before it.
    pub(super) overrides: Vec<Override>,
    /// The pointers of entries that proposals before it have. If there are no entries at all, a
    /// person has to find the place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) shared_overrides: Vec<String>,
}

/// An entry of `overrides.yaml`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Override {
    op: &'static str,
    pointer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    reason: String,
}

/// The proposals for one service.
pub(super) struct Proposals<'a> {
    spec: &'a Spec,
    found: BTreeMap<(String, u16, String), Group>,
}

/// A difference, and where it was seen.
struct Group {
    difference: Difference,
    versions: Vec<Option<Microversion>>,
    package: Option<String>,
    answers: usize,
    file: String,
    embedded: bool,
}

impl<'a> Proposals<'a> {
    pub(super) fn new(spec: &'a Spec) -> Self {
        Self { spec, found: BTreeMap::new() }
    }

    /// Adds the differences of an answer.
    pub(super) fn add(&mut self, differences: Vec<Difference>, answer: &KeptAnswer, file: &str) {
        for difference in differences {
            let key = (answer.operation.clone(), answer.status, difference.change.key());
            let first = Group {
                difference,
                versions: Vec::new(),
                package: None,
                answers: 0,
                file: file.to_owned(),
                embedded: answer.embedded,
            };
            // What the embedded cloud answers is no evidence beside what a real one does.
            let group = match self.found.entry(key) {
                Entry::Occupied(there) if answer.embedded && !there.get().embedded => continue,
                Entry::Occupied(mut there) if there.get().embedded && !answer.embedded => {
                    there.insert(first);
                    there.into_mut()
                }
                entry => entry.or_insert(first),
            };
            group.versions.push(answer.version);
            group.answers += 1;
            if group.package.is_none() {
                group.package.clone_from(&answer.package);
            }
        }
    }

    /// Returns the proposals, by operation, status and place.
    pub(super) fn finish(self) -> Vec<Proposal> {
        let spec = self.spec;
        let omitted = self.omitted();
        let mut entries = BTreeSet::new();
        let mut proposals = Vec::new();
        for ((operation, status, _), group) in &self.found {
            let Difference { change, expected, answered } = &group.difference;
            let place = Place { document: group.document(spec), operation, status: *status };
            let who = group.package.as_deref().unwrap_or("a cloud");
            let reason = format!("{who} answers {answered}");
            let proposed = || place.overrides(change, &omitted, &reason);
            let overrides = Some(proposed).filter(|_| !group.embedded);
            let overrides = overrides.and_then(|proposed| proposed()).unwrap_or_default();
            // An entry that changes nothing is refused, as the second of two equal ones would be.
            let (overrides, shared): (Vec<Override>, Vec<Override>) =
                overrides.into_iter().partition(|entry| entries.insert(entry.key()));
            proposals.push(Proposal {
                service: spec.folder.clone(),
                operation: operation.clone(),
                status: *status,
                versions: intervals(spec, operation, &group.versions),
                at: change.at(),
                expected: expected.clone(),
                answered: answered.clone(),
                answers: group.answers,
                file: group.file.clone(),
                embedded: group.embedded,
                proposal: change.words(*status),
                change: change.clone(),
                overrides,
                shared_overrides: shared.into_iter().map(|entry| entry.pointer).collect(),
            });
        }
        proposals
    }

    /// Returns which items all proposals together remove from lists of what is required: the
    /// places of the items would change with each removal.
    fn omitted(&self) -> Omitted {
        let mut omitted = Omitted::new();
        for ((operation, status, _), group) in &self.found {
            let Change::Omit { at, name } = &group.difference.change else { continue };
            let place = Place { document: group.document(self.spec), operation, status: *status };
            if let Some((list, index)) = place.required(at, name).filter(|_| !group.embedded) {
                omitted.entry(list).or_default().insert(index);
            }
        }
        omitted
    }
}

impl Group {
    /// Returns the document at the first version at which the difference was seen.
    fn document<'a>(&self, spec: &'a Spec) -> Document<'a> {
        let version = self.versions.iter().copied().min().flatten();
        Document { root: &spec.document, version }
    }
}

impl Override {
    /// What two entries that do the same have in common: the reason does not count.
    fn key(&self) -> String {
        let value = self.value.as_ref().map(Value::to_string).unwrap_or_default();
        format!("{} {} {value}", self.op, self.pointer)
    }
}

/// Writes the intervals of an operation's response that have one of these versions; those that
/// follow each other are one.
fn intervals(spec: &Spec, operation: &str, seen: &[Option<Microversion>]) -> String {
    let Some(operation) = spec.service.operations.iter().find(|o| o.id == operation) else {
        return VersionRange::ALL.to_string();
    };
    let mut joined: Vec<VersionRange> = Vec::new();
    let mut follows = false;
    for interval in cells(operation) {
        let has = seen.iter().any(|version| interval.contains(*version));
        match joined.last_mut() {
            Some(last) if has && follows => last.max = interval.max,
            _ if has => joined.push(interval),
            _ => {}
        }
        follows = has;
    }
    let all = joined.iter().map(|range| spec.service.notable(*range).to_string());
    all.collect::<Vec<_>>().join(", ")
}

/// The indexes that are removed from lists, by the pointers of the lists.
type Omitted = BTreeMap<String, BTreeSet<usize>>;

/// The response of a spec that answers differ from.
struct Place<'a> {
    document: Document<'a>,
    operation: &'a str,
    status: u16,
}

impl<'a> Place<'a> {
    fn schema(&self, at: &str) -> Option<String> {
        self.document.schema(self.operation, self.status, at)
    }

    fn found(&self, pointer: &str) -> Option<&'a Value> {
        self.document.root.pointer(pointer)
    }

    /// Returns the pointer of the list that requires a property, and its index there.
    fn required(&self, at: &str, name: &str) -> Option<(String, usize)> {
        let schema = self.schema(at)?;
        let index = |list: &str, is_it: &dyn Fn(&Value) -> bool| {
            self.found(list)?.as_array()?.iter().position(is_it)
        };
        let always = format!("{schema}/required");
        if let Some(index) = index(&always, &|item| item == name) {
            return Some((always, index));
        }
        let by_version = format!("{schema}/{VERSIONS_KEY}/required");
        let is_it = |item: &Value| {
            let is_now =
                |marks: &Map<String, Value>| range_of(marks).contains(self.document.version);
            item.get("name").is_some_and(|one| one == name) && item.as_object().is_some_and(is_now)
        };
        index(&by_version, &is_it).map(|index| (by_version, index))
    }

    /// Returns the entries of `overrides.yaml` that make a change.
    fn overrides(&self, change: &Change, omitted: &Omitted, reason: &str) -> Option<Vec<Override>> {
        let entry = |op, pointer, value| Override { op, pointer, value, reason: reason.to_owned() };
        let Self { document, operation, status } = self;
        let schema = |at: &str| self.schema(at);
        let found = |place: &str| self.found(place);
        Some(match change {
            Change::Nullable { at } => {
                vec![entry("add", format!("{}/nullable", schema(at)?), Some(json!(true)))]
            }
            Change::Type { at, found: ty } => {
                let place = schema(at)?;
                let now = found(&place)?;
                let mut branches = match now.get("anyOf").and_then(Value::as_array) {
                    Some(branches) => branches.clone(),
                    None => vec![json!({"type": now.get("type")?})],
                };
                branches.push(json!({"type": ty}));
                let mut value = json!({"anyOf": branches, "x-openstack": {"type-list": true}});
                if let Some(nullable) = now.get("nullable") {
                    value["nullable"] = nullable.clone();
                }
                vec![entry("replace", place, Some(value))]
            }
            Change::EnumValue { at, value } => {
                let place = schema(at)?;
                found(&place)?.get("enum")?;
                let one = format!("{place}/x-openstack/const");
                let constant = found(&one).map(|_| entry("remove", one.clone(), None));
                let add = entry("add", format!("{place}/enum/-"), Some(value.clone()));
                constant.into_iter().chain([add]).collect()
            }
            Change::AddProperty { at, name, value } => {
                let place = format!("{}/properties/{}", schema(at)?, escaped(name));
                vec![entry("add", place, Some(schema_of(value)))]
            }
            Change::Omit { at, name } => {
                if let Some((list, _)) = self.required(at, name) {
                    let items = found(&list)?.as_array()?;
                    let gone = omitted.get(&list)?;
                    let left = (0..).zip(items).filter(|(index, _)| !gone.contains(index));
                    let left: Vec<Value> = left.map(|(_, item)| item.clone()).collect();
                    let left = Some(Value::Array(left)).filter(|_| gone.len() < items.len());
                    let op = if left.is_some() { "replace" } else { "remove" };
                    vec![entry(op, list, left)]
                } else {
                    let mark = format!("{VERSIONS_KEY}/always");
                    let always = format!("{}/properties/{}/{mark}", schema(at)?, escaped(name));
                    found(&always)?;
                    vec![entry("remove", always, None)]
                }
            }
            Change::Loosen { at, keyword } => {
                let place = format!("{}/{keyword}", schema(at)?);
                found(&place)?;
                vec![entry("remove", place, None)]
            }
            Change::DeclareStatus => {
                let place = document.operation(operation)?;
                let value = if *status < 400 {
                    json!({"description": "OK", "x-openstack": {"body": "unknown"}})
                } else {
                    form_of(document, *status)
                };
                vec![entry("add", format!("{place}/responses/{status}"), Some(value))]
            }
            Change::HeaderOptional { name } => {
                let response = document.response(operation, *status)?;
                let own = format!("{response}/headers/{}/required", escaped(name));
                let shared = format!("/x-openstack/response-headers/{}/required", escaped(name));
                let place = [own, shared].into_iter().find(|place| found(place).is_some())?;
                vec![entry("remove", place, None)]
            }
            Change::HeaderValue { name } => {
                let response = document.response(operation, *status)?;
                let own = format!("{response}/headers/{}/schema", escaped(name));
                let shared = format!("/x-openstack/response-headers/{}/schema", escaped(name));
                let place = [own, shared].into_iter().find(|place| found(place).is_some())?;
                vec![entry("replace", place, Some(json!({"type": "string"})))]
            }
            Change::DescribeBody | Change::KeepVersion | Change::Look { .. } => Vec::new(),
        })
    }
}

/// Returns the form of errors that other operations refer to for a status.
fn form_of(document: &Document<'_>, status: u16) -> Value {
    let mut counts = BTreeMap::<&str, usize>::new();
    references(
        document.root.get("paths").unwrap_or(&Value::Null),
        &status.to_string(),
        &mut counts,
    );
    let most = counts.into_iter().max_by_key(|(name, count)| (*count, std::cmp::Reverse(*name)));
    match most {
        Some((form, _)) => json!({"$ref": form}),
        None => json!({"description": "An error"}),
    }
}

fn references<'a>(node: &'a Value, status: &str, counts: &mut BTreeMap<&'a str, usize>) {
    let Value::Object(map) = node else { return };
    for (key, value) in map {
        match value.get("$ref").and_then(Value::as_str) {
            Some(form) if key == status => *counts.entry(form).or_default() += 1,
            _ => references(value, status, counts),
        }
    }
}

/// Writes proposals for people.
pub(super) fn text(proposals: &[Proposal]) -> String {
    let mut out = String::new();
    for proposal in proposals {
        let Proposal { service, operation, status, versions, at, .. } = proposal;
        let place = if at.is_empty() { String::new() } else { format!(", {at}") };
        let _ = writeln!(out, "{operation} {status}, {versions}{place}");
        let _ = writeln!(out, "  the spec says  {}", proposal.expected);
        let more = match proposal.answers {
            1 => String::new(),
            count => format!("1 of {count}: "),
        };
        let _ = writeln!(out, "  answered       {}", proposal.answered);
        let _ = writeln!(out, "  in             {more}{}", proposal.file);
        if proposal.embedded {
            let _ = writeln!(
                out,
                "  proposal       none: only the embedded cloud answered so; correct its behaviour\n"
            );
            continue;
        }
        let _ = writeln!(out, "  proposal       {}", proposal.proposal);
        for pointer in &proposal.shared_overrides {
            let _ = writeln!(out, "                 by an entry above, for {pointer}");
        }
        if proposal.overrides.is_empty() {
            if proposal.shared_overrides.is_empty() {
                let _ = writeln!(out, "                 by hand, in api-specs/{service}/");
            }
            out.push('\n');
            continue;
        }
        let _ = writeln!(out, "                 in api-specs/{service}/overrides.yaml:");
        for Override { op, pointer, value, reason } in &proposal.overrides {
            let _ = writeln!(out, "  - op: {op}\n    pointer: {pointer}");
            if let Some(value) = value {
                let _ = writeln!(out, "    value: {value}");
            }
            let _ = writeln!(out, "    reason: {}", Value::from(reason.as_str()));
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
pub(crate) mod tests;
