//! `history.yaml`: which microversions the spec shows, and which only change behaviour.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use squall_model::Microversion;

use super::facts::Facts;

/// Gives every version at which the spec changes: an operation comes or goes, a
/// status or a schema changes.
///
/// Every range of the document stands under keys `min-ver` and `max-ver`, so all of
/// them are collected by those; the bounds of the service itself are no change.
pub(super) fn boundaries(document: &Value) -> BTreeSet<Microversion> {
    let mut found = BTreeSet::new();
    for part in ["paths", "components"] {
        if let Some(part) = document.get(part) {
            collect(part, &mut found);
        }
    }
    found
}

fn collect(node: &Value, found: &mut BTreeSet<Microversion>) {
    match node {
        Value::Object(map) => {
            let version = |key: &str| map.get(key)?.as_str()?.parse::<Microversion>().ok();
            found.extend(version("min-ver"));
            found.extend(version("max-ver").map(Microversion::next));
            map.values().for_each(|value| collect(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

/// Makes the history, keeping the summaries of the one there is.
///
/// The summaries are written by hand; gives also the versions that have none yet.
pub(super) fn document(
    facts: &Facts,
    boundaries: &BTreeSet<Microversion>,
    before: Option<&Value>,
) -> (Value, Vec<Microversion>) {
    let known = before.and_then(|b| b.get("versions")).and_then(Value::as_array);
    let summary = |version: Microversion| {
        let text = version.to_string();
        known?
            .iter()
            .find(|entry| entry.get("version").and_then(Value::as_str) == Some(&text))?
            .get("summary")?
            .as_str()
            .filter(|summary| !summary.is_empty())
    };
    let mut missing = Vec::new();
    let versions = facts.versions.iter().map(|entry| {
        let version = entry.version;
        let first = Some(version) == facts.min;
        let kind = if first || boundaries.contains(&version) { "schema" } else { "behaviour" };
        if summary(version).is_none() {
            missing.push(version);
        }
        json!({
            "version": version.to_string(),
            "kind": kind,
            "summary": summary(version).unwrap_or_default(),
        })
    });
    let versions: Vec<Value> = versions.collect();
    (json!({"service": facts.service, "versions": versions}), missing)
}
