//! Makes a valid value of a schema.

use serde_json::{Map, Value, json};
use squall_client::validate::Schema;

/// How deep a value may be nested; schemas that refer to themselves have no end.
const DEPTH: usize = 12;

/// Texts of the forms that services use, the plainest first. The first one that a schema
/// accepts is taken.
const TEXTS: [&str; 24] = [
    "a",
    "5d3c1f0e-0b6a-4b47-9c4e-2f5f2a0c1d9b",
    "5d3c1f0e0b6a4b479c4e2f5f2a0c1d9b",
    "2026-11-29T12:00:00Z",
    "2026-11-29T12:00:00",
    "2026-11-29T12:00:00.000000",
    "2026-11-29",
    "https://example.org/a",
    "192.0.2.1",
    "192.0.2.0/24",
    "2001:db8::1",
    "fa:16:3e:00:00:01",
    "a@example.org",
    "1",
    "0",
    "1.0",
    "true",
    "CUSTOM_A",
    "VCPU",
    "sha512",
    "ssh-rsa AAAA",
    "nova",
    "/a",
    "",
];

/// Returns a value that the schema accepts, with every property that it may have; `None` if
/// none was found.
///
/// `compiled` is the same schema.
pub(super) fn of(schema: &Value, compiled: &Schema) -> Option<Value> {
    let maker = Maker { root: schema };
    [Extent::Whole, Extent::Required]
        .into_iter()
        .filter_map(|extent| maker.value(schema, extent, 0))
        .find(|value| compiled.is_valid(value))
}

/// Which properties an object gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Whole,
    Required,
}

struct Maker<'a> {
    root: &'a Value,
}

impl Maker<'_> {
    fn value(&self, schema: &Value, extent: Extent, depth: usize) -> Option<Value> {
        let Value::Object(keywords) = schema else {
            return (schema != &json!(false)).then_some(json!("a"));
        };
        if depth > DEPTH {
            return None;
        }
        if let Some(value) = keywords.get("const") {
            return Some(value.clone());
        }
        if let Some(Value::Array(values)) = keywords.get("enum") {
            return values.iter().find(|value| !value.is_null()).or(values.first()).cloned();
        }
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            let target = self.root.pointer(reference.strip_prefix('#')?)?;
            return self.value(target, extent, depth + 1);
        }
        for list in ["oneOf", "anyOf"] {
            if let Some(Value::Array(branches)) = keywords.get(list) {
                let whole = |branch: &Value| self.value(&both(keywords, branch), extent, depth + 1);
                let mut found = branches.iter().filter(|b| b["type"] != "null").filter_map(whole);
                let compiled = Schema::compile(schema).ok()?;
                let first = found.find(|value| compiled.is_valid(value));
                return first.or_else(|| branches.iter().find_map(whole));
            }
        }
        if let Some(Value::Array(parts)) = keywords.get("allOf") {
            let mut rest = keywords.clone();
            rest.remove("allOf");
            let merged = parts.iter().fold(Value::Object(rest), |sum, part| match &sum {
                Value::Object(sum) => both(sum, part),
                _ => sum,
            });
            return self.value(&merged, extent, depth + 1);
        }
        self.of_type(schema, keywords, extent, depth)
    }

    fn of_type(
        &self,
        schema: &Value,
        keywords: &Map<String, Value>,
        extent: Extent,
        depth: usize,
    ) -> Option<Value> {
        match kind(keywords) {
            "object" => self.object(keywords, extent, depth),
            "array" => {
                let items = keywords.get("items").unwrap_or(&Value::Bool(true));
                let prefix = keywords.get("prefixItems").and_then(Value::as_array);
                if let Some(prefix) = prefix {
                    return prefix.iter().map(|s| self.value(s, extent, depth + 1)).collect();
                }
                if keywords.get("maxItems") == Some(&json!(0)) {
                    return Some(json!([]));
                }
                let count = keywords.get("minItems").and_then(Value::as_u64).unwrap_or(1).max(1);
                let item = self.value(items, extent, depth + 1)?;
                Some(Value::Array(vec![item; usize::try_from(count).ok()?]))
            }
            "integer" | "number" => first(schema, [1, 0, 2, 60, 1024, 65_535].map(Value::from)),
            "boolean" => Some(json!(true)),
            "null" => Some(Value::Null),
            _ => {
                let long = keywords.get("minLength").and_then(Value::as_u64).unwrap_or(0);
                let long = "a".repeat(usize::try_from(long).ok()?);
                first(schema, TEXTS.into_iter().chain([long.as_str()]).map(Value::from))
            }
        }
    }

    fn object(&self, keywords: &Map<String, Value>, extent: Extent, depth: usize) -> Option<Value> {
        let mut out = Map::new();
        let required = keywords.get("required").and_then(Value::as_array);
        let is_required =
            |name: &str| required.is_some_and(|list| list.iter().any(|own| own == name));
        let properties = keywords.get("properties").and_then(Value::as_object);
        for (name, schema) in properties.into_iter().flatten() {
            if extent == Extent::Whole || is_required(name) {
                match self.value(schema, extent, depth + 1) {
                    Some(value) => drop(out.insert(name.clone(), value)),
                    None if is_required(name) => return None,
                    None => {}
                }
            }
        }
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            out.entry(name).or_insert_with(|| json!("a"));
        }
        // A map, such as metadata, gets one entry.
        let inner = keywords.get("additionalProperties").filter(|inner| inner.is_object());
        if let Some(value) = inner.and_then(|inner| self.value(inner, extent, depth + 1)) {
            out.insert("a".to_owned(), value);
        }
        if let Some(Value::Object(patterns)) = keywords.get("patternProperties") {
            for (pattern, inner) in patterns {
                let name =
                    first(&json!({"type": "string", "pattern": pattern}), TEXTS.map(Value::from));
                let name = name.as_ref().and_then(Value::as_str);
                if let Some((name, value)) = name.zip(self.value(inner, extent, depth + 1)) {
                    out.entry(name).or_insert(value);
                }
            }
        }
        Some(Value::Object(out))
    }
}

