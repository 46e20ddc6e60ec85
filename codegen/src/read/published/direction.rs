//! Applies `readOnly` and `writeOnly`, which depend on the direction of a message.
//!
//! OpenAPI 3.0.3, "Schema Object": a property that is `readOnly` should not be sent in a
//! request, and `required` holds for it in responses only; `writeOnly` is the reverse.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use squall_model::materialise::{LISTS, MAPS, SINGLES, VERSIONS_KEY};

/// The direction of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Response,
}

impl Direction {
    /// Returns the keyword of properties that messages of this direction do not have.
    fn hidden(self) -> &'static str {
        match self {
            Self::Request => "readOnly",
            Self::Response => "writeOnly",
        }
    }
}

/// Keywords whose subschemas describe the same value.
const SAME_VALUE: [&str; 3] = ["allOf", "oneOf", "anyOf"];

/// Removes from a merged schema the properties that messages of a direction do not have, and
/// both keywords.
pub(super) fn applied(schema: Value, direction: Direction) -> Value {
    let names = hidden_names(&schema, direction);
    node(schema, direction, &names)
}

/// Changes a schema of a value that does not have the properties `names`.
fn node(schema: Value, direction: Direction, names: &BTreeSet<String>) -> Value {
    let Value::Object(keywords) = schema else { return schema };
    let mut out = Map::new();
    for (key, value) in keywords {
        let value = match (key.as_str(), value) {
            ("readOnly" | "writeOnly", Value::Bool(_)) => continue,
            ("required", Value::Array(mut list)) => {
                list.retain(|name| name.as_str().is_none_or(|name| !names.contains(name)));
                if list.is_empty() {
                    continue;
                }
                Value::Array(list)
            }
            ("properties", Value::Object(map)) => {
                let kept = map.into_iter().filter(|(name, _)| !names.contains(name));
                Value::Object(kept.map(|(name, s)| (name, applied(s, direction))).collect())
            }
            (VERSIONS_KEY, Value::Object(marks)) => {
                Value::Object(versions(marks, direction, names))
            }
            (key, Value::Array(list)) if SAME_VALUE.contains(&key) => {
                list.into_iter().map(|branch| node(branch, direction, names)).collect()
            }
            (key, Value::Object(map)) if MAPS.contains(&key) => {
                Value::Object(map.into_iter().map(|(k, s)| (k, applied(s, direction))).collect())
            }
            (key, Value::Array(list)) if LISTS.contains(&key) || key == "items" => {
                list.into_iter().map(|inner| applied(inner, direction)).collect()
            }
            (key, inner) if SINGLES.contains(&key) => applied(inner, direction),
            (_, other) => other,
        };
        out.insert(key, value);
    }
    Value::Object(out)
}

fn versions(
    mut marks: Map<String, Value>,
    direction: Direction,
    names: &BTreeSet<String>,
) -> Map<String, Value> {
    let variants = marks.get_mut("variants").and_then(Value::as_array_mut);
    for variant in variants.into_iter().flatten() {
        if let Some(schema) = variant.get_mut("schema") {
            let mut all = names.clone();
            all.extend(hidden_names(schema, direction));
            *schema = node(schema.take(), direction, &all);
        }
    }
    marks
}

/// Returns the names of the properties that messages of a direction do not have, also those
/// of branches that describe the same value.
fn hidden_names(schema: &Value, direction: Direction) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        if is_hidden(property, direction) {
            names.insert(name.clone());
        }
    }
    for branches in SAME_VALUE.iter().filter_map(|key| schema.get(key)?.as_array()) {
        names.extend(branches.iter().flat_map(|branch| hidden_names(branch, direction)));
    }
    names
}

/// Whether a property has the keyword, itself or by what it refers to.
fn is_hidden(property: &Value, direction: Direction) -> bool {
    property.get(direction.hidden()) == Some(&Value::Bool(true))
        || property
            .get("allOf")
            .and_then(Value::as_array)
            .is_some_and(|all| all.iter().any(|branch| is_hidden(branch, direction)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn required_and_the_property_itself_depend_on_the_direction() {
        let schema = json!({
            "required": ["id", "name", "secret"],
            "properties": {
                "id": {"type": "integer", "readOnly": true},
                "name": {"type": "string", "readOnly": false},
                "secret": {"type": "string", "writeOnly": true},
            },
        });
        let side = |name: &str, other: Value| {
            json!({"required": [name, "name"], "properties": {
                name: other, "name": {"type": "string"}}})
        };
        let sorted = |schema: Value| squall_model::canonical::text(&schema);
        let request = applied(schema.clone(), Direction::Request);
        assert_eq!(sorted(request), sorted(side("secret", json!({"type": "string"}))));
        let response = applied(schema, Direction::Response);
        assert_eq!(sorted(response), sorted(side("id", json!({"type": "integer"}))));
    }

    #[test]
    fn a_branch_may_require_what_another_hides() {
        let schema = json!({"allOf": [
            {"properties": {"id": {"allOf": [{"type": "string", "readOnly": true}]}}},
            {"required": ["id", "a"]},
        ]});
        let expected = json!({"allOf": [{"properties": {}}, {"required": ["a"]}]});
        assert_eq!(applied(schema, Direction::Request), expected);
    }

    #[test]
    fn nested_values_and_names_like_keywords_are_told_apart() {
        let schema = json!({"properties": {
            "readOnly": {"type": "boolean"},
            "items": {"items": {"required": ["a"], "properties": {"a": {"readOnly": true}}}},
        }, "required": ["a"]});
        let expected = json!({"properties": {
            "readOnly": {"type": "boolean"}, "items": {"items": {"properties": {}}},
        }, "required": ["a"]});
        assert_eq!(applied(schema, Direction::Request), expected);
    }
}
