//! Converts the spelling in OpenAPI 3.0 back to JSON Schema 2020-12.

use serde_json::{Map, Value, json};
use squall_model::materialise::VERSIONS_KEY;

use super::words::{self, Shape};
use crate::diagnostic::{Diagnostics, pointer as join};

/// Reads a spelled schema. Whatever cannot be read is reported to `sink` and left out.
///
/// A document that was not written by [`super::write`] may use all of 3.0: `nullable`
/// without a type becomes a branch, and annotations like `example` are dropped.
pub fn read(schema: &Value, pointer: &str, sink: &mut Diagnostics) -> Value {
    let Value::Object(keywords) = schema else {
        sink.error(
            pointer,
            format!("a schema of OpenAPI 3.0 must be an object, not {schema}"),
            "write `x-openstack: {verbatim: …}` for a schema that is `true` or `false`",
        );
        return json!({});
    };
    let empty = Map::new();
    let marks = match keywords.get(VERSIONS_KEY) {
        Some(Value::Object(marks)) => marks,
        None => &empty,
        Some(other) => {
            sink.error(
                join(pointer, VERSIONS_KEY),
                format!("`x-openstack` of a schema must be a map, not {other}"),
                "see the table of spellings in docs/src/spec-format.md",
            );
            &empty
        }
    };
    if let Some(verbatim) = marks.get("verbatim") {
        return verbatim.clone();
    }
    let mut node = Node { keywords, marks, pointer, sink, out: Map::new() };
    node.common();
    node.marked();
    node.constant();
    node.exclusive("exclusiveMinimum", "minimum");
    node.exclusive("exclusiveMaximum", "maximum");
    node.reference();
    node.types();
    node.finish()
}

/// A node while it is read.
struct Node<'a> {
    keywords: &'a Map<String, Value>,
    marks: &'a Map<String, Value>,
    pointer: &'a str,
    sink: &'a mut Diagnostics,
    out: Map<String, Value>,
}

