//! Merged schemas, and the function that returns the schema of one version.
//!
//! A merged schema is JSON Schema 2020-12 in which any subschema may have the key
//! `x-openstack` with
//!
//! - `min-ver`, `max-ver`: the versions that have the subschema;
//! - `variants`: a list of `{min-ver, max-ver, schema}`. At most one holds at a version and
//!   replaces the whole subschema. If none holds, the subschema is absent;
//! - `required`: a list of `{name, min-ver, max-ver}`: names that are required at some
//!   versions only;
//! - `extension`: the alias of the extension that adds the property;
//! - `always: true`: every answer has the property, unless the request selected other fields or
//!   the cloud lacks the extension that adds it;
//! - `additional-properties`: a list of `{min-ver, max-ver, value}`, if the keyword changes
//!   with the version.
//!
//! Ranges are inclusive. Absent properties, list entries and keywords are left out.
//! Materialised schemas do not have `x-openstack`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Microversion, VersionRange};

/// What a schema is materialised for.
///
/// [`Merged::at`] needs only the version: it requires nothing that an extension adds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Circumstances<'a> {
    /// The microversion.
    pub version: Option<Microversion>,
    /// The extensions of the cloud. What an extension adds is required if it is among them.
    pub extensions: Extensions<'a>,
    /// Whether the request selected fields: then no property has to be in the answer because
    /// of the mark `always`.
    pub fields_selected: bool,
}

/// The extensions that a cloud has.
#[derive(Debug, Clone, Copy, Default)]
pub enum Extensions<'a> {
    /// It is not known which.
    #[default]
    Unknown,
    /// These, by alias.
    These(&'a BTreeSet<String>),
    /// Every extension that a schema names.
    All,
}

impl Extensions<'_> {
    /// Whether an extension is known to be there.
    pub fn has(&self, alias: &str) -> bool {
        match self {
            Self::Unknown => false,
            Self::These(aliases) => aliases.contains(alias),
            Self::All => true,
        }
    }
}

/// The key of the version marks in a merged schema.
pub const VERSIONS_KEY: &str = "x-openstack";

/// A schema for all versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Merged(pub Value);

impl Merged {
    /// Returns the schema at `version`; `None` if it is absent.
    ///
    /// The exactness tests, the validator, the embedded cloud and `squall spec show` all use
    /// this function, so that they cannot disagree.
    pub fn at(&self, version: Option<Microversion>) -> Option<Value> {
        self.under(&Circumstances { version, ..Circumstances::default() })
    }

    /// Returns the schema for a version, the cloud's extensions and what a request selected;
    /// `None` if it is absent.
    pub fn under(&self, circumstances: &Circumstances<'_>) -> Option<Value> {
        subschema(&self.0, circumstances)
    }

    /// Whether the schema depends on the cloud's extensions.
    pub fn depends_on_extensions(&self) -> bool {
        depends_on_extensions(&self.0)
    }

    /// Returns the versions at which the schema may change, ascending: the start of every
    /// range in it, and the version after every end.
    pub fn boundaries(&self) -> BTreeSet<Microversion> {
        let mut found = BTreeSet::new();
        collect(&self.0, &mut found);
        found
    }
}

/// Keywords whose value is a map of subschemas.
pub const MAPS: [&str; 5] =
    ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
/// Keywords whose value is a list of subschemas.
pub const LISTS: [&str; 4] = ["oneOf", "anyOf", "allOf", "prefixItems"];
/// Keywords whose value is one subschema.
pub const SINGLES: [&str; 12] = [
    "items",
    "additionalProperties",
    "additionalItems",
    "propertyNames",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contentSchema",
];

