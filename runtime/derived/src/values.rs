//! Valid values of a schema: the least one, several different ones, and texts.
//!
//! They fill what a request does not have. A value is only a proposal: whoever puts it into a
//! request holds the whole request against its schema.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::{Map, Value, json};
use squall_client::validate::Schema;

/// How deep a value may be nested; schemas that refer to themselves have no end.
pub(crate) const DEPTH: usize = 10;

/// Texts of the forms that services accept, the plainest first.
const TEXTS: [&str; 34] = [
    "squall",
    "5d3c1f0e-0b6a-4b47-9c4e-2f5f2a0c1d9b",
    "5d3c1f0e0b6a4b479c4e2f5f2a0c1d9b",
    "1",
    "2026-11-29T12:00:00Z",
    "2026-11-29T12:00:00",
    "2026-11-29 12:00:00",
    "2026-11-29T12:00:00.000000Z",
    "https://example.org/a",
    "192.0.2.1",
    "192.0.2.0/24",
    "2001:db8::1",
    "fa:16:3e:00:00:01",
    "squall@example.org",
    "squall.example.org.",
    "CUSTOM_SQUALL",
    "VCPU",
    "HW_CPU_X86_AVX",
    "VCPU:1",
    "/squall",
    "/dev/vdb",
    "",
    "a",
    "0",
    "-1",
    "true",
    "ingress",
    "YQ==",
    "hw:a",
    "tcp",
    "100:200",
    "sha512",
    "nova",
    "ssh-rsa AAAA",
];

/// Makes valid values of a schema's parts.
pub(crate) struct Values<'s> {
    /// The whole schema, into which references point.
    root: &'s Value,
    /// The texts of each leaf, by its schema: the same few stand in many places.
    texts: RefCell<HashMap<String, Vec<String>>>,
}

impl<'s> Values<'s> {
    pub(crate) fn new(root: &'s Value) -> Self {
        Self { root, texts: RefCell::default() }
    }

