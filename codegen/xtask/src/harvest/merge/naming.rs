//! Determines the id, the path and the tag of every operation.
//!
//! The resource comes from the path (`path.rs`); the verb comes from the method and from what
//! the path leads to, or from the action. Tables (`exceptions.rs`) replace poor and ambiguous
//! names, with reasons. Two operations with the same id are an error.

use std::collections::{BTreeMap, BTreeSet};

use miette::miette;

use super::exceptions::{NAMES, PATHS};
use super::facts::{Facts, Operation};
use super::path::{ApiPath, Shape, parse, renamed, template};
use super::summaries::SUMMARIES;
use super::words::snake;

/// An operation's name.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// `service.resource.verb`.
    pub(super) id: String,
    pub(super) resource: String,
    pub(super) verb: String,
    pub(super) parsed: ApiPath,
    /// The path with renamed parameters.
    pub(super) path: String,
}

/// Names the operations, in their order.
pub(super) fn names(facts: &Facts, operations: &[&Operation]) -> miette::Result<Vec<Name>> {
    let service = facts.service.as_str();
    let templates: BTreeSet<String> = operations.iter().map(|op| template(&op.path)).collect();
    let routes: BTreeSet<(&str, String)> =
        operations.iter().map(|op| (op.method.as_str(), template(&op.path))).collect();
    let paths: Vec<ApiPath> = operations
        .iter()
        .map(|op| {
            let below = format!("{}/{{}}", template(&op.path));
            parse(service, &op.path, templates.contains(&below))
        })
        .collect();
    let relations: BTreeSet<String> = operations
        .iter()
        .zip(&paths)
        .filter(|(op, path)| makes_relation(facts, op, path))
        .map(|(op, _)| template(&op.path))
        .collect();
    let others = Others { routes, relations };
    let names: Vec<Name> =
        operations.iter().zip(paths).map(|(op, path)| name(service, op, path, &others)).collect();
    collisions(operations, &names)?;
    Ok(names)
}

/// The other operations of the service, on which names depend.
struct Others<'a> {
    routes: BTreeSet<(&'a str, String)>,
    /// The paths that relate two resources.
    relations: BTreeSet<String>,
}