impl Node<'_> {
    fn has_mark(&self, name: &str) -> bool {
        self.marks.get(name).is_some_and(|mark| *mark != Value::Bool(false))
    }

    fn set(&mut self, keyword: &str, value: Value) {
        self.out.insert(keyword.to_owned(), value);
    }

    fn common(&mut self) {
        for (keyword, value) in self.keywords {
            match keyword.as_str() {
                VERSIONS_KEY | "type" | "nullable" | "exclusiveMinimum" | "exclusiveMaximum"
                | "$ref" => {}
                "format" if value.is_string() => self.set(keyword, value.clone()),
                known if words::ANNOTATIONS.contains(&known) => {}
                known if words::is_common(known, value) => {
                    let inner = self.subschemas(keyword, value, &join(self.pointer, keyword));
                    self.set(keyword, inner);
                }
                _ => self.refuse(keyword),
            }
        }
    }

    fn refuse(&mut self, keyword: &str) {
        self.sink.error(
            join(self.pointer, keyword),
            format!("OpenAPI 3.0 has no keyword `{keyword}` with this value"),
            "write it under `x-openstack`: see the table of spellings in docs/src/spec-format.md",
        );
    }

    /// Reads the subschemas in a keyword's value.
    fn subschemas(&mut self, keyword: &str, value: &Value, place: &str) -> Value {
        match (words::shape(keyword, value), value) {
            (Some(Shape::Map), Value::Object(map)) => Value::Object(
                map.iter()
                    .map(|(name, inner)| (name.clone(), read(inner, &join(place, name), self.sink)))
                    .collect(),
            ),
            (Some(Shape::List), Value::Array(list)) => list
                .iter()
                .enumerate()
                .map(|(at, inner)| read(inner, &join(place, at), self.sink))
                .collect(),
            (Some(Shape::Single), Value::Bool(_)) if keyword == "additionalProperties" => {
                value.clone()
            }
            (Some(Shape::Single), inner) => read(inner, place, self.sink),
            _ => value.clone(),
        }
    }

    /// Restores the marks: those of the merge, moved subschemas, and kept keywords.
    fn marked(&mut self) {
        let mut versions = Map::new();
        let marks_at = join(self.pointer, VERSIONS_KEY);
        for (name, mark) in self.marks {
            let place = join(&marks_at, name);
            match name.as_str() {
                "variants" => {
                    versions.insert(name.clone(), self.entries(mark, "schema", &place));
                }
                "additional-properties" => {
                    versions.insert(name.clone(), self.entries(mark, "value", &place));
                }
                known if words::MERGED_MARKS.contains(&known) => {
                    versions.insert(name.clone(), mark.clone());
                }
                "keywords" => {
                    self.out.extend(mark.as_object().into_iter().flatten().map(owned));
                }
                "format" => self.set("format", mark.clone()),
                known if words::MARKS.contains(&known) => {}
                known => match words::unhoused(known) {
                    Some(keyword) => {
                        let inner = self.subschemas(keyword, mark, &place);
                        self.set(keyword, inner);
                    }
                    None => self.sink.error(
                        place,
                        format!("unknown mark `{known}` in the `x-openstack` of a schema"),
                        "see the table of spellings in docs/src/spec-format.md",
                    ),
                },
            }
        }
        if !versions.is_empty() {
            self.set(VERSIONS_KEY, Value::Object(versions));
        }
    }

    fn entries(&mut self, list: &Value, key: &str, place: &str) -> Value {
        let mut list = list.clone();
        for (at, entry) in list.as_array_mut().into_iter().flatten().enumerate() {
            let place = join(&join(place, at), key);
            if let Some(schema) = entry.get_mut(key) {
                let keyword = if key == "value" { "additionalProperties" } else { "not" };
                *schema = self.subschemas(keyword, schema, &place);
            }
        }
        list
    }

    fn constant(&mut self) {
        if !self.has_mark("const") {
            return;
        }
        match self.out.remove("enum") {
            Some(Value::Array(mut values)) if values.len() == 1 => {
                if let Some(value) = values.pop() {
                    self.set("const", value);
                }
            }
            _ => self.sink.error(
                self.pointer,
                "`const: true` needs an `enum` with exactly one value",
                "write the value under `enum`",
            ),
        }
    }

    fn exclusive(&mut self, keyword: &str, bound: &str) {
        match self.keywords.get(keyword) {
            None | Some(Value::Bool(false)) => {}
            Some(Value::Bool(true)) => match self.out.remove(bound) {
                Some(value) => self.set(keyword, value),
                None => self.sink.error(
                    join(self.pointer, keyword),
                    format!("`{keyword}: true` needs `{bound}` beside it"),
                    format!("write the bound under `{bound}`"),
                ),
            },
            Some(_) => self.sink.error(
                join(self.pointer, keyword),
                format!("`{keyword}` must be a boolean in OpenAPI 3.0"),
                format!("write `{bound}` and `{keyword}: true`"),
            ),
        }
    }

    fn reference(&mut self) {
        if let Some(target) = self.keywords.get("$ref") {
            if self.keywords.len() > 1 {
                self.sink.error(
                    join(self.pointer, "$ref"),
                    "OpenAPI 3.0 ignores whatever is beside a `$ref`",
                    "write `allOf: [{$ref: …}]` and `x-openstack: {ref: first}`",
                );
            }
            self.set("$ref", target.clone());
        }
        match self.marks.get("ref").and_then(Value::as_str) {
            None => {}
            Some("first") => self.lift_reference(),
            Some(target) => self.set("$ref", json!(target)),
        }
    }

    fn lift_reference(&mut self) {
        let first = match self.out.get_mut("allOf") {
            Some(Value::Array(all)) if !all.is_empty() => all.remove(0),
            _ => Value::Null,
        };
        if self.out.get("allOf").and_then(Value::as_array).is_some_and(Vec::is_empty) {
            self.out.remove("allOf");
        }
        match first.get("$ref") {
            Some(target) => self.set("$ref", target.clone()),
            None => self.sink.error(
                self.pointer,
                "`ref: first` needs an `allOf` that starts with a `$ref`",
                "write `allOf: [{$ref: …}]`",
            ),
        }
    }

    fn types(&mut self) {
        let mut names: Vec<&str> = Vec::new();
        if self.has_mark("null-type") {
            self.out.remove("enum");
            self.set("type", json!("null"));
            return;
        }
        match self.keywords.get("type") {
            None => {}
            Some(Value::String(name)) if words::TYPES.contains(&name.as_str()) => names.push(name),
            Some(_) => self.sink.error(
                join(self.pointer, "type"),
                "a `type` of OpenAPI 3.0 must be one of array, boolean, integer, number, object, string",
                "write `nullable: true` for null, and `anyOf` with `type-list: true` for several",
            ),
        }
        if self.has_mark("type-list") {
            let Some(Value::Array(branches)) = self.keywords.get("anyOf") else {
                self.sink.error(
                    self.pointer,
                    "`type-list: true` needs an `anyOf` of types",
                    "write `anyOf: [{type: …}, {type: …}]`",
                );
                return;
            };
            self.out.remove("anyOf");
            names.extend(branches.iter().filter_map(|b| b.get("type")?.as_str()));
        }
        let nullable = self.keywords.get("nullable") == Some(&Value::Bool(true))
            && !self.has_mark("null-branch");
        if nullable && !names.is_empty() {
            names.push("null");
        }
        names.sort_unstable();
        match names[..] {
            [] => {}
            [name] => self.set("type", json!(name)),
            _ => self.set("type", json!(names)),
        }
    }

    /// Restores the branch for null, and returns the node.
    fn finish(mut self) -> Value {
        let nullable = self.keywords.get("nullable") == Some(&Value::Bool(true));
        if !nullable || (self.out.contains_key("type") && !self.has_mark("null-branch")) {
            return Value::Object(self.out);
        }
        let null = json!({"type": "null"});
        let at = self.marks.get("null-branch").and_then(Value::as_u64);
        let choice = match (self.out.contains_key("oneOf"), self.out.contains_key("anyOf")) {
            (true, false) => Some("oneOf"),
            (false, true) => Some("anyOf"),
            _ => None,
        };
        if let Some(Value::Array(branches)) = choice.and_then(|c| self.out.get_mut(c)) {
            let at = at.and_then(|at| usize::try_from(at).ok()).unwrap_or(branches.len());
            branches.insert(at.min(branches.len()), null);
            return Value::Object(self.out);
        }
        if at.is_some() {
            self.sink.error(
                self.pointer,
                "`null-branch` needs one `oneOf` or `anyOf`",
                "write the other branches under `oneOf` or `anyOf`",
            );
        }
        let versions = self.out.remove(VERSIONS_KEY);
        if self.out.is_empty() {
            return versions.map_or_else(|| json!({}), |marks| json!({VERSIONS_KEY: marks}));
        }
        let mut whole = Map::new();
        whole.insert("anyOf".to_owned(), Value::Array(vec![Value::Object(self.out), null]));
        whole.extend(versions.map(|marks| (VERSIONS_KEY.to_owned(), marks)));
        Value::Object(whole)
    }
}

fn owned((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}
