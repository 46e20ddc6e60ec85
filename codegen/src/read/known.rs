//! Where a document keeps its parts, and what to say of those that 3.0 lacks.

use serde_json::Value;

use crate::diagnostic::pointer;

/// What stands at a place of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The whole document.
    Document,
    /// An operation, or an operation-shaped action.
    Operation,
    /// A schema.
    Schema,
    /// Something that only leads on to these.
    Other,
}

/// A part: its value, its pointer and what it is.
pub(super) type Part<'a> = (&'a Value, String, Place);

/// Gives the parts of a value that are documents' parts themselves.
///
/// What stands under `x-openstack` is none of them: the typed reading keeps it
/// as it is, and lowering reads it.
pub(super) fn parts<'a>(raw: &'a Value, at: &str, place: Place) -> Vec<Part<'a>> {
    let mut found = Vec::new();
    match place {
        Place::Document => document_parts(raw, at, &mut found),
        Place::Operation => {
            entries(raw, at, "/requestBody/content", Place::Other, &mut found);
            if let Some(parameters) = raw.get("parameters") {
                found.push((parameters, pointer(at, "parameters"), Place::Other));
            }
            for (status, response) in object(raw.get("responses")) {
                let at = pointer(&format!("{at}/responses"), status);
                entries(response, &at, "/content", Place::Other, &mut found);
            }
        }
        Place::Schema => schema_parts(raw, at, &mut found),
        Place::Other => {
            for (index, item) in raw.as_array().into_iter().flatten().enumerate() {
                found.push((item, pointer(at, index), Place::Other));
            }
            if let Some(schema) = raw.get("schema") {
                found.push((schema, pointer(at, "schema"), Place::Schema));
            }
        }
    }
    found
}

fn document_parts<'a>(raw: &'a Value, at: &str, found: &mut Vec<Part<'a>>) {
    entries(raw, at, "/components/schemas", Place::Schema, found);
    entries(raw, at, "/components/parameters", Place::Other, found);
    for (path, item) in object(raw.get("paths")) {
        let at = pointer(&format!("{at}/paths"), path);
        for (key, value) in object(Some(item)) {
            if METHODS.contains(&key.as_str()) {
                found.push((value, pointer(&at, key), Place::Operation));
            } else if key == "parameters" {
                found.push((value, pointer(&at, key), Place::Other));
            }
        }
    }
}

fn schema_parts<'a>(raw: &'a Value, at: &str, found: &mut Vec<Part<'a>>) {
    entries(raw, at, "/properties", Place::Schema, found);
    for list in ["oneOf", "anyOf", "allOf"] {
        let branches = raw.get(list).and_then(Value::as_array).into_iter().flatten().enumerate();
        found.extend(
            branches.map(|(i, inner)| (inner, pointer(&pointer(at, list), i), Place::Schema)),
        );
    }
    for single in ["items", "additionalProperties", "not"] {
        if let Some(inner) = raw.get(single).filter(|value| value.is_object()) {
            found.push((inner, pointer(at, single), Place::Schema));
        }
    }
}

fn entries<'a>(raw: &'a Value, at: &str, path: &str, place: Place, found: &mut Vec<Part<'a>>) {
    for (key, value) in object(raw.pointer(path)) {
        found.push((value, pointer(&format!("{at}{path}"), key), place));
    }
}

fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// The keys of a path item that are operations.
pub(super) const METHODS: [&str; 9] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "copy"];

/// Tells whether a key is the one method that object storage has and 3.0 lacks.
pub(super) fn is_extra_method(key: &str, at: &str) -> bool {
    key == "copy" && at.starts_with("/paths/") && at.matches('/').count() == 3
}

/// The keys whose absence means false.
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

/// Says what to write in the place of a key that is dropped.
pub(super) fn dropped(key: &str) -> (String, String) {
    let under = |name: &str| format!("write it under `x-openstack` as `{name}`");
    let help = match key {
        "patternProperties" => under("pattern-properties"),
        "prefixItems" => under("prefix-items"),
        "propertyNames" => under("property-names"),
        "dependentSchemas" => under("dependent-schemas"),
        "additionalItems" => under("additional-items"),
        "if" | "then" | "else" | "contains" | "min-ver" | "max-ver" => under(key),
        "const" => "write an `enum` of one and `x-openstack: {const: true}`".to_owned(),
        _ => "take it out, or move it under a key that starts with `x-`".to_owned(),
    };
    (format!("`{key}` is dropped: OpenAPI 3.0.3 has no such key here"), help)
}

/// Says what to write in the place of a value that cannot be read, and the key
/// that is to blame; empty where none is.
pub(super) fn explain(raw: &Value, error: &str) -> (&'static str, String, String) {
    if let Some(types) = raw.get("type").and_then(Value::as_array) {
        let help = if types.len() == 2 && types.iter().any(|t| t == "null") {
            "write `type: T` and `nullable: true`"
        } else {
            "write `anyOf` with one branch a type, and `x-openstack: {type-list: true}`"
        };
        return ("type", "a list of types is no OpenAPI 3.0.3".to_owned(), help.to_owned());
    }
    for key in ["exclusiveMinimum", "exclusiveMaximum"] {
        if raw.get(key).is_some_and(Value::is_number) {
            let bound = key.replace("exclusiveM", "m");
            let message = format!("a number for `{key}` is no OpenAPI 3.0.3");
            return (key, message, format!("write the number as `{bound}`, and `{key}: true`"));
        }
    }
    let help = "compare it with the OpenAPI 3.0.3 form";
    ("", format!("this cannot be read: {error}"), help.to_owned())
}