    /// Returns the schema that a reference leads to; one without is returned as it is.
    pub(crate) fn resolved<'a>(&self, schema: &'a Value) -> &'a Value
    where
        's: 'a,
    {
        let mut schema = schema;
        for _ in 0..DEPTH {
            let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { break };
            let target = reference.strip_prefix('#').and_then(|at| self.root.pointer(at));
            let Some(target) = target else { break };
            schema = target;
        }
        schema
    }

    /// Whether a value matches a part of the schema.
    pub(crate) fn fits(&self, schema: &Value, value: &Value) -> bool {
        Schema::compile(&self.alone(schema)).is_ok_and(|schema| schema.is_valid(value))
    }

    /// Returns a part of the schema with the definitions that it may refer to.
    pub(crate) fn alone(&self, schema: &Value) -> Value {
        let mut schema = schema.clone();
        if let Value::Object(own) = &mut schema {
            for key in ["definitions", "$defs", "components"] {
                if let Some(definitions) = self.root.get(key) {
                    own.entry(key).or_insert_with(|| definitions.clone());
                }
            }
        }
        schema
    }

    /// Returns the least valid value: of an object what is required, of a list the fewest items
    /// that say something.
    pub(crate) fn least(&self, schema: &Value) -> Option<Value> {
        self.value(schema, 0)
    }

    fn value(&self, schema: &Value, depth: usize) -> Option<Value> {
        let schema = self.resolved(schema);
        if depth > DEPTH || schema == &Value::Bool(false) {
            return None;
        }
        let Value::Object(keywords) = schema else { return Some(json!("squall")) };
        if let Some(value) = keywords.get("const") {
            return Some(value.clone());
        }
        if let Some(Value::Array(values)) = keywords.get("enum") {
            let said = values.iter().find(|value| !value.is_null());
            return said.or(values.first()).cloned();
        }
        for list in ["oneOf", "anyOf"] {
            if let Some(Value::Array(branches)) = keywords.get(list) {
                let merged =
                    branches.iter().map(|branch| joined(keywords, self.resolved(branch), list));
                let found = merged.filter_map(|merged| self.value(&merged, depth + 1));
                let mut found = found.filter(|value| self.fits(schema, value));
                return found.next();
            }
        }
        if let Some(Value::Array(parts)) = keywords.get("allOf") {
            let mut rest = keywords.clone();
            rest.remove("allOf");
            let merged = parts.iter().fold(Value::Object(rest), |sum, part| match &sum {
                Value::Object(sum) => joined(sum, self.resolved(part), "allOf"),
                _ => sum,
            });
            return self.value(&merged, depth + 1);
        }
        match types(keywords).first().copied()? {
            "object" => self.object(keywords, depth),
            "array" => {
                let least = number(keywords, "minItems").max(1);
                let any = Value::Bool(true);
                let items = keywords.get("items").unwrap_or(&any);
                self.several(items, least, depth).map(Value::Array)
            }
            "integer" | "number" => self.numbers(keywords).into_iter().next(),
            "boolean" => Some(Value::Bool(true)),
            "null" => Some(Value::Null),
            _ => self.texts(keywords).into_iter().next().map(Value::String),
        }
    }

    fn object(&self, keywords: &Map<String, Value>, depth: usize) -> Option<Value> {
        let mut out = Map::new();
        let any = Value::Bool(true);
        for name in required(keywords) {
            let schema = keywords.get("properties").and_then(|all| all.get(name)).unwrap_or(&any);
            out.insert(name.to_owned(), self.value(schema, depth + 1)?);
        }
        for (name, schema) in self.members(keywords) {
            if out.len() >= number(keywords, "minProperties") {
                break;
            }
            if let Some(value) = self.value(schema, depth + 1) {
                out.entry(name).or_insert(value);
            }
        }
        Some(Value::Object(out))
    }

    /// Returns the members that an object may have, each with its schema: those that have a
    /// name, one for each pattern of names, and one of any other name.
    pub(crate) fn members<'a>(&self, keywords: &'a Map<String, Value>) -> Vec<(String, &'a Value)> {
        let named = keywords.get("properties").and_then(Value::as_object);
        let mut found: Vec<(String, &Value)> =
            named.into_iter().flatten().map(|(name, schema)| (name.clone(), schema)).collect();
        let patterns = keywords.get("patternProperties").and_then(Value::as_object);
        for (pattern, schema) in patterns.into_iter().flatten() {
            let names = json!({"type": "string", "pattern": pattern, "minLength": 1});
            let names = names.as_object().map(|names| self.texts(names)).unwrap_or_default();
            found.extend(names.into_iter().next().map(|name| (name, schema)));
        }
        let others = keywords.get("additionalProperties").filter(|others| others.is_object());
        found.extend(others.map(|schema| ("squall".to_owned(), schema)));
        found
    }

    /// Returns several values, all different.
    pub(crate) fn several(&self, schema: &Value, count: usize, depth: usize) -> Option<Vec<Value>> {
        let first = self.value(schema, depth + 1)?;
        let schema = self.resolved(schema);
        let mut found = vec![first.clone()];
        let others = (0..count * 2).filter_map(|at| self.another(schema, &first, at, depth + 1));
        for other in others {
            if found.len() >= count {
                break;
            }
            if !found.contains(&other) {
                found.push(other);
            }
        }
        (found.len() >= count).then_some(found)
    }

    /// Returns another value than the first: of an object, with another value of one member.
    fn another(&self, schema: &Value, first: &Value, at: usize, depth: usize) -> Option<Value> {
        if depth > DEPTH {
            return None;
        }
        let schema = self.resolved(schema);
        if let Some(Value::Array(values)) = schema.get("enum") {
            return values.get(at).cloned();
        }
        match first {
            Value::Number(number) => Some(json!(number.as_i64()? + i64::try_from(at).ok()? + 1)),
            Value::Bool(value) => Some(json!(!value)),
            Value::String(text) => {
                let keywords = schema.as_object().cloned().unwrap_or_default();
                let numbered = numbered(text, at);
                if self.fits(schema, &json!(numbered)) {
                    return Some(json!(numbered));
                }
                self.texts(&keywords).into_iter().nth(at).map(Value::String)
            }
            Value::Object(fields) => fields.iter().find_map(|(name, value)| {
                let schema = schema.get("properties")?.get(name)?;
                let other = self.another(schema, value, at, depth + 1)?;
                let mut fields = fields.clone();
                fields.insert(name.clone(), other);
                Some(Value::Object(fields))
            }),
            Value::Null | Value::Array(_) => None,
        }
    }

    /// Returns valid numbers, the bounds among them.
    fn numbers(&self, keywords: &Map<String, Value>) -> Vec<Value> {
        let bounds =
            ["minimum", "maximum", "multipleOf"].iter().filter_map(|key| keywords.get(*key));
        let candidates = [1, 0, 2, 60, 1024, 65_535, -1].map(Value::from);
        let all = candidates.into_iter().chain(bounds.cloned());
        let schema = Value::Object(keywords.clone());
        all.filter(|value| self.fits(&schema, value)).collect()
    }

    /// Returns valid texts of a leaf, the plainest first.
    pub(crate) fn texts(&self, keywords: &Map<String, Value>) -> Vec<String> {
        let leaf = leaf(keywords);
        let key = leaf.to_string();
        if let Some(known) = self.texts.borrow().get(&key) {
            return known.clone();
        }
        let found = match Schema::compile(&leaf) {
            Ok(compiled) => {
                let long = "squall".repeat(number(keywords, "minLength") / 6 + 1);
                let least = long.get(..number(keywords, "minLength").max(1)).unwrap_or(&long);
                let short = number(keywords, "maxLength").clamp(1, 6);
                let short = "squall".get(..short).unwrap_or_default();
                let all = TEXTS.into_iter().chain([least, short]);
                all.filter(|text| compiled.is_valid(&json!(text))).map(str::to_owned).collect()
            }
            Err(_) => Vec::new(),
        };
        self.texts.borrow_mut().insert(key, found.clone());
        found
    }
}

