//! The canonical form of a schema: equal schemas have equal bytes.
//!
//! Keys, `required` and type lists are sorted; everything else is left unchanged. The
//! introspectors (`codegen/harvest/`) write digests of the same form.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::materialise::{LISTS, MAPS, SINGLES};

/// Returns the canonical text of a schema.
pub fn text(schema: &Value) -> String {
    sorted(schema).to_string()
}

/// Sorts keys everywhere, and `required` and type lists at schema positions.
///
/// `serde_json` does not sort keys if any crate in the build enables `preserve_order`.
pub fn sorted(schema: &Value) -> Value {
    let Value::Object(map) = schema else { return schema.clone() };
    by_key(map, |key, value| match (key, value) {
        ("required" | "type", Value::Array(list)) => {
            let mut list = list.clone();
            list.sort_by_key(ToString::to_string);
            Value::Array(list)
        }
        (key, Value::Object(inner)) if MAPS.contains(&key) => by_key(inner, |_, v| sorted(v)),
        (key, Value::Array(list)) if LISTS.contains(&key) || key == "items" => {
            Value::Array(list.iter().map(sorted).collect())
        }
        (key, value) if SINGLES.contains(&key) => sorted(value),
        (_, value) => plain(value),
    })
}

/// Sorts the keys of a value that is not a schema (a default, an enum's entry).
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(map) => by_key(map, |_, v| plain(v)),
        Value::Array(list) => Value::Array(list.iter().map(plain).collect()),
        other => other.clone(),
    }
}

fn by_key(map: &Map<String, Value>, each: impl Fn(&str, &Value) -> Value) -> Value {
    let sorted: BTreeMap<&String, Value> = map.iter().map(|(k, v)| (k, each(k, v))).collect();
    Value::Object(sorted.into_iter().map(|(k, v)| (k.clone(), v)).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn order_of_keys_required_and_types_does_not_matter() {
        let a = json!({"type": ["string", "null"], "required": ["b", "a"]});
        let b: Value =
            serde_json::from_str(r#"{"required": ["a", "b"], "type": ["null", "string"]}"#)
                .unwrap();
        assert_eq!(text(&a), text(&b));
        assert_eq!(text(&b), r#"{"required":["a","b"],"type":["null","string"]}"#);
    }

    #[test]
    fn an_enum_keeps_its_order() {
        assert_eq!(text(&json!({"enum": ["b", "a"]})), r#"{"enum":["b","a"]}"#);
    }
}
