//! Proposals: the same difference of many answers is one, with its versions and the entry of
//! `overrides.yaml` that would change the spec.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Value, json};
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
    /// Entries for `overrides.yaml`; empty if a person has to find the place.
    pub(super) overrides: Vec<Override>,
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
            let group = self.found.entry(key).or_insert_with(|| Group {
                difference,
                versions: Vec::new(),
                package: None,
                answers: 0,
                file: file.to_owned(),
                embedded: true,
            });
            group.versions.push(answer.version);
            group.answers += 1;
            group.embedded &= answer.embedded;
            if group.package.is_none() {
                group.package.clone_from(&answer.package);
            }
        }
    }

    /// Returns the proposals, by operation, status and place.
    pub(super) fn finish(self) -> Vec<Proposal> {
        let spec = self.spec;
        self.found
            .into_iter()
            .map(|((operation, status, _), group)| {
                let Group { difference: Difference { change, expected, answered }, .. } = &group;
                let first = group.versions.iter().copied().min().flatten();
                let document = Document { root: &spec.document, version: first };
                let who = group.package.clone().unwrap_or_else(|| "a cloud".to_owned());
                let reason = format!("{who} answers {answered}");
                let overrides = overrides(&document, &operation, status, change, &reason);
                Proposal {
                    service: spec.folder.clone(),
                    versions: intervals(spec, &operation, &group.versions),
                    at: change.at(),
                    expected: expected.clone(),
                    answered: answered.clone(),
                    answers: group.answers,
                    file: group.file.clone(),
                    embedded: group.embedded,
                    proposal: change.words(status),
                    change: change.clone(),
                    overrides,
                    operation,
                    status,
                }
            })
            .collect()
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

/// Returns the entries of `overrides.yaml` that make a change.
fn overrides(
    document: &Document<'_>,
    operation: &str,
    status: u16,
    change: &Change,
    reason: &str,
) -> Vec<Override> {
    let entry = |op, pointer, value| Override { op, pointer, value, reason: reason.to_owned() };
    let schema = |at: &str| document.schema(operation, status, at);
    let found = |place: &str| document.root.pointer(place);
    let made = || -> Option<Vec<Override>> {
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
                let place = schema(at)?;
                let value = found(&place)?;
                let index = |list: &str, is_it: &dyn Fn(&Value) -> bool| {
                    value.pointer(list).and_then(Value::as_array)?.iter().position(is_it)
                };
                let always = format!("{place}/properties/{}/x-openstack/always", escaped(name));
                if let Some(index) = index("/required", &|item| item == name) {
                    vec![entry("remove", format!("{place}/required/{index}"), None)]
                } else if let Some(index) =
                    index("/x-openstack/required", &|item| item.get("name") == Some(&json!(name)))
                {
                    vec![entry("remove", format!("{place}/x-openstack/required/{index}"), None)]
                } else {
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
                let value = if status < 400 {
                    json!({"description": "OK", "x-openstack": {"body": "unknown"}})
                } else {
                    form_of(document, status)
                };
                vec![entry("add", format!("{place}/responses/{status}"), Some(value))]
            }
            Change::HeaderOptional { name } => {
                let response = document.response(operation, status)?;
                let own = format!("{response}/headers/{}/required", escaped(name));
                let shared = format!("/x-openstack/response-headers/{}/required", escaped(name));
                let place = [own, shared].into_iter().find(|place| found(place).is_some())?;
                vec![entry("remove", place, None)]
            }
            Change::HeaderValue { name } => {
                let response = document.response(operation, status)?;
                let own = format!("{response}/headers/{}/schema", escaped(name));
                let shared = format!("/x-openstack/response-headers/{}/schema", escaped(name));
                let place = [own, shared].into_iter().find(|place| found(place).is_some())?;
                vec![entry("replace", place, Some(json!({"type": "string"})))]
            }
            Change::DescribeBody | Change::Look { .. } => Vec::new(),
        })
    };
    made().unwrap_or_default()
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
        if proposal.overrides.is_empty() {
            let _ = writeln!(out, "                 by hand, in api-specs/{service}/\n");
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
