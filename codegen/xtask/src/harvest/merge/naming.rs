//! Gives every operation its id, its path as we spell it, and its tag.
//!
//! The rules: the resource comes from the path (`place.rs`); the verb from the
//! method and from what the path leads to, or from the action. Where a rule gives
//! a poor or ambiguous name, a table (`exceptions.rs`) says otherwise and why. Two
//! operations with one id are an error that names both.

use std::collections::{BTreeMap, BTreeSet};

use miette::miette;

use super::exceptions::NAMES;
use super::facts::{Facts, Operation};
use super::place::{Place, Shape, place, renamed, template};
use super::words::snake;

/// An operation's name.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// `service.resource.verb`.
    pub(super) id: String,
    pub(super) resource: String,
    pub(super) verb: String,
    pub(super) place: Place,
    /// The path with renamed parameters.
    pub(super) path: String,
}

/// Names the operations, in their order.
pub(super) fn names(facts: &Facts, operations: &[&Operation]) -> miette::Result<Vec<Name>> {
    let service = facts.service.as_str();
    let templates: BTreeSet<String> = operations.iter().map(|op| template(&op.path)).collect();
    let relations: BTreeSet<String> = operations
        .iter()
        .filter(|op| makes_relation(facts, op))
        .map(|op| template(&op.path))
        .collect();
    let names: Vec<Name> = operations
        .iter()
        .map(|op| {
            let key = template(&op.path);
            let place = place(service, &op.path, templates.contains(&format!("{key}/{{}}")));
            name(service, op, place, relations.contains(&key))
        })
        .collect();
    collisions(operations, &names)?;
    unused(service, operations)?;
    Ok(names)
}

fn name(service: &str, op: &Operation, place: Place, relation: bool) -> Name {
    let given = op.id.as_deref().and_then(|id| id.split_once('.')).map(|(_, rest)| rest);
    let (resource, verb) = given
        .or_else(|| exception(service, op))
        .and_then(|name| name.split_once('.'))
        .map(|(resource, verb)| (resource.to_owned(), verb.to_owned()))
        .unwrap_or_else(|| (place.resource.clone(), verb(op, &place, relation)));
    Name {
        id: format!("{service}.{resource}.{verb}"),
        path: renamed(service, &op.path),
        resource,
        verb,
        place,
    }
}

fn exception(service: &str, op: &Operation) -> Option<&'static str> {
    let key = template(&op.path);
    NAMES
        .iter()
        .find(|(of, method, path, action, ..)| {
            *of == service
                && *method == op.method
                && *path == key
                && *action == op.action.as_deref().unwrap_or_default()
        })
        .map(|(.., name, _)| *name)
}

fn verb(op: &Operation, place: &Place, relation: bool) -> String {
    if let Some(action) = &op.action {
        return snake(action.strip_prefix("os-").unwrap_or(action));
    }
    if let Some(verb) = &place.verb {
        return verb.clone();
    }
    let verb = match (op.method.as_str(), place.shape) {
        ("GET", Shape::Collection) if place.detail => "list_detail",
        ("GET", _) if place.detail => "show_detail",
        ("GET", Shape::Collection) => "list",
        ("GET", _) => "show",
        ("POST", Shape::Item) => "update",
        ("POST", _) => "create",
        ("PUT", Shape::Collection) => "replace",
        ("PUT", Shape::Item) if relation => "add",
        ("DELETE", Shape::Item) if relation => "remove",
        ("PUT" | "PATCH", _) => "update",
        ("DELETE", Shape::Collection) => "delete_all",
        ("DELETE", _) => "delete",
        ("HEAD", _) => "check",
        ("COPY", _) => "copy",
        (method, _) => return method.to_ascii_lowercase(),
    };
    verb.to_owned()
}

/// A PUT without a body that names a member under its owner puts the two in relation.
fn makes_relation(facts: &Facts, op: &Operation) -> bool {
    let parts: Vec<&str> = op.path.split('/').collect();
    let parameters = parts.iter().filter(|part| part.starts_with('{')).count();
    op.method == "PUT"
        && parameters > 1
        && parts.last().is_some_and(|last| last.starts_with('{'))
        && op.request.entries.iter().all(|entry| facts.is_null(&entry.schema))
}

fn collisions(operations: &[&Operation], names: &[Name]) -> miette::Result<()> {
    let mut seen: BTreeMap<&str, &Operation> = BTreeMap::new();
    let mut found = Vec::new();
    for (op, name) in operations.iter().zip(names) {
        if let Some(other) = seen.insert(&name.id, op) {
            found.push(format!("{}: {} and {}", name.id, other.place(), op.place()));
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(miette!(
        help = "add an entry with its reason to NAMES in harvest/merge/exceptions.rs",
        "two operations have one id:\n  {}",
        found.join("\n  ")
    ))
}

/// An exception for an operation that is gone must go too.
fn unused(service: &str, operations: &[&Operation]) -> miette::Result<()> {
    let dead: Vec<String> = NAMES
        .iter()
        .filter(|(of, ..)| *of == service)
        .filter(|(_, method, path, action, ..)| {
            !operations.iter().any(|op| {
                op.method == *method
                    && template(&op.path) == *path
                    && op.action.as_deref().unwrap_or_default() == *action
            })
        })
        .map(|(_, method, path, action, ..)| format!("{method} {path} {action}"))
        .collect();
    if dead.is_empty() {
        return Ok(());
    }
    Err(miette!(
        help = "take the entries out of NAMES in harvest/merge/exceptions.rs",
        "names are given to operations that do not exist:\n  {}",
        dead.join("\n  ")
    ))
}