/// Returns the first of some values that a schema accepts.
fn first(schema: &Value, values: impl IntoIterator<Item = Value>) -> Option<Value> {
    let compiled = Schema::compile(schema).ok()?;
    values.into_iter().find(|value| compiled.is_valid(value))
}

/// Returns the type that a value of the schema gets: the first one that is not null.
fn kind(keywords: &Map<String, Value>) -> &str {
    let implied = || {
        let has = |key: &str| keywords.contains_key(key);
        if has("properties") || has("additionalProperties") || has("patternProperties") {
            "object"
        } else if has("items") {
            "array"
        } else {
            "string"
        }
    };
    match keywords.get("type") {
        Some(Value::String(one)) => one,
        Some(Value::Array(list)) => {
            list.iter().filter_map(Value::as_str).find(|one| *one != "null").unwrap_or("null")
        }
        _ => implied(),
    }
}

/// Joins a schema's own keywords with those of one of its branches.
fn both(own: &Map<String, Value>, branch: &Value) -> Value {
    let mut out = own.clone();
    for list in ["oneOf", "anyOf"] {
        out.remove(list);
    }
    let Value::Object(branch) = branch else { return Value::Object(out) };
    for (key, value) in branch {
        match (out.get_mut(key), value) {
            (Some(Value::Object(there)), Value::Object(more)) if key == "properties" => {
                there.extend(more.iter().map(|(name, s)| (name.clone(), s.clone())));
            }
            (Some(Value::Array(there)), Value::Array(more)) if key == "required" => {
                there.extend(more.iter().cloned());
            }
            _ => drop(out.insert(key.clone(), value.clone())),
        }
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_every_property_and_matches() {
        let schema = json!({
            "type": "object",
            "required": ["server"],
            "properties": {"server": {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "status": {"enum": [null, "ACTIVE"]},
                    "size": {"type": ["integer", "null"], "minimum": 60},
                    "image": {"oneOf": [{"type": "string", "maxLength": 0}, {"type": "object"}]},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "pair": {"type": "array", "items": {"type": "string"}, "minItems": 2},
                },
            }},
        });
        let server = json!({
            "id": "5d3c1f0e-0b6a-4b47-9c4e-2f5f2a0c1d9b",
            "status": "ACTIVE",
            "size": 60,
            "image": "",
            "tags": ["a"],
            "pair": ["a", "a"],
        });
        let compiled = Schema::compile(&schema).unwrap();
        assert_eq!(of(&schema, &compiled), Some(json!({ "server": server })));
    }

    #[test]
    fn a_schema_without_a_value_gets_none() {
        let schema = json!({"type": "string", "pattern": "^never [0-9]{40}$"});
        assert_eq!(of(&schema, &Schema::compile(&schema).unwrap()), None);
    }
}
