//! Assigns ids to the operations of a published document.
//!
//! `service.resource.verb` is derived from the method and the path. Where two operations
//! would get the same id, both get a longer one, until all differ.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use squall_model::operation::path_parameters;

use super::known::METHODS;
use crate::name;

/// Derives a service's name from its document's title: `OpenStack Compute API` is `compute`.
pub fn service(title: &str) -> String {
    const NOISE: [&str; 8] =
        ["openstack", "open", "stack", "api", "service", "the", "reference", "rest"];
    let words: Vec<String> =
        name::words(title).into_iter().filter(|word| !NOISE.contains(&word.as_str())).collect();
    name::snake(&if words.is_empty() { "service".to_owned() } else { words.join("_") })
}

/// Splits the version off the paths if all of them but `/` begin with the same one.
pub fn split_version(paths: Map<String, Value>) -> (String, Map<String, Value>) {
    let first = |path: &str| path.split('/').nth(1).map(str::to_owned);
    let mut firsts = paths.keys().filter(|path| *path != "/").map(|path| first(path));
    let version = match firsts.next() {
        Some(Some(version)) if is_version(&version) => format!("/{version}"),
        _ => return (String::new(), paths),
    };
    let below = |path: &str| path.strip_prefix(&version).is_some_and(|rest| rest.starts_with('/'));
    if !paths.keys().all(|path| below(path)) {
        return (String::new(), paths);
    }
    let cut = paths.into_iter().map(|(path, item)| (path[version.len()..].to_owned(), item));
    (version.clone(), cut.collect())
}

fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || c == '.')
    })
}

/// Assigns every operation and action of the paths an id of three parts.
pub fn fill(service: &str, paths: &mut Map<String, Value>) {
    let known: Vec<String> = paths.keys().cloned().collect();
    let mut wanted: Vec<(Slot, Vec<String>)> = Vec::new();
    for (path, item) in paths.iter() {
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let actions = operation.pointer("/x-openstack/actions").and_then(Value::as_object);
            let slot = |action: Option<&String>| Slot {
                path: path.clone(),
                method: method.to_owned(),
                action: action.cloned(),
            };
            if let Some(actions) = actions {
                let each = |name| (slot(Some(name)), action_candidates(path, name));
                wanted.extend(actions.keys().map(each));
                continue;
            }
            let given = operation.get("operationId").and_then(Value::as_str);
            let mut candidates = candidates(method, path, &known);
            if let Some(given) = given.filter(|given| is_name(given, service)) {
                candidates.insert(0, given[service.len() + 1..].to_owned());
            }
            wanted.push((slot(None), candidates));
        }
    }
    for (slot, id) in assign(wanted) {
        let operation = paths.get_mut(&slot.path).and_then(|item| item.get_mut(&slot.method));
        let operation = match &slot.action {
            Some(action) => operation
                .and_then(|o| o.get_mut("x-openstack")?.get_mut("actions")?.get_mut(action)),
            None => operation,
        };
        if let Some(Value::Object(operation)) = operation {
            operation.insert("operationId".to_owned(), Value::String(format!("{service}.{id}")));
        }
    }
    for item in paths.values_mut().filter_map(Value::as_object_mut) {
        for operation in item.values_mut().filter_map(Value::as_object_mut) {
            if operation.get("x-openstack").is_some_and(|marks| marks.get("actions").is_some()) {
                operation.remove("operationId");
            }
        }
    }
}

/// The operation or action that an id is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    path: String,
    method: String,
    action: Option<String>,
}

/// Assigns each slot its first candidate that no other slot has at the same step.
fn assign(wanted: Vec<(Slot, Vec<String>)>) -> Vec<(Slot, String)> {
    let mut steps: Vec<usize> = vec![0; wanted.len()];
    // Each round advances at least one slot of every clash; numbers settle what is left.
    for _ in 0..wanted.len() + 8 {
        let mut holders: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, ((_, candidates), step)) in wanted.iter().zip(&steps).enumerate() {
            holders.entry(pick(candidates, *step)).or_default().push(at);
        }
        let clashes: Vec<Vec<usize>> = holders.into_values().filter(|h| h.len() > 1).collect();
        if clashes.is_empty() {
            break;
        }
        for holders in clashes {
            let exhausted = holders.iter().all(|at| steps[*at] + 1 >= wanted[*at].1.len());
            for at in holders.into_iter().skip(usize::from(exhausted)) {
                steps[at] += 1;
            }
        }
    }
    let each = |((slot, candidates), step): ((Slot, Vec<String>), usize)| {
        let id = pick(&candidates, step);
        (slot, id)
    };
    wanted.into_iter().zip(steps).map(each).collect()
}

/// Returns the candidate at a step; past the end, the last one with a number appended.
fn pick(candidates: &[String], step: usize) -> String {
    match (candidates.get(step), candidates.last()) {
        (Some(id), _) => id.clone(),
        (None, Some(last)) => format!("{last}_{}", step - candidates.len() + 2),
        (None, None) => format!("resource.operation_{step}"),
    }
}

