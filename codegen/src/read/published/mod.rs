//! Normalises a published document, OpenAPI 3.1 or plain 3.0, into the project's own form.
//!
//! References are inlined, microversion discriminators become variants, action
//! discriminators become actions, schemas are spelled in 3.0, and operations get ids from
//! which names can be made. Whatever cannot be carried over is a warning.

mod actions;
mod direction;
mod keywords;
mod operations;
mod references;
mod response;
mod schemas;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use squall_model::{Microversion, VersionRange};

use super::ids;
use super::known::METHODS;
use crate::budget::Budget;
use crate::diagnostic::{Diagnostics, pointer};
use references::References;

/// Converts a published document into the project's own form.
pub fn normalise(raw: &Value, sink: &mut Diagnostics) -> Option<Value> {
    let version = raw.get("openapi").and_then(Value::as_str).unwrap_or_default().to_owned();
    if !version.starts_with("3.0") && !version.starts_with("3.1") {
        let (at, message) = match raw.get("openapi") {
            Some(version) => ("/openapi", format!("unsupported OpenAPI version {version}")),
            None => ("", "this is not an OpenAPI document: it has no `openapi`".to_owned()),
        };
        let help = "use `openapi: 3.0.3` or `openapi: 3.1.0`; a Swagger 2.0 document has to be converted first";
        sink.error(at, message, help);
        return None;
    }
    let references = References::new(raw);
    let modern = !version.starts_with("3.0");
    let pass = Pass { references: &references, budget: Budget::default(), modern };
    let mut paths = Map::new();
    for (path, item) in raw.get("paths").and_then(Value::as_object).into_iter().flatten() {
        let at = pointer("/paths", path);
        if item.is_null() {
            continue;
        }
        let item = match item.get("$ref") {
            None => Some(item.clone()),
            Some(_) => references.follow(item).map(|target| {
                let mut whole = target.clone();
                if let (Value::Object(whole), Value::Object(own)) = (&mut whole, item) {
                    whole.extend(own.iter().filter(|(key, _)| *key != "$ref").map(owned));
                }
                whole
            }),
        };
        let Some(item) = item else {
            let help = "correct the reference; other files are not read";
            sink.error(at, "the `$ref` of this path leads nowhere", help);
            continue;
        };
        let Value::Object(item) = &item else {
            sink.error(at, "a path item must be a map of operations", "put the methods under it");
            continue;
        };
        if !path.starts_with('/') {
            sink.warning(at, format!("the path `{path}` is left out"), "start the path with `/`");
            continue;
        }
        if item.is_empty() {
            continue;
        }
        paths.insert(path.clone(), pass.path_item(path, item, &at, sink));
    }
    if pass.budget.is_spent() {
        return None;
    }
    let info = raw.get("info");
    let text = |key: &str| info.and_then(|i| i.get(key)).and_then(Value::as_str).map(str::to_owned);
    let title = text("title").unwrap_or_else(|| "Service".to_owned());
    let service = ids::service(&title);
    let (version_path, mut paths) = ids::split_version(paths);
    ids::fill(&service, &mut paths);
    let mut about = json!({"service": service, "service-type": service.replace('_', "-")});
    let versions = versions(raw, text("version").and_then(|version| version.parse().ok()));
    if let (Value::Object(about), Value::Object(versions)) = (&mut about, json!(versions)) {
        about.extend(versions);
    }
    Some(json!({
        "openapi": "3.0.3",
        "info": {"title": title, "version": text("version").unwrap_or_default()},
        "servers": [{"url": if version_path.is_empty() { "/" } else { version_path.as_str() }}],
        "paths": paths,
        "x-openstack": about,
    }))
}

/// Returns the document's range of microversions: from the first one that any part of it
/// names to the document's own version.
fn versions(raw: &Value, own: Option<Microversion>) -> VersionRange {
    let mut found = BTreeSet::new();
    collect(raw, &mut found);
    match found.first() {
        Some(first) => VersionRange::new(Some(*first), found.last().copied().max(own)),
        None => VersionRange::ALL,
    }
}

fn collect(value: &Value, found: &mut BTreeSet<Microversion>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if key == "x-openstack" {
                    let end = |end: &str| -> Option<Microversion> {
                        value.get(end)?.as_str()?.parse().ok()
                    };
                    found.extend(["min-ver", "max-ver"].into_iter().filter_map(end));
                }
                collect(value, found);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

fn owned((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

/// The document, as every step needs it.
struct Pass<'a> {
    references: &'a References<'a>,
    budget: Budget,
    /// Whether its schemas are JSON Schema 2020-12, as in 3.1.
    modern: bool,
}

impl Pass<'_> {
    fn path_item(
        &self,
        path: &str,
        item: &Map<String, Value>,
        at: &str,
        sink: &mut Diagnostics,
    ) -> Value {
        let shared = self.parameters(item.get("parameters"), &pointer(at, "parameters"), sink);
        let mut out = Map::new();
        for (key, value) in item {
            let at = pointer(at, key);
            match value {
                _ if key == "parameters" || key == "summary" || key == "description" => {}
                Value::Object(operation) if METHODS.contains(&key.as_str()) => {
                    let operation = self.operation(path, operation, &shared, &at, sink);
                    out.insert(key.clone(), operation);
                }
                Value::Null => {}
                _ => sink.warning(
                    at,
                    format!("`{key}` is left out"),
                    "a path item may hold only operations and parameters",
                ),
            }
        }
        Value::Object(out)
    }
}
