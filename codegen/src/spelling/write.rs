//! Converts JSON Schema 2020-12 to its spelling in OpenAPI 3.0.

use serde_json::{Map, Value, json};
use squall_model::materialise::VERSIONS_KEY;

use super::words::{self, Shape};

/// Spells a merged schema in OpenAPI 3.0, with a mark wherever 3.0 cannot express it.
pub fn write(schema: &Value) -> Value {
    let Value::Object(keywords) = schema else { return verbatim(schema) };
    let mut out = Spelled::default();
    for (keyword, value) in keywords {
        match keyword.as_str() {
            VERSIONS_KEY => versions(value, &mut out.marks),
            "type" | "const" | "exclusiveMinimum" | "exclusiveMaximum" | "$ref" => {}
            "format" => format(value, &mut out),
            _ => common(keyword, value, &mut out),
        }
    }
    // These depend on the output of the others, so they come last.
    constant(keywords, &mut out);
    exclusive(keywords, "exclusiveMinimum", "minimum", &mut out);
    exclusive(keywords, "exclusiveMaximum", "maximum", &mut out);
    types(keywords, &mut out);
    null_branch(keywords, &mut out);
    reference(keywords, &mut out);
    if let Some(kind) = super::lenient(keywords) {
        out.mark("lenient", json!(kind.as_str()));
    }
    out.finish()
}

/// A node while it is written: its 3.0 keywords, its marks, and the keywords kept as they are.
#[derive(Default)]
struct Spelled {
    keywords: Map<String, Value>,
    marks: Map<String, Value>,
    kept: Map<String, Value>,
}

impl Spelled {
    fn set(&mut self, keyword: &str, value: Value) {
        self.keywords.insert(keyword.to_owned(), value);
    }

    fn mark(&mut self, name: &str, value: Value) {
        self.marks.insert(name.to_owned(), value);
    }

    fn keep(&mut self, keyword: &str, value: &Value) {
        self.kept.insert(keyword.to_owned(), value.clone());
    }

    fn has(&self, keyword: &str) -> bool {
        self.keywords.contains_key(keyword)
    }

    fn finish(mut self) -> Value {
        if !self.kept.is_empty() {
            self.marks.insert("keywords".to_owned(), Value::Object(self.kept));
        }
        if !self.marks.is_empty() {
            self.keywords.insert(VERSIONS_KEY.to_owned(), Value::Object(self.marks));
        }
        Value::Object(self.keywords)
    }
}

/// Spells a schema that is not an object. 3.0 has no boolean schemas; `not: {}` is false.
fn verbatim(schema: &Value) -> Value {
    match schema {
        Value::Bool(false) => json!({"not": {}, VERSIONS_KEY: {"verbatim": false}}),
        other => json!({VERSIONS_KEY: {"verbatim": other}}),
    }
}

/// Copies the marks of a merged schema and spells the schemas in them.
fn versions(marks: &Value, out: &mut Map<String, Value>) {
    for (name, value) in marks.as_object().into_iter().flatten() {
        let spelled = match name.as_str() {
            "variants" => entries(value, "schema"),
            "additional-properties" => entries(value, "value"),
            _ => value.clone(),
        };
        out.insert(name.clone(), spelled);
    }
}

fn entries(list: &Value, key: &str) -> Value {
    let mut list = list.clone();
    for entry in list.as_array_mut().into_iter().flatten() {
        if let Some(schema) = entry.get_mut(key) {
            *schema = if key == "value" { additional(schema) } else { write(schema) };
        }
    }
    list
}

/// Spells the value of `additionalProperties`, which may be a boolean in 3.0.
fn additional(schema: &Value) -> Value {
    if schema.is_boolean() { schema.clone() } else { write(schema) }
}

fn common(keyword: &str, value: &Value, out: &mut Spelled) {
    let Some(shape) = words::shape(keyword, value) else {
        if words::is_common(keyword, value) {
            out.set(keyword, value.clone());
        } else {
            out.keep(keyword, value);
        }
        return;
    };
    let spelled = match value {
        Value::Object(map) if shape == Shape::Map => {
            Value::Object(map.iter().map(|(name, inner)| (name.clone(), write(inner))).collect())
        }
        Value::Array(list) if shape == Shape::List => list.iter().map(write).collect(),
        other if keyword == "additionalProperties" => additional(other),
        other => write(other),
    };
    match words::housed(keyword, shape) {
        Some(name) => out.mark(name, spelled),
        None => out.set(keyword, spelled),
    }
}

