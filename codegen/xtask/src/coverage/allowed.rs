//! Whether a schema allows a change in so many words, or only because it does not look.

use serde_json::{Map, Value};
use squall_model::materialise::VERSIONS_KEY;
use squall_model::pointer::keys;

use super::mutation::{Kind, Mutation};

/// Whether the schema says that the changed place may be as it is now: it lists null or the new
/// type, or the object is a map in which any key is possible.
pub(super) fn by(schema: &Value, mutation: &Mutation) -> bool {
    let at = Pointer::of(&mutation.at);
    match mutation.kind {
        Kind::Null | Kind::WrongType => {
            let Some(now) = mutation.body.pointer(&mutation.at) else { return false };
            schemas_at(schema, &at.whole).iter().any(|schema| names_type(schema, now))
        }
        Kind::UnknownKey | Kind::KeyDropped => {
            schemas_at(schema, at.parent()).iter().any(|schema| {
                let named = schema.get("properties").and_then(|map| map.get(at.last()));
                named.is_none() && is_map(schema)
            })
        }
    }
}

/// Whether a mark of the merged schema says with its source that the change is possible: an
/// answer may lack the property (`omitted`), or the object has keys that no spec lists (`open`).
pub(super) fn by_mark(merged: &Value, mutation: &Mutation) -> bool {
    let at = Pointer::of(&mutation.at);
    let holders = schemas_at(merged, at.parent());
    match mutation.kind {
        Kind::KeyDropped => holders.iter().any(|schema| {
            let property = schema.get("properties").and_then(|map| map.get(at.last()));
            property.is_some_and(|property| {
                // The mark may stand in the variant of a version.
                branches(merged, property).iter().any(|one| has_mark(one, "omitted"))
            })
        }),
        Kind::UnknownKey => holders.iter().any(|schema| has_mark(schema, "open")),
        Kind::WrongType | Kind::Null => false,
    }
}

fn has_mark(schema: &Map<String, Value>, name: &str) -> bool {
    schema.get(VERSIONS_KEY).and_then(|marks| marks.get(name)).is_some_and(Value::is_string)
}

/// A JSON pointer in parts.
struct Pointer {
    whole: Vec<String>,
}

impl Pointer {
    fn of(text: &str) -> Self {
        Self { whole: keys(text).collect() }
    }

    fn parent(&self) -> &[String] {
        &self.whole[..self.whole.len().saturating_sub(1)]
    }

    fn last(&self) -> &str {
        self.whole.last().map_or("", String::as_str)
    }
}

/// Returns every schema that describes the value at a place, including branches.
fn schemas_at<'a>(root: &'a Value, path: &[String]) -> Vec<&'a Map<String, Value>> {
    let mut here = branches(root, root);
    for key in path {
        here = here.into_iter().flat_map(|schema| inner(root, schema, key)).collect();
    }
    here
}

fn inner<'a>(
    root: &'a Value,
    schema: &'a Map<String, Value>,
    key: &str,
) -> Vec<&'a Map<String, Value>> {
    let property = schema.get("properties").and_then(|map| map.get(key));
    let patterns = schema.get("patternProperties").and_then(Value::as_object);
    let others = patterns.into_iter().flat_map(|map| map.values());
    let others = others.chain(schema.get("additionalProperties")).filter(|_| property.is_none());
    let items = schema.get("items").into_iter().filter(|_| key.parse::<usize>().is_ok());
    let prefix = key.parse::<usize>().ok().and_then(|index| schema.get("prefixItems")?.get(index));
    let found = property.into_iter().chain(others).chain(items).chain(prefix);
    found.flat_map(|schema| branches(root, schema)).collect()
}

/// Returns a schema and whatever it refers to or combines, each on its own.
fn branches<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Map<String, Value>> {
    let Value::Object(keywords) = schema else { return Vec::new() };
    let mut found = vec![keywords];
    if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
        let target = reference.strip_prefix('#').and_then(|at| root.pointer(at));
        // A schema that contains itself directly has no value anyway.
        let target = target.filter(|target| !std::ptr::eq(*target, schema));
        found.extend(target.into_iter().flat_map(|target| branches(root, target)));
    }
    for list in ["oneOf", "anyOf", "allOf"] {
        let list = keywords.get(list).and_then(Value::as_array);
        found.extend(list.into_iter().flatten().flat_map(|branch| branches(root, branch)));
    }
    let marks = keywords.get(VERSIONS_KEY);
    let variants = marks.and_then(|marks| marks.get("variants")).and_then(Value::as_array);
    for variant in variants.into_iter().flatten().filter_map(|variant| variant.get("schema")) {
        found.extend(branches(root, variant));
    }
    for one in ["then", "else"] {
        found.extend(keywords.get(one).into_iter().flat_map(|branch| branches(root, branch)));
    }
    found
}

/// Whether a schema names the JSON type of a value: by `type`, or as one of its values.
fn names_type(schema: &Map<String, Value>, value: &Value) -> bool {
    let name = match value {
        Value::Null => "null",
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
    };
    let listed = match schema.get("type") {
        Some(Value::String(one)) => one == name,
        Some(Value::Array(list)) => list.iter().any(|one| one == name),
        _ => false,
    };
    let values = schema.get("enum").and_then(Value::as_array);
    listed || values.is_some_and(|list| list.contains(value)) || schema.get("const") == Some(value)
}

/// Whether an object is a map, of which the schema describes the values.
fn is_map(schema: &Map<String, Value>) -> bool {
    let described = |value: &Value| value.as_object().is_some_and(|map| !map.is_empty());
    schema.get("additionalProperties").is_some_and(described)
        || schema.get("patternProperties").is_some_and(described)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::mutation;
    use super::*;

    /// Returns the changes that the schema allows in so many words.
    fn allowed(schema: &Value, body: &Value) -> Vec<String> {
        let found = mutation::all(body);
        let found = found.iter().filter(|mutation| by(schema, mutation));
        found.map(|mutation| format!("{} {}", mutation.kind.title(), mutation.at)).collect()
    }

    #[test]
    fn a_declared_null_is_allowed_and_an_untyped_value_is_not() {
        let schema = json!({"properties": {"a": {"type": ["string", "null"]}, "b": {}}});
        assert_eq!(allowed(&schema, &json!({"a": "x", "b": "x"})), ["null /a"]);
    }

    #[test]
    fn a_mark_allows_a_missing_property_and_an_unknown_key_with_its_reason() {
        let omitted = json!({"x-openstack": {"omitted": "a rule may hide it"}});
        let schema = json!({"x-openstack": {"open": "the driver's"}, "properties": {
            "a": omitted, "b": {}, "c": {"x-openstack": {"variants": [{"schema": omitted}]}},
        }});
        let found = mutation::all(&json!({"a": "x", "b": "x", "c": "x"}));
        let found = found.iter().filter(|mutation| by_mark(&schema, mutation));
        let found: Vec<_> = found.map(|m| format!("{} {}", m.kind.title(), m.at)).collect();
        assert_eq!(found, ["unknown key /squall-unknown-key", "key dropped /a", "key dropped /c"]);
    }

    #[test]
    fn any_key_of_a_map_is_allowed_and_an_optional_property_is_not() {
        let map = json!({"additionalProperties": {"type": "string"}});
        let schema = json!({"properties": {"map": {"anyOf": [map, {"type": "null"}]}, "b": {}}});
        let found = allowed(&schema, &json!({"map": {"k": "v"}, "b": "x"}));
        assert_eq!(
            found,
            ["null /map", "unknown key /map/squall-unknown-key", "key dropped /map/k"]
        );
    }
}