/// Whether a document's own id has the form `service.resource.verb`.
fn is_name(id: &str, service: &str) -> bool {
    let parts: Vec<&str> = id.split('.').collect();
    parts.len() == 3 && parts[0] == service && parts.iter().all(|part| name::snake(part) == *part)
}

fn action_candidates(path: &str, action: &str) -> Vec<String> {
    let base = path.trim_end_matches("/action");
    let verb = name::snake(action.strip_prefix("os-").unwrap_or(action));
    let words = literals(base);
    let mut out = vec![format!("{}.{verb}", resource(&words, 2))];
    out.push(format!("{}.{verb}", resource(&words, usize::MAX)));
    out.push(format!("{}.{}", resource(&words, usize::MAX), name::snake(action)));
    out
}

fn candidates(method: &str, path: &str, known: &[String]) -> Vec<String> {
    let item = path.ends_with('}');
    let mut words = literals(path);
    let detail = words.len() > 1 && words.last().is_some_and(|word| word == "detail");
    if detail {
        words.pop();
    }
    let last = words.last().map_or("", String::as_str);
    let prefix = format!("{}/{{", path.trim_end_matches('/'));
    let collection = !item
        && (known.iter().any(|other| other.starts_with(&prefix)) || name::singular(last) != last);
    let verb = match (method, collection) {
        ("get", _) if detail => "list_detail",
        ("get", true) => "list",
        ("get", false) => "show",
        ("post", _) => "create",
        ("put" | "patch", _) => "update",
        ("delete", _) => "delete",
        ("head", _) => "check",
        (other, _) => other,
    };
    let (short, long) = (resource(&words, 2), resource(&words, usize::MAX));
    let parameters: Vec<&str> = path_parameters(path).collect();
    let by =
        parameters.last().map_or_else(String::new, |last| format!("_by_{}", name::snake(last)));
    vec![
        format!("{short}.{verb}"),
        format!("{long}.{verb}"),
        format!("{long}.{verb}{by}"),
        format!("{long}.{verb}_{method}{by}"),
    ]
}

/// Returns the literal words of a path, without versions, parameters and vendor prefixes.
fn literals(path: &str) -> Vec<String> {
    let segments: Vec<&str> = path
        .split('/')
        .filter(|s| !s.is_empty() && !s.starts_with('{') && !is_version(s))
        .collect();
    let plain: Vec<&str> = segments.iter().copied().filter(|s| !s.starts_with("OS-")).collect();
    let chosen = if plain.is_empty() { segments } else { plain };
    chosen.iter().map(|s| name::snake(s.strip_prefix("os-").unwrap_or(s))).collect()
}

/// Names a resource by its last words, all but the last in the singular.
fn resource(words: &[String], most: usize) -> String {
    let words = &words[words.len().saturating_sub(most)..];
    match words.split_last() {
        None => "root".to_owned(),
        Some((last, parents)) => {
            let mut name: Vec<String> = parents.iter().map(|word| name::singular(word)).collect();
            name.push(last.clone());
            name.join("_")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ids(paths: Value) -> Vec<String> {
        let Value::Object(mut paths) = paths else { return Vec::new() };
        fill("compute", &mut paths);
        let mut found: Vec<String> = paths
            .values()
            .flat_map(|item| item.as_object().into_iter().flatten())
            .filter_map(|(_, operation)| Some(operation.get("operationId")?.as_str()?.to_owned()))
            .collect();
        found.sort();
        found
    }

    #[test]
    fn an_id_is_derived_from_the_method_and_the_path() {
        let paths = json!({
            "/os-keypairs": {"get": {}, "post": {}},
            "/os-keypairs/{name}": {"delete": {}},
            "/servers/detail": {"get": {}},
            "/servers/{id}/os-interface": {"get": {}},
            "/servers/{id}/os-interface/{port}": {"get": {}},
            "/limits": {"get": {}},
        });
        assert_eq!(
            ids(paths),
            [
                "compute.keypairs.create",
                "compute.keypairs.delete",
                "compute.keypairs.list",
                "compute.limits.list",
                "compute.server_interface.list",
                "compute.server_interface.show",
                "compute.servers.list_detail",
            ]
        );
    }

    #[test]
    fn equal_ids_grow_until_they_differ() {
        let paths = json!({
            "/a/{x}/b/{y}/c": {"get": {}},
            "/d/{x}/b/{y}/c": {"get": {}},
        });
        assert_eq!(ids(paths), ["compute.a_b_c.show", "compute.d_b_c.show"]);
    }

    #[test]
    fn a_version_is_split_off_only_if_all_paths_have_it() {
        let paths = |list: &[&str]| list.iter().map(|p| ((*p).to_owned(), json!({}))).collect();
        assert_eq!(split_version(paths(&["/v2/zones", "/v2/zones/{id}"])).0, "/v2");
        assert_eq!(split_version(paths(&["/v2/zones", "/limits"])).0, "");
    }
}