fn subschema(node: &Value, at: &Circumstances<'_>) -> Option<Value> {
    let Value::Object(keywords) = node else { return Some(node.clone()) };
    let Some(Value::Object(marks)) = keywords.get(VERSIONS_KEY) else {
        return Some(Value::Object(keep(keywords, at)));
    };
    if !range_of(marks).contains(at.version) {
        return None;
    }
    if let Some(Value::Array(variants)) = marks.get("variants") {
        let chosen = variants.iter().filter_map(Value::as_object).find(|v| holds(v, at.version))?;
        return subschema(chosen.get("schema")?, at);
    }
    let mut out = keep(keywords, at);
    if let Some(Value::Array(names)) = marks.get("required") {
        let names = names
            .iter()
            .filter_map(Value::as_object)
            .filter(|n| holds(n, at.version))
            .filter_map(|n| n.get("name").cloned());
        let mut required = match out.remove("required") {
            Some(Value::Array(always)) => always,
            _ => Vec::new(),
        };
        required.extend(names);
        if !required.is_empty() {
            out.insert("required".to_owned(), Value::Array(required));
        }
    }
    if let Some(Value::Array(values)) = marks.get("additional-properties") {
        let value = values.iter().filter_map(Value::as_object).find(|v| holds(v, at.version));
        let value = value.and_then(|v| v.get("value")).and_then(|v| subschema(v, at));
        if let Some(value) = value {
            out.insert("additionalProperties".to_owned(), value);
        }
    }
    Some(Value::Object(out))
}

/// Adds the names to `required` that every answer has under these circumstances.
fn require_always(
    properties: &Map<String, Value>,
    at: &Circumstances<'_>,
    out: &mut Map<String, Value>,
) {
    if at.fields_selected {
        return;
    }
    let names = properties.iter().filter_map(|(name, schema)| {
        let marks = schema.get(VERSIONS_KEY)?.as_object()?;
        let always = marks.get("always") == Some(&Value::Bool(true));
        let extension = marks.get("extension").and_then(Value::as_str);
        let here = range_of(marks).contains(at.version)
            && extension.is_none_or(|alias| at.extensions.has(alias));
        (always && here).then(|| Value::String(name.clone()))
    });
    let names: Vec<Value> = names.collect();
    if names.is_empty() {
        return;
    }
    if let Value::Array(required) = out.entry("required").or_insert_with(|| Value::Array(vec![])) {
        required.extend(names);
    }
}

/// Copies the keywords and materialises every subschema in them.
fn keep(keywords: &Map<String, Value>, at: &Circumstances<'_>) -> Map<String, Value> {
    let mut out = Map::new();
    for (key, value) in keywords {
        let kept = match (key.as_str(), value) {
            (VERSIONS_KEY, _) => None,
            (key, Value::Object(map)) if MAPS.contains(&key) => Some(Value::Object(
                map.iter().filter_map(|(k, v)| Some((k.clone(), subschema(v, at)?))).collect(),
            )),
            (key, Value::Array(list)) if LISTS.contains(&key) || key == "items" => {
                Some(Value::Array(list.iter().filter_map(|v| subschema(v, at)).collect()))
            }
            (key, value) if SINGLES.contains(&key) => subschema(value, at),
            (_, value) => Some(value.clone()),
        };
        if let Some(kept) = kept {
            out.insert(key.clone(), kept);
        }
    }
    if let Some(Value::Object(properties)) = keywords.get("properties") {
        require_always(properties, at, &mut out);
    }
    out
}

/// Returns the versions that marks (the value of `x-openstack`, or an entry of one of its lists)
/// are about.
pub fn range_of(marks: &Map<String, Value>) -> VersionRange {
    let end = |key: &str| marks.get(key).and_then(Value::as_str).and_then(|t| t.parse().ok());
    VersionRange::new(end("min-ver"), end("max-ver"))
}

fn holds(marks: &Map<String, Value>, version: Option<Microversion>) -> bool {
    range_of(marks).contains(version)
}

fn depends_on_extensions(node: &Value) -> bool {
    match node {
        Value::Object(map) => {
            let marks = map.get(VERSIONS_KEY);
            let marked = |key: &str| marks.is_some_and(|marks| marks.get(key).is_some());
            marked("always") && marked("extension") || map.values().any(depends_on_extensions)
        }
        Value::Array(list) => list.iter().any(depends_on_extensions),
        _ => false,
    }
}

/// Walks everything under an `x-openstack` key and every subschema.
fn collect(node: &Value, found: &mut BTreeSet<Microversion>) {
    let Value::Object(map) = node else { return };
    if let Some(Value::Object(marks)) = map.get(VERSIONS_KEY) {
        note(marks, found);
        for list in ["variants", "required", "additional-properties"] {
            let entries = marks.get(list).and_then(Value::as_array).into_iter().flatten();
            for entry in entries.filter_map(Value::as_object) {
                note(entry, found);
                for inner in ["schema", "value"].into_iter().filter_map(|key| entry.get(key)) {
                    collect(inner, found);
                }
            }
        }
    }
    for (key, value) in map.iter().filter(|(key, _)| *key != VERSIONS_KEY) {
        match value {
            Value::Object(inner) if MAPS.contains(&key.as_str()) => {
                for subschema in inner.values() {
                    collect(subschema, found);
                }
            }
            Value::Array(list) if LISTS.contains(&key.as_str()) || key == "items" => {
                for subschema in list {
                    collect(subschema, found);
                }
            }
            value if SINGLES.contains(&key.as_str()) => collect(value, found),
            _ => {}
        }
    }
}

