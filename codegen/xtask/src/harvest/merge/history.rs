//! Builds `history.yaml`: which microversions change the spec, and which only behaviour.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use squall_model::Microversion;

use super::facts::Facts;

/// Returns every version at which an operation is added or removed, or a status, a header or a
/// schema changes.
///
/// These are all values of `min-ver`, and the successors of all values of `max-ver`, except
/// for the service's own.
pub(super) fn boundaries(document: &Value) -> BTreeSet<Microversion> {
    let mut found = BTreeSet::new();
    for part in
        ["/paths", "/components", "/x-openstack/request-headers", "/x-openstack/response-headers"]
    {
        if let Some(part) = document.pointer(part) {
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

/// Builds the history with the summaries of the existing one, which are written by hand.
///
/// Also returns the versions without a summary.
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