fn name(service: &str, op: &Operation, parsed: ApiPath, others: &Others) -> Name {
    let given = op.id.as_deref().and_then(|id| id.split_once('.')).map(|(_, rest)| rest);
    let (resource, verb) =
        given.or_else(|| exception(service, op)).and_then(|name| name.split_once('.')).map_or_else(
            || (parsed.resource.clone(), verb(op, &parsed, others)),
            |(resource, verb)| (resource.to_owned(), verb.to_owned()),
        );
    Name {
        id: format!("{service}.{resource}.{verb}"),
        path: renamed(service, &op.path),
        resource,
        verb,
        parsed,
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

/// Returns the verb:
///
/// - an action keeps upstream's word, and so does a path that ends in a verb;
/// - what the only key of the body tells from the creation of one resource creates several:
///   `create_bulk`;
/// - PUT of an item that relates two resources is `add`, and its DELETE `remove`. If there is
///   also a PATCH, which is `update`, PUT is `create`;
/// - GET without a response body is `check`.
fn verb(op: &Operation, path: &ApiPath, others: &Others) -> String {
    if let Some(action) = &op.action {
        if op.method == "POST" && path.shape == Shape::Collection && !op.path.ends_with("/action") {
            return "create_bulk".to_owned();
        }
        return snake(action.strip_prefix("os-").unwrap_or(action));
    }
    if let Some(verb) = &path.verb {
        return verb.clone();
    }
    let key = template(&op.path);
    let relation = others.relations.contains(&key);
    let bodiless = !op.statuses.is_empty() && op.statuses.iter().all(|s| s.code == 204);
    let patched = others.routes.contains(&("PATCH", key.clone()));
    let above = key.rsplit_once('/').map(|(above, _)| above.to_owned()).unwrap_or_default();
    let posted = others.routes.contains(&("POST", above));
    let verb = match (op.method.as_str(), path.shape) {
        ("GET", Shape::Collection) if path.detail => "list_detail",
        ("GET", _) if path.detail => "show_detail",
        ("GET", _) if bodiless => "check",
        ("GET", Shape::Collection) => "list",
        ("GET", _) => "show",
        ("POST", _) => "create",
        ("PUT", Shape::Collection) => "replace",
        ("PUT", Shape::Item) if relation => "add",
        ("DELETE", Shape::Item) if relation => "remove",
        ("PUT", Shape::Item) if patched && posted => "create_with_id",
        ("PUT", _) if patched => "create",
        ("PUT" | "PATCH", _) => "update",
        ("DELETE", Shape::Collection) => "delete_all",
        ("DELETE", _) => "delete",
        ("HEAD", _) => "check",
        (method, _) => return method.to_ascii_lowercase(),
    };
    verb.to_owned()
}

/// Whether an operation relates two resources: a PUT without a body of an item below another.
fn makes_relation(facts: &Facts, op: &Operation, path: &ApiPath) -> bool {
    op.method == "PUT"
        && path.depth > 1
        && path.shape == Shape::Item
        && op.request.entries.iter().all(|entry| facts.is_null(&entry.schema))
}

fn collisions(operations: &[&Operation], names: &[Name]) -> miette::Result<()> {
    let mut seen: BTreeMap<&str, &Operation> = BTreeMap::new();
    let mut found = Vec::new();
    for (op, name) in operations.iter().zip(names) {
        if let Some(other) = seen.insert(&name.id, op) {
            found.push(format!("{}: {} and {}", name.id, other.described(), op.described()));
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(miette!(
        help = "add an entry with its reason to NAMES in harvest/merge/exceptions.rs",
        "several operations have the same id:\n  {}",
        found.join("\n  ")
    ))
}

/// Checks that every exception applies to an existing operation.
pub(super) fn unused(
    service: &str,
    operations: &[&Operation],
    names: &[Name],
) -> miette::Result<()> {
    let is_route = |method: &str, path: &str, action: &str| {
        operations.iter().any(|op| {
            (method.is_empty() || op.method == method)
                && template(&op.path) == path
                && (method.is_empty() || op.action.as_deref().unwrap_or_default() == action)
        })
    };
    let routes = NAMES
        .iter()
        .filter(|(of, method, path, action, ..)| *of == service && !is_route(method, path, action))
        .map(|(_, method, path, action, ..)| format!("NAMES: {method} {path} {action}"));
    let paths = PATHS
        .iter()
        .filter(|(of, path, ..)| *of == service && !is_route("", path, ""))
        .map(|(_, path, ..)| format!("PATHS: {path}"));
    let summaries = SUMMARIES
        .iter()
        .filter(|(id, _)| id.split('.').next() == Some(service))
        .filter(|(id, _)| !names.iter().any(|name| name.id == *id))
        .map(|(id, _)| format!("SUMMARIES: {id}"));
    let dead: Vec<String> = routes.chain(paths).chain(summaries).collect();
    if dead.is_empty() {
        return Ok(());
    }
    Err(miette!(
        help = "remove the entries from exceptions.rs and summaries.rs in harvest/merge",
        "there are exceptions for operations that do not exist:\n  {}",
        dead.join("\n  ")
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::summary::summary;
    use super::*;

    /// Returns the names of operations given as `METHOD path action`; `PUT!` has no body.
    fn named(service: &str, lines: &[&str]) -> miette::Result<Vec<Name>> {
        let described = json!({"state": "described", "entries": [{"schema": "a"}]});
        let unknown = json!({"state": "unknown"});
        let operations: Vec<_> = lines
            .iter()
            .map(|line| {
                let mut words = line.split(' ');
                let method = words.next().unwrap();
                json!({
                    "method": method.trim_end_matches('!'),
                    "path": words.next().unwrap(),
                    "action": words.next(),
                    "request": if method.ends_with('!') { &unknown } else { &described },
                    "query": unknown,
                    "response": unknown,
                })
            })
            .collect();
        let facts: Facts = serde_json::from_value(json!({
            "service": service, "packages": [], "operations": operations,
            "schemas": {"a": {}}, "policies": [],
        }))
        .unwrap();
        let operations = facts.operations.iter().collect::<Vec<_>>();
        let names = names(&facts, &operations)?;
        unused(&facts.service, &operations, &names)?;
        Ok(names)
    }

    #[test]
    fn ids_paths_and_summaries_follow_from_method_and_path() {
        let rows = [
            ("GET /things", "things.list", "/things", "Lists things."),
            (
                "GET /things/detail",
                "things.list_detail",
                "/things/detail",
                "Lists things with details.",
            ),
            ("POST /things", "things.create", "/things", "Creates a thing."),
            ("GET /things/{id}", "things.show", "/things/{thing_id}", "Shows a thing."),
            (
                "GET /things/{id}/os-image",
                "thing_image.show",
                "/things/{thing_id}/os-image",
                "Shows the image of a thing.",
            ),
            (
                "PUT! /things/{id}/users/{user_id}",
                "thing_users.add",
                "/things/{thing_id}/users/{user_id}",
                "Adds a user to a thing.",
            ),
            (
                "DELETE /things/{id}/users/{user_id}",
                "thing_users.remove",
                "/things/{thing_id}/users/{user_id}",
                "Removes a user from a thing.",
            ),
            (
                "PUT /things/{id}/parts/{id}",
                "thing_parts.update",
                "/things/{thing_id}/parts/{part_id}",
                "Updates a part of a thing.",
            ),
            (
                "PUT /things/{id}/parts",
                "thing_parts.replace",
                "/things/{thing_id}/parts",
                "Replaces the parts of a thing.",
            ),
            (
                "POST /things/{id}/restore",
                "things.restore",
                "/things/{thing_id}/restore",
                "Restores a thing.",
            ),
            (
                "POST /things/{id}/action os-getVNCConsole",
                "things.get_vnc_console",
                "/things/{thing_id}/action",
                "Gets a VNC console of a thing.",
            ),
            (
                "POST /things/{id}/action addFloatingIp",
                "things.add_floating_ip",
                "/things/{thing_id}/action",
                "Adds a floating IP to a thing.",
            ),
            ("POST /OS-TRUST/trusts", "trusts.create", "/OS-TRUST/trusts", "Creates a trust."),
        ];
        let names = named("test", &rows.map(|(line, ..)| line)).unwrap();
        for ((line, id, path, text), name) in rows.iter().zip(names) {
            assert_eq!(name.id, format!("test.{id}"), "{line}");
            assert_eq!(name.path, *path, "{line}");
            assert_eq!(summary(&name, line.contains("/action ")), *text, "{line}");
        }
    }

    #[test]
    fn a_collision_names_both_operations() {
        let error = named("test", &["GET /os-things", "GET /things"]).unwrap_err().to_string();
        assert!(error.contains("test.things.list: GET /os-things and GET /things"), "{error}");
    }

    #[test]
    fn an_exception_without_an_operation_is_an_error() {
        let error = named("placement", &["GET /things"]).unwrap_err().to_string();
        assert!(error.contains("NAMES: PUT /traits/{}"), "{error}");
    }
}