fn format(value: &Value, out: &mut Spelled) {
    match value.as_str() {
        Some(format) if words::is_public_format(format) => out.set("format", value.clone()),
        Some(_) => out.mark("format", value.clone()),
        None => out.keep("format", value),
    }
}

fn constant(keywords: &Map<String, Value>, out: &mut Spelled) {
    let Some(value) = keywords.get("const") else { return };
    if keywords.contains_key("enum") {
        out.keep("const", value);
    } else {
        out.set("enum", json!([value]));
        out.mark("const", json!(true));
    }
}

fn exclusive(keywords: &Map<String, Value>, keyword: &str, bound: &str, out: &mut Spelled) {
    let Some(value) = keywords.get(keyword) else { return };
    if value.is_number() && !keywords.contains_key(bound) {
        out.set(bound, value.clone());
        out.set(keyword, json!(true));
    } else {
        out.keep(keyword, value);
    }
}

fn types(keywords: &Map<String, Value>, out: &mut Spelled) {
    let Some(value) = keywords.get("type") else { return };
    let enumerated = keywords.contains_key("enum") || keywords.contains_key("const");
    let chosen = keywords.contains_key("anyOf");
    match value {
        Value::String(name) if words::TYPES.contains(&name.as_str()) => {
            out.set("type", value.clone());
        }
        Value::String(name) if name == "null" && !enumerated => {
            out.set("enum", json!([null]));
            out.set("nullable", json!(true));
            out.mark("null-type", json!(true));
        }
        Value::Array(list) => match names(list) {
            Some((names, nullable)) if names.len() == 1 && nullable => {
                out.set("type", json!(names[0]));
                out.set("nullable", json!(true));
            }
            Some((names, nullable)) if names.len() > 1 && !chosen => {
                out.set("anyOf", names.iter().map(|name| json!({"type": name})).collect());
                out.mark("type-list", json!(true));
                if nullable {
                    out.set("nullable", json!(true));
                }
            }
            _ => out.keep("type", value),
        },
        _ => out.keep("type", value),
    }
}

/// Returns the sorted types of a list, and whether null is one; `None` if one is repeated.
fn names(list: &[Value]) -> Option<(Vec<&str>, bool)> {
    let mut names: Vec<&str> = list.iter().map(Value::as_str).collect::<Option<_>>()?;
    let whole = names.len();
    names.sort_unstable();
    names.dedup();
    if names.len() != whole {
        return None;
    }
    names.retain(|name| *name != "null");
    let nullable = names.len() != whole;
    names.iter().all(|name| words::TYPES.contains(name)).then_some((names, nullable))
}

/// Replaces the one null branch of the schema's only choice by `nullable`.
fn null_branch(keywords: &Map<String, Value>, out: &mut Spelled) {
    let choice = match (keywords.get("oneOf"), keywords.get("anyOf")) {
        (Some(_), None) => "oneOf",
        (None, Some(_)) => "anyOf",
        _ => return,
    };
    let Some(branches) = keywords.get(choice).and_then(Value::as_array) else { return };
    let null = json!({"type": "null"});
    let mut nulls = (0..branches.len()).filter(|at| branches[*at] == null);
    let (Some(at), None) = (nulls.next(), nulls.next()) else { return };
    if branches.len() < 2 || out.has("nullable") {
        return;
    }
    if let Some(Value::Array(spelled)) = out.keywords.get_mut(choice) {
        spelled.remove(at);
        out.set("nullable", json!(true));
        out.mark("null-branch", json!(at));
    }
}

fn reference(keywords: &Map<String, Value>, out: &mut Spelled) {
    let Some(target) = keywords.get("$ref") else { return };
    let component = target.as_str().is_some_and(|t| t.starts_with("#/components/"));
    let empty = matches!(out.keywords.get("allOf"), Some(Value::Array(list)) if list.is_empty());
    match target {
        Value::String(_) if !component => out.mark("ref", target.clone()),
        Value::String(_) if keywords.len() == 1 => out.set("$ref", target.clone()),
        Value::String(_) if !empty && !out.kept.contains_key("allOf") => {
            let mut all = vec![json!({"$ref": target})];
            if let Some(Value::Array(own)) = out.keywords.remove("allOf") {
                all.extend(own);
            }
            out.set("allOf", Value::Array(all));
            out.mark("ref", json!("first"));
        }
        _ => out.keep("$ref", target),
    }
}