/// Returns the keywords of a schema that are about a text.
pub(crate) fn leaf(keywords: &Map<String, Value>) -> Value {
    let about = ["pattern", "format", "minLength", "maxLength", "enum", "const", "not"];
    let kept = keywords.iter().filter(|(key, _)| about.contains(&key.as_str()));
    Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// Returns a text with a number in it, of the same length where it ends in digits or letters of
/// an id.
fn numbered(text: &str, at: usize) -> String {
    let tail = format!("{:04x}", at + 1);
    match text.len().checked_sub(tail.len()) {
        Some(kept) if text.len() >= 32 && text.is_ascii() => format!("{}{tail}", &text[..kept]),
        _ => format!("{text}{}", at + 1),
    }
}

/// Returns the types that a value may have, null last.
pub(crate) fn types(keywords: &Map<String, Value>) -> Vec<&str> {
    let has = |key: &str| keywords.contains_key(key);
    let mut found = match keywords.get("type") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ if has("properties") || has("additionalProperties") || has("patternProperties") => {
            vec!["object"]
        }
        _ if has("items") => vec!["array"],
        _ if has("minimum") || has("maximum") => vec!["integer"],
        _ => vec!["string"],
    };
    found.sort_by_key(|one| *one == "null");
    found
}

/// Returns a keyword that is a count; 0 if there is none.
pub(crate) fn number(keywords: &Map<String, Value>, key: &str) -> usize {
    let count = keywords.get(key).and_then(Value::as_u64);
    count.and_then(|count| usize::try_from(count).ok()).unwrap_or(0)
}

pub(crate) fn required(keywords: &Map<String, Value>) -> Vec<&str> {
    let list = keywords.get("required").and_then(Value::as_array);
    let mut names: Vec<&str> = list.into_iter().flatten().filter_map(Value::as_str).collect();
    names.dedup();
    names
}

/// Joins a schema's own keywords, without a list of branches, with those of one branch.
pub(crate) fn joined(own: &Map<String, Value>, branch: &Value, list: &str) -> Value {
    let mut out = own.clone();
    out.remove(list);
    let Value::Object(branch) = branch else { return Value::Object(out) };
    for (key, value) in branch {
        match (out.get_mut(key), value) {
            (Some(Value::Object(there)), Value::Object(more)) if key == "properties" => {
                there.extend(more.iter().map(|(name, schema)| (name.clone(), schema.clone())));
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
    fn the_least_value_has_what_is_required_and_is_valid() {
        let schema = json!({
            "type": "object",
            "required": ["id", "tags", "size", "image"],
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                "tags": {"type": "array", "items": {"type": "string"}, "minItems": 3, "uniqueItems": true},
                "size": {"type": ["null", "integer"], "minimum": 60},
                "image": {"oneOf": [{"type": "string", "maxLength": 0}, {"type": "object", "minProperties": 1,
                    "additionalProperties": {"type": "boolean"}}]},
                "other": {"type": "string"},
            },
        });
        let values = Values::new(&schema);
        let least = values.least(&schema).unwrap();
        assert!(values.fits(&schema, &least), "{least}");
        assert_eq!(least["tags"], json!(["squall", "squall1", "squall2"]));
        assert!(least.get("other").is_none());
    }

    #[test]
    fn a_schema_that_refers_to_itself_has_an_end() {
        let schema = json!({
            "$ref": "#/$defs/tree",
            "$defs": {"tree": {"type": "object", "required": ["of"],
                               "properties": {"of": {"$ref": "#/$defs/tree"}}}},
        });
        assert_eq!(Values::new(&schema).least(&schema), None);
    }

    #[test]
    fn several_ids_are_ids_and_differ() {
        let schema = json!({"type": "string", "format": "uuid"});
        let values = Values::new(&schema);
        let ids = values.several(&schema, 3, 0).unwrap();
        assert!(ids.iter().all(|id| values.fits(&schema, id)), "{ids:?}");
        assert!(ids[0] != ids[1] && ids[1] != ids[2]);
    }
}
