//! What the schemas of a list say at a version: the parameters of its query, and the fields of
//! its items.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use squall_model::materialise::VERSIONS_KEY;
use squall_model::{Merged, Microversion, pointer};

use super::operations::ListOperation;

/// What the schemas of a list say at a version.
#[derive(Debug, Default)]
pub(super) struct ListSchema {
    /// The parameters by name; none if the query is not described.
    pub(super) parameters: BTreeMap<String, Value>,
    /// How a parameter is treated that is not described, if that is known.
    pub(super) others: Option<Treatment>,
    /// The fields of an item by name.
    pub(super) fields: BTreeMap<String, Value>,
    /// The extensions that parameters and fields need.
    pub(super) extensions: BTreeMap<String, String>,
    /// Whether an answer may have a link to the next page.
    pub(super) has_links: bool,
}

/// How a list treats a parameter that its query schema does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Treatment {
    /// It is refused.
    Refused,
    /// It changes nothing.
    Ignored,
    /// It filters by a property that anyone may have set.
    Filters,
}

/// How deeply branches and references are followed.
const DEPTH: usize = 16;

/// Reads the schemas of a list; `None` if they cannot be read or are absent at the version.
pub(super) fn read(list: &ListOperation, version: Option<Microversion>) -> Option<ListSchema> {
    let schemas = list.operation.schemas.read().ok()?;
    let mut read = ListSchema::default();
    if let Some(query) = schemas.query.as_ref() {
        let at = query.at(version)?;
        read.others = Some(match at.get("additionalProperties") {
            Some(Value::Bool(false)) => Treatment::Refused,
            None | Some(Value::Bool(true)) => Treatment::Ignored,
            Some(_) => Treatment::Filters,
        });
        properties(&at, &at, 0, &mut read.parameters);
        extensions(&query.0, &mut read.extensions);
    } else if schemas.no_query {
        read.others = Some(Treatment::Ignored);
    }
    let answer = schemas.responses.iter().find(|r| r.status == 200 && r.versions.contains(version));
    if let Some(merged) = answer.and_then(|answer| answer.body.schema()) {
        fields_of(merged, version, list, &mut read);
    }
    Some(read)
}

fn fields_of(
    merged: &Merged,
    version: Option<Microversion>,
    list: &ListOperation,
    read: &mut ListSchema,
) {
    let Some(whole) = merged.at(version) else { return };
    let Some(items) = items_of(&whole, list.collection()) else { return };
    properties(&whole, &items, 0, &mut read.fields);
    // The items of some lists are wrapped, as in `{"keypair": {…}}`.
    if read.fields.len() == 1
        && let Some(inner) = read.fields.values().next().cloned()
    {
        let mut wrapped = BTreeMap::new();
        properties(&whole, &inner, 0, &mut wrapped);
        if !wrapped.is_empty() {
            read.fields = wrapped;
        }
    }
    if let Some(items) = items_of(&merged.0, list.collection()) {
        extensions(&items, &mut read.extensions);
    }
    let mut top = BTreeMap::new();
    properties(&whole, &whole, 0, &mut top);
    let name = pointer::keys(list.collection()).next_back().unwrap_or_default();
    read.has_links = top.contains_key(&format!("{name}_links")) || top.contains_key("next");
}

/// Returns the schema of the items of the list at a pointer.
fn items_of(whole: &Value, collection: &str) -> Option<Value> {
    let mut schema = whole.clone();
    for key in pointer::keys(collection) {
        let mut inner = BTreeMap::new();
        properties(whole, &schema, 0, &mut inner);
        schema = inner.remove(&key)?;
    }
    resolved(whole, &schema).get("items").cloned()
}

/// Collects the properties of a schema, those of its branches and of what it refers to.
fn properties(root: &Value, schema: &Value, depth: usize, into: &mut BTreeMap<String, Value>) {
    let schema = resolved(root, schema);
    if depth > DEPTH {
        return;
    }
    let own = schema.get("properties").and_then(Value::as_object);
    for (name, schema) in own.into_iter().flatten() {
        into.entry(name.clone()).or_insert_with(|| resolved(root, schema).clone());
    }
    for branch in ["allOf", "oneOf", "anyOf"].iter().filter_map(|key| schema.get(*key)) {
        for schema in branch.as_array().into_iter().flatten() {
            properties(root, schema, depth + 1, into);
        }
    }
}

/// Follows a reference within a document.
fn resolved<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#'));
    target.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema)
}

/// Collects the extensions that add properties to a merged schema.
fn extensions(merged: &Value, into: &mut BTreeMap<String, String>) {
    for (name, schema) in merged.get("properties").and_then(Value::as_object).into_iter().flatten()
    {
        let marks = schema.get(VERSIONS_KEY).and_then(Value::as_object);
        let alias = marks.and_then(|marks: &Map<String, Value>| marks.get("extension"));
        if let Some(alias) = alias.and_then(Value::as_str) {
            into.entry(name.clone()).or_insert_with(|| alias.to_owned());
        }
    }
}

/// Whether values of a schema can be written in a query: they are no objects, and no lists of
/// objects.
pub(super) fn is_plain(schema: &Value) -> bool {
    let of_items = schema.get("items").filter(|_| is(schema, "array"));
    let of_items = of_items.is_none_or(|items| !is(items, "object") && !is(items, "array"));
    !is(schema, "object") && schema.get("properties").is_none() && of_items
}

/// Whether a schema names this type among those that it allows.
fn is(schema: &Value, name: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(own)) => own == name,
        Some(Value::Array(names)) => names.iter().any(|own| own == name),
        _ => false,
    }
}

/// Returns the schema of one value of a parameter, which may be repeated.
pub(super) fn single(parameter: &Value) -> &Value {
    parameter.get("items").unwrap_or(parameter)
}

/// Returns the texts that a schema lists.
pub(super) fn listed(schema: &Value) -> Vec<&str> {
    let values = schema.get("enum").and_then(Value::as_array);
    values.into_iter().flatten().filter_map(Value::as_str).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn properties_of_branches_and_references_are_found() {
        let schema = json!({
            "$defs": {"item": {"properties": {"c": {"type": "string"}}}},
            "properties": {"a": {"type": "integer"}},
            "anyOf": [{"properties": {"b": {}}}, {"$ref": "#/$defs/item"}],
        });
        let mut found = BTreeMap::new();
        properties(&schema, &schema, 0, &mut found);
        assert_eq!(found.keys().collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn objects_and_lists_of_objects_are_not_written_in_a_query() {
        for (schema, plain) in [
            (json!({"type": "string"}), true),
            (json!({"type": ["string", "null"]}), true),
            (json!({"type": "array", "items": {"type": "string"}}), true),
            (json!({"type": ["object", "null"]}), false),
            (json!({"type": "array", "items": {"type": "object"}}), false),
            (json!({"properties": {}}), false),
        ] {
            assert_eq!(is_plain(&schema), plain, "{schema}");
        }
    }
}
