//! Tables of the keywords of both sides.

use serde_json::Value;
use squall_model::materialise::{LISTS, MAPS, SINGLES};

/// Formats that OpenAPI or JSON Schema define; any other is private.
const PUBLIC_FORMATS: [&str; 21] = [
    "binary",
    "byte",
    "date",
    "date-time",
    "double",
    "duration",
    "email",
    "float",
    "hostname",
    "int32",
    "int64",
    "ipv4",
    "ipv6",
    "iri",
    "json-pointer",
    "password",
    "regex",
    "time",
    "uri",
    "uri-reference",
    "uuid",
];

/// The types of 3.0, which has no `null`.
pub(super) const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Keywords with subschemas that 3.0 lacks, and their names under `x-openstack`.
const HOUSED: [(&str, &str); 14] = [
    ("$defs", "defs"),
    ("additionalItems", "additional-items"),
    ("contains", "contains"),
    ("contentSchema", "content-schema"),
    ("definitions", "definitions"),
    ("dependentSchemas", "dependent-schemas"),
    ("else", "else"),
    ("if", "if"),
    ("patternProperties", "pattern-properties"),
    ("prefixItems", "prefix-items"),
    ("propertyNames", "property-names"),
    ("then", "then"),
    ("unevaluatedItems", "unevaluated-items"),
    ("unevaluatedProperties", "unevaluated-properties"),
];

/// The marks that `write` adds and `read` removes one by one.
pub(super) const MARKS: [&str; 9] = [
    "const",
    "format",
    "keywords",
    "lenient",
    "null-branch",
    "null-type",
    "ref",
    "type-list",
    "verbatim",
];

/// The marks of a merged schema: its versions and extension, and which properties answers have.
pub(super) const MERGED_MARKS: [&str; 9] = [
    "additional-properties",
    "always",
    "extension",
    "max-ver",
    "min-ver",
    "omitted",
    "open",
    "required",
    "variants",
];

/// Keywords of 3.0 that do not constrain a value.
pub(super) const ANNOTATIONS: [&str; 4] = ["discriminator", "example", "externalDocs", "xml"];

/// The shape of a keyword's value, as far as it holds subschemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Map,
    List,
    Single,
}

/// Returns how a keyword's value holds subschemas, if it does.
pub(super) fn shape(keyword: &str, value: &Value) -> Option<Shape> {
    match value {
        Value::Object(_) if MAPS.contains(&keyword) => Some(Shape::Map),
        Value::Array(_) if LISTS.contains(&keyword) || keyword == "items" => Some(Shape::List),
        Value::Array(_) => None,
        _ if SINGLES.contains(&keyword) => Some(Shape::Single),
        _ => None,
    }
}

/// Returns a keyword's name under `x-openstack`, for keywords that 3.0 lacks.
pub(super) fn housed(keyword: &str, shape: Shape) -> Option<&'static str> {
    match (keyword, shape) {
        ("items", Shape::List) => Some("items"),
        _ => HOUSED.iter().find(|(plain, _)| *plain == keyword).map(|(_, name)| *name),
    }
}

/// Returns the keyword for a name under `x-openstack`.
pub(super) fn unhoused(name: &str) -> Option<&'static str> {
    match name {
        "items" => Some("items"),
        _ => HOUSED.iter().find(|(_, housed)| *housed == name).map(|(plain, _)| *plain),
    }
}

pub(super) fn is_public_format(format: &str) -> bool {
    PUBLIC_FORMATS.contains(&format)
}

/// Whether 3.0 has this keyword with this kind of value and the same meaning.
pub(super) fn is_common(keyword: &str, value: &Value) -> bool {
    match keyword {
        "properties" => value.is_object(),
        "oneOf" | "anyOf" | "allOf" | "enum" => value.is_array(),
        "items" | "not" => !value.is_array(),
        "additionalProperties" => value.is_object() || value.is_boolean(),
        "required" => value.as_array().is_some_and(|l| l.iter().all(Value::is_string)),
        "title" | "description" | "pattern" => value.is_string(),
        "minimum" | "maximum" | "multipleOf" => value.is_number(),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            value.is_u64()
        }
        "uniqueItems" | "readOnly" | "writeOnly" | "deprecated" => value.is_boolean(),
        "default" => !value.is_null(),
        other => other.starts_with("x-"),
    }
}