fn note(marks: &Map<String, Value>, found: &mut BTreeSet<Microversion>) {
    let range = range_of(marks);
    found.extend(range.min);
    found.extend(range.max.map(Microversion::next));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(schema: &Value, minor: u16) -> Option<Value> {
        Merged(schema.clone()).at(Some(Microversion::new(2, minor)))
    }

    #[test]
    fn a_property_outside_its_range_is_left_out() {
        let schema = json!({"type": "object", "properties": {
            "id": {"type": "string"},
            "tags": {"type": "array", "x-openstack": {"min-ver": "2.26"}},
        }});
        assert_eq!(at(&schema, 25).unwrap()["properties"], json!({"id": {"type": "string"}}));
        assert_eq!(at(&schema, 26).unwrap()["properties"]["tags"], json!({"type": "array"}));
    }

    #[test]
    fn the_variant_of_the_version_replaces_the_subschema() {
        let schema = json!({"x-openstack": {"variants": [
            {"max-ver": "2.52", "schema": {"type": "integer"}},
            {"min-ver": "2.53", "max-ver": "2.87", "schema": {"type": "string"}},
        ]}});
        assert_eq!(at(&schema, 52), Some(json!({"type": "integer"})));
        assert_eq!(at(&schema, 53), Some(json!({"type": "string"})));
        assert_eq!(at(&schema, 88), None);
    }

    #[test]
    fn required_and_additional_properties_have_their_own_ranges() {
        let schema = json!({"required": ["a"], "x-openstack": {
            "required": [{"name": "b", "min-ver": "2.3"}],
            "additional-properties": [{"max-ver": "2.74", "value": true}, {"min-ver": "2.75", "value": false}],
        }});
        assert_eq!(at(&schema, 2), Some(json!({"required": ["a"], "additionalProperties": true})));
        assert_eq!(
            at(&schema, 75),
            Some(json!({"required": ["a", "b"], "additionalProperties": false}))
        );
    }

    #[test]
    fn what_every_answer_has_is_required_where_its_extension_is_and_no_fields_were_selected() {
        let schema = Merged(json!({"required": ["a"], "properties": {
            "b": {"type": "string", "x-openstack": {"always": true}},
            "c": {"type": "string", "x-openstack": {"always": true, "extension": "qos"}},
        }}));
        let required = |extensions, fields_selected| {
            let at = Circumstances { extensions, fields_selected, version: None };
            schema.under(&at).unwrap()["required"].clone()
        };
        let (none, qos) = (BTreeSet::new(), BTreeSet::from(["qos".to_owned()]));
        assert_eq!(required(Extensions::Unknown, false), json!(["a", "b"]));
        assert_eq!(required(Extensions::These(&none), false), json!(["a", "b"]));
        assert_eq!(required(Extensions::These(&qos), false), json!(["a", "b", "c"]));
        assert_eq!(required(Extensions::All, false), json!(["a", "b", "c"]));
        assert_eq!(required(Extensions::All, true), json!(["a"]));
        assert!(schema.depends_on_extensions());
    }

    #[test]
    fn a_property_may_be_called_like_a_keyword() {
        let schema = json!({"properties": {"properties": {"type": "string"}, "items": {"x-openstack": {"min-ver": "2.9"}}}});
        assert_eq!(at(&schema, 1), Some(json!({"properties": {"properties": {"type": "string"}}})));
    }

    #[test]
    fn boundaries_are_starts_and_successors_of_ends() {
        let schema =
            json!({"properties": {"a": {"x-openstack": {"min-ver": "2.9", "max-ver": "2.99"}}}});
        let found: Vec<String> =
            Merged(schema).boundaries().iter().map(ToString::to_string).collect();
        assert_eq!(found, ["2.9", "2.100"]);
    }
}
