//! Decides what happens to each keyword of a published schema.

use serde_json::{Map, Value};
use squall_model::Microversion;

/// What happens to a keyword.
pub(super) enum Fate {
    /// It constrains a value and is kept.
    Keep,
    /// It is prose, or has been handled elsewhere.
    Drop,
    /// It may hold a version range.
    Marks,
    /// It is left out, with this warning.
    Warn(String),
}

/// Keywords of JSON Schema 2020-12 that constrain a value.
const KEPT: [&str; 40] = [
    "type",
    "enum",
    "const",
    "format",
    "pattern",
    "default",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minContains",
    "maxContains",
    "minProperties",
    "maxProperties",
    "required",
    "properties",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "dependentRequired",
    "dependentSchemas",
    "items",
    "prefixItems",
    "additionalItems",
    "contains",
    "oneOf",
    "anyOf",
    "allOf",
    "not",
    "if",
    "then",
    "else",
    // They are applied by direction.
    "readOnly",
    "writeOnly",
];

/// Keywords that are prose or for tools, or are handled elsewhere.
const DROPPED: [&str; 16] = [
    "$ref",
    "$defs",
    "definitions",
    "$schema",
    "$id",
    "$comment",
    "title",
    "summary",
    "description",
    "example",
    "examples",
    "readonly",
    "deprecated",
    "externalDocs",
    "discriminator",
    "xml",
];

/// Decides what happens to one keyword.
pub(super) fn fate(key: &str, value: &Value, modern: bool) -> Fate {
    match key {
        "x-openstack" => Fate::Marks,
        "nullable" if !modern => Fate::Keep,
        "required" if !value.is_array() => {
            Fate::Warn(format!("`required` of a schema must be a list of names, not {value}"))
        }
        "format" | "pattern" if !value.is_string() => {
            Fate::Warn(format!("`{key}` must be a string, not {value}"))
        }
        "type" if !is_type(value) => Fate::Warn(format!("{value} is not a JSON Schema type")),
        _ if KEPT.contains(&key) => Fate::Keep,
        _ if DROPPED.contains(&key) || key.starts_with("content") || key.starts_with("x-") => {
            Fate::Drop
        }
        _ => Fate::Warn(format!("`{key}` is not a JSON Schema keyword")),
    }
}

fn is_type(value: &Value) -> bool {
    const TYPES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];
    let known = |v: &Value| v.as_str().is_some_and(|name| TYPES.contains(&name));
    match value {
        Value::Array(list) => !list.is_empty() && list.iter().all(known),
        other => known(other),
    }
}

/// Returns the version range of an `x-openstack`, if it has a valid one.
pub(super) fn range(marks: &Value) -> Value {
    let end = |key: &str| -> Option<Microversion> { marks.get(key)?.as_str()?.parse().ok() };
    let (min, max) = (end("min-ver"), end("max-ver"));
    let mut out = Map::new();
    if min.zip(max).is_none_or(|(min, max)| min <= max) {
        let mut put = |key: &str, end: Option<Microversion>| {
            out.extend(end.map(|v| (key.to_owned(), Value::String(v.to_string()))));
        };
        put("min-ver", min);
        put("max-ver", max);
    }
    Value::Object(out)
}
