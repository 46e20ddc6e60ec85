//! Checks of the committed specs: every policy has an operation and the reverse, no override is
//! dead, and no version ranges overlap or leave unmarked gaps.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize as _;
use serde_json::Value;
use squall_codegen::chains::{self, Explanation};
use squall_codegen::model::{Operation, Service};
use squall_model::{BodySchema, Merged, Microversion, VersionRange};

mod specs;

use specs::{HARVESTED, SERVICES, service, template, text, value};

/// For each harvested service the number of default policy rules, and of operations whose policies are
/// unknown because the introspector cannot see them.
const POLICIES: [(&str, usize, usize); 7] = [
    ("compute", 214, 0),
    ("identity", 204, 0),
    ("image", 67, 0),
    ("network", 372, 0),
    ("object-storage", 0, 0),
    ("placement", 38, 0),
    ("volume", 167, 0),
];

#[test]
fn every_documented_policy_has_an_operation_or_a_reason() {
    let mut wrong = Vec::new();
    for (name, count, _) in POLICIES {
        let spec = service(&text(name, "openapi.yaml"));
        let ids: BTreeSet<&str> = spec.operations.iter().map(|op| op.id.as_str()).collect();
        let reasons = strays(name);
        let left_out = left_out(name);
        let policies = value(name, "policies.yaml");
        let rules = list(&policies["rules"]);
        assert_eq!(rules.len(), count, "{name}");
        for rule in rules {
            let rule_name = word(rule, "name");
            for entry in list(&rule["operations"]) {
                let (method, path) = (word(entry, "method"), word(entry, "path"));
                let found = match entry.get("operation").and_then(Value::as_str) {
                    Some(id) => ids.contains(id),
                    None if entry.get("left-out").is_some() => {
                        left_out.contains(&(method.to_owned(), bare(path)))
                    }
                    None => reasons.contains(&[rule_name, method, path].map(str::to_owned)),
                };
                let means = list(&entry["means"]).iter().filter_map(Value::as_str);
                if !found || means.clone().any(|id| !ids.contains(id)) {
                    wrong.push(format!("{name}: {rule_name}: {method} {path}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_reason_for_a_stray_policy_is_needed() {
    for name in SERVICES.iter().copied() {
        let policies = value(name, "policies.yaml");
        let mut used = BTreeSet::new();
        for rule in list(&policies["rules"]) {
            for entry in list(&rule["operations"]).iter().filter(|e| e.get("reason").is_some()) {
                let key = [word(rule, "name"), word(entry, "method"), word(entry, "path")];
                used.insert(key.map(str::to_owned));
            }
        }
        assert_eq!(strays(name), used, "{name}");
    }
}

#[test]
fn no_operation_without_policy_is_left_unmarked() {
    let mut unknown = BTreeMap::new();
    for name in HARVESTED.iter().copied() {
        let spec = value(name, "openapi.yaml");
        let count = unknown.entry(name).or_insert(0);
        for (place, op) in operations(&spec) {
            let marks = &op["x-openstack"];
            match &marks["policies"] {
                Value::Array(rules) => assert!(!rules.is_empty(), "{place}"),
                Value::String(word) if word == "unknown" => *count += 1,
                _ => assert_eq!(marks["unenforced"], Value::Bool(true), "{place}"),
            }
        }
    }
    let listed: BTreeMap<&str, usize> =
        POLICIES.iter().map(|(name, _, unknown)| (*name, *unknown)).collect();
    assert_eq!(unknown, listed);
}

#[test]
fn no_override_is_dead() {
    for name in SERVICES.iter().copied() {
        let spec = value(name, "openapi.yaml");
        for change in list(&value(name, "overrides.yaml")["overrides"]) {
            let pointer = word(change, "pointer");
            let there = spec.pointer(pointer.trim_end_matches("/-"));
            let alive = match word(change, "op") {
                "remove" => there.is_none(),
                _ if pointer.ends_with("/-") => {
                    there.is_some_and(|list| self::list(list).contains(&change["value"]))
                }
                _ => there == Some(&change["value"]),
            };
            assert!(alive, "{name}: {pointer} is not what its override sets");
            assert!(!word(change, "reason").is_empty(), "{name}: {pointer}");
        }
    }
}

#[test]
fn no_range_overlaps_another() {
    for name in SERVICES.iter().copied() {
        let spec = value(name, "openapi.yaml");
        overlaps(&spec["paths"], name);
        overlaps(&spec["components"], name);
    }
}

#[test]
fn every_version_of_an_operation_has_a_status() {
    for name in SERVICES.iter().copied() {
        let spec = service(&text(name, "openapi.yaml"));
        for op in &spec.operations {
            for version in versions(&spec, op) {
                let answers = op.success.iter().any(|status| status.versions.contains(version));
                assert!(answers, "{} at {version:?}", op.id);
            }
        }
    }
}

#[test]
fn every_hole_is_marked_and_every_mark_is_a_hole() {
    let mut found = BTreeSet::new();
    let mut marked = BTreeSet::new();
    for name in SERVICES.iter().copied() {
        let spec = service(&text(name, "openapi.yaml"));
        for op in &spec.operations {
            for version in versions(&spec, op) {
                let parts = [
                    ("request", of_body(&op.schemas.request)),
                    ("query", op.schemas.query.as_ref()),
                ];
                let responses = op
                    .schemas
                    .responses
                    .iter()
                    .filter(|r| r.status < 400 && r.versions.contains(version))
                    .map(|r| ("response", of_body(&r.body)));
                for (part, schema) in parts.into_iter().chain(responses) {
                    if schema.is_some_and(|schema| schema.at(version).is_none()) {
                        found.insert((op.id.clone(), part.to_owned()));
                    }
                }
            }
        }
        for (_, op) in operations(&value(name, "openapi.yaml")) {
            for hole in list(&op["x-openstack"]["holes"]) {
                assert!(!word(hole, "reason").is_empty());
                marked.insert((word(op, "operationId").to_owned(), word(hole, "part").to_owned()));
            }
        }
    }
    assert_eq!(found, marked);
}

/// Every operation and action of a document, with its position.
fn operations(spec: &Value) -> Vec<(String, &Value)> {
    let mut out = Vec::new();
    for (path, item) in spec["paths"].as_object().into_iter().flatten() {
        for (method, op) in item.as_object().into_iter().flatten() {
            if let Some(actions) = op.pointer("/x-openstack/actions").and_then(Value::as_object) {
                out.extend(actions.iter().map(|(name, op)| (format!("{path} {name}"), op)));
            } else if op.get("operationId").is_some() {
                out.push((format!("{method} {path}"), op));
            }
        }
    }
    out
}

/// Checks that the entries of every list of ranges do not overlap.
fn overlaps(node: &Value, place: &str) {
    match node {
        Value::Object(map) => {
            for (key, value) in map {
                let place = format!("{place}/{key}");
                if ["variants", "additional-properties"].contains(&key.as_str()) {
                    let ranges: Vec<VersionRange> = list(value).iter().map(range).collect();
                    disjoint(&ranges, &place);
                }
                if key == "required" && list(value).iter().all(Value::is_object) {
                    let mut names: BTreeMap<&str, Vec<VersionRange>> = BTreeMap::new();
                    for entry in list(value) {
                        names.entry(word(entry, "name")).or_default().push(range(entry));
                    }
                    for ranges in names.into_values() {
                        disjoint(&ranges, &place);
                    }
                }
                overlaps(value, &place);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| overlaps(value, place)),
        _ => {}
    }
}

#[test]
fn what_is_odd_along_the_versions_is_explained() {
    for name in SERVICES.iter().copied() {
        let overrides = value(name, "overrides.yaml");
        let explained = list(&overrides["oddities"])
            .iter()
            .map(|entry| Explanation::deserialize(entry).unwrap());
        let explained: Vec<Explanation> = explained.collect();
        let problems = chains::problems(&service(&text(name, "openapi.yaml")), &explained);
        assert_eq!(problems, [""; 0], "{name}: see `cargo xtask lint`");
    }
}

fn disjoint(ranges: &[VersionRange], place: &str) {
    for (at, range) in ranges.iter().enumerate() {
        for other in &ranges[at + 1..] {
            assert_eq!(range.intersect(other), None, "{place}: {range} and {other}");
        }
        if let (Some(min), Some(max)) = (range.min, range.max) {
            assert!(min <= max, "{place}: {range}");
        }
    }
}

fn range(entry: &Value) -> VersionRange {
    let end = |key: &str| {
        let text = entry.get(key)?.as_str().expect("a version is a text");
        Some(text.parse().expect("a version is two numbers"))
    };
    VersionRange::new(end("min-ver"), end("max-ver"))
}

/// The versions at which anything of an operation may change; `None` without microversions.
fn versions(service: &Service, op: &Operation) -> Vec<Option<Microversion>> {
    let Some(first) = service.versions.min else { return vec![None] };
    let mut found = BTreeSet::from([op.versions.min.unwrap_or(first)]);
    found.extend(op.versions.max.or(service.versions.max));
    found.extend(op.response_boundaries());
    found.extend(op.request_boundaries());
    found.retain(|v| op.versions.contains(Some(*v)) && service.versions.contains(Some(*v)));
    found.into_iter().map(Some).collect()
}

fn of_body(body: &BodySchema) -> Option<&Merged> {
    body.schema()
}

/// The keys of the entries with a reason in overrides.
fn strays(name: &str) -> BTreeSet<[String; 3]> {
    let overrides = value(name, "overrides.yaml");
    let keys = list(&overrides["policies-without-operation"])
        .iter()
        .map(|entry| ["rule", "method", "path"].map(|key| word(entry, key).to_owned()));
    keys.collect()
}

fn left_out(name: &str) -> BTreeSet<(String, String)> {
    let spec = value(name, "openapi.yaml");
    let keys = list(&spec["x-openstack"]["left-out"])
        .iter()
        .map(|entry| (word(entry, "method").to_owned(), bare(word(entry, "path"))));
    keys.collect()
}

/// A documented path as in routes: without version and action.
fn bare(path: &str) -> String {
    let path = path.split(" (").next().unwrap_or_default().trim_end_matches('/');
    let path = ["/v2.1", "/v2.0", "/v3", "/v2"]
        .iter()
        .find_map(|version| path.strip_prefix(version).filter(|rest| rest.starts_with('/')))
        .unwrap_or(path);
    template(path).replace('_', "-")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
