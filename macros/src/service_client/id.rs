//! Derives the ids of operations without an explicit one.
//!
//! The rules are those of the generated clients: a path leads to a collection or to one of
//! its items, and a path below an item belongs to it.

use super::words::{Request, Verb};

/// Returns the explicit `resource.verb`, or the one that follows from path and method: that
/// of `GET /secrets/{secret_id}` is `secrets.show`.
pub(super) fn of(request: &Request) -> String {
    let path = request.path.as_ref().map(syn::LitStr::value).unwrap_or_default();
    match &request.id {
        Some(id) => id.value(),
        None => format!("{}.{}", resource(&path), verb(request.verb, &path)),
    }
}

/// Returns the last collection, prefixed with the singular of its parent.
fn resource(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let mut names = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let is_parent = parts.get(index + 1).is_some_and(|next| next.starts_with('{'))
            && index + 2 < parts.len();
        match (part.starts_with('{'), is_parent) {
            (true, _) => {}
            (false, true) => names.push(singular(&snake(part))),
            (false, false) => names.push(snake(part)),
        }
    }
    if names.is_empty() { "root".to_owned() } else { names.join("_") }
}

fn verb(verb: Verb, path: &str) -> &'static str {
    let is_item = path.ends_with('}');
    match (verb, is_item) {
        (Verb::Get, true) => "show",
        (Verb::Get, false) => "list",
        (Verb::Head, _) => "check",
        (Verb::Post, _) => "create",
        (Verb::Put | Verb::Patch, _) => "update",
        (Verb::Delete, true) => "delete",
        (Verb::Delete, false) => "delete_all",
    }
}

fn snake(part: &str) -> String {
    let part = part.strip_prefix("os-").unwrap_or(part);
    part.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect()
}

fn singular(name: &str) -> String {
    match name.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => name.strip_suffix('s').unwrap_or(name).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_and_method_determine_resource_and_verb() {
        for (method, path, expected) in [
            (Verb::Get, "/secrets", "secrets.list"),
            (Verb::Post, "/secrets", "secrets.create"),
            (Verb::Get, "/secrets/{secret_id}", "secrets.show"),
            (Verb::Put, "/secrets/{secret_id}", "secrets.update"),
            (Verb::Delete, "/secrets/{secret_id}", "secrets.delete"),
            (Verb::Delete, "/policies/{id}/os-hosts", "policy_hosts.delete_all"),
            (Verb::Get, "/secrets/{secret_id}/metadata/{key}", "secret_metadata.show"),
            (Verb::Get, "/info/stores", "info_stores.list"),
            (Verb::Get, "/", "root.list"),
        ] {
            assert_eq!(format!("{}.{}", resource(path), verb(method, path)), expected);
        }
    }
}
