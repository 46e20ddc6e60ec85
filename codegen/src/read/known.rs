//! The structure of an OpenAPI 3.0 document, and the help for what 3.0 does not have.

use serde_json::Value;

use crate::diagnostic::pointer;

/// What a node of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind {
    /// The whole document.
    Document,
    /// An operation, or an operation-shaped action.
    Operation,
    /// A schema.
    Schema,
    /// A node that only contains these.
    Other,
}

/// A node: its value, its pointer and its kind.
pub(super) type Node<'a> = (&'a Value, String, NodeKind);

/// Returns the children of a node.
///
/// Whatever is under `x-openstack` is not included: the typed reading keeps it as it is,
/// and lowering reads it.
pub(super) fn children<'a>(raw: &'a Value, at: &str, kind: NodeKind) -> Vec<Node<'a>> {
    let mut found = Vec::new();
    match kind {
        NodeKind::Document => document_parts(raw, at, &mut found),
        NodeKind::Operation => {
            entries(raw, at, "/requestBody/content", NodeKind::Other, &mut found);
            if let Some(parameters) = raw.get("parameters") {
                found.push((parameters, pointer(at, "parameters"), NodeKind::Other));
            }
            for (status, response) in object(raw.get("responses")) {
                let at = pointer(&format!("{at}/responses"), status);
                response_parts(response, &at, &mut found);
            }
        }
        NodeKind::Schema => schema_parts(raw, at, &mut found),
        NodeKind::Other => {
            for (index, item) in raw.as_array().into_iter().flatten().enumerate() {
                found.push((item, pointer(at, index), NodeKind::Other));
            }
            if let Some(schema) = raw.get("schema") {
                found.push((schema, pointer(at, "schema"), NodeKind::Schema));
            }
        }
    }
    found
}

fn document_parts<'a>(raw: &'a Value, at: &str, found: &mut Vec<Node<'a>>) {
    entries(raw, at, "/components/schemas", NodeKind::Schema, found);
    entries(raw, at, "/components/parameters", NodeKind::Other, found);
    for (name, response) in object(raw.pointer("/components/responses")) {
        response_parts(response, &pointer(&format!("{at}/components/responses"), name), found);
    }
    for (path, item) in object(raw.get("paths")) {
        let at = pointer(&format!("{at}/paths"), path);
        for (key, value) in object(Some(item)) {
            if METHODS.contains(&key.as_str()) {
                found.push((value, pointer(&at, key), NodeKind::Operation));
            } else if key == "parameters" {
                found.push((value, pointer(&at, key), NodeKind::Other));
            }
        }
    }
}

fn response_parts<'a>(raw: &'a Value, at: &str, found: &mut Vec<Node<'a>>) {
    entries(raw, at, "/content", NodeKind::Other, found);
    entries(raw, at, "/headers", NodeKind::Other, found);
}

fn schema_parts<'a>(raw: &'a Value, at: &str, found: &mut Vec<Node<'a>>) {
    entries(raw, at, "/properties", NodeKind::Schema, found);
    for list in ["oneOf", "anyOf", "allOf"] {
        let branches = raw.get(list).and_then(Value::as_array).into_iter().flatten().enumerate();
        found.extend(
            branches.map(|(i, inner)| (inner, pointer(&pointer(at, list), i), NodeKind::Schema)),
        );
    }
    for single in ["items", "additionalProperties", "not"] {
        if let Some(inner) = raw.get(single).filter(|value| value.is_object()) {
            found.push((inner, pointer(at, single), NodeKind::Schema));
        }
    }
}

fn entries<'a>(raw: &'a Value, at: &str, path: &str, kind: NodeKind, found: &mut Vec<Node<'a>>) {
    for (key, value) in object(raw.pointer(path)) {
        found.push((value, pointer(&format!("{at}{path}"), key), kind));
    }
}

fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// The keys of a path item that are operations.
pub(super) const METHODS: [&str; 9] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "copy"];

/// Whether a key is COPY, the one method of object storage that 3.0 lacks.
pub(super) fn is_extra_method(key: &str, at: &str) -> bool {
    key == "copy" && at.starts_with("/paths/") && at.matches('/').count() == 3
}

/// Whether a pointer is of the `x-openstack` of an operation's response, which may have one
/// beside its `$ref`.
pub(super) fn is_mark_of_response(at: &str) -> bool {
    let mut tokens = at.rsplit('/');
    tokens.next() == Some("x-openstack")
        && tokens.next().is_some_and(|status| status.parse::<u16>().is_ok())
        && tokens.next() == Some("responses")
}

/// The keys that default to false.
pub(super) const FALSE_BY_DEFAULT: [&str; 11] = [
    "required",
    "nullable",
    "readOnly",
    "writeOnly",
    "deprecated",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "uniqueItems",
    "allowReserved",
    "allowEmptyValue",
    "explode",
];

/// Returns the message and the help for a key that would be dropped.
pub(super) fn dropped(key: &str) -> (String, String) {
    let under = |name: &str| format!("write it under `x-openstack` as `{name}`");
    let help = match key {
        "patternProperties" => under("pattern-properties"),
        "prefixItems" => under("prefix-items"),
        "propertyNames" => under("property-names"),
        "dependentSchemas" => under("dependent-schemas"),
        "additionalItems" => under("additional-items"),
        "if" | "then" | "else" | "contains" | "min-ver" | "max-ver" => under(key),
        "const" => "write an `enum` with one value and `x-openstack: {const: true}`".to_owned(),
        _ => "remove it, or move it under a key that starts with `x-`".to_owned(),
    };
    (format!("`{key}` is not a key that OpenAPI 3.0.3 has here"), help)
}

/// Returns the key that causes a read error (empty if unknown), the message and the help.
pub(super) fn explain(raw: &Value, error: &str) -> (&'static str, String, String) {
    if let Some(types) = raw.get("type").and_then(Value::as_array) {
        let help = if types.len() == 2 && types.iter().any(|t| t == "null") {
            "write `type: T` and `nullable: true`"
        } else {
            "write `anyOf` with one branch for each type, and `x-openstack: {type-list: true}`"
        };
        return (
            "type",
            "OpenAPI 3.0.3 does not allow a list of types".to_owned(),
            help.to_owned(),
        );
    }
    for key in ["exclusiveMinimum", "exclusiveMaximum"] {
        if raw.get(key).is_some_and(Value::is_number) {
            let bound = key.replace("exclusiveM", "m");
            let message = format!("`{key}` is a boolean in OpenAPI 3.0.3, not a number");
            return (key, message, format!("write the number as `{bound}`, and `{key}: true`"));
        }
    }
    let help = "compare it with the OpenAPI 3.0.3 specification";
    ("", format!("failed to read this: {error}"), help.to_owned())
}
