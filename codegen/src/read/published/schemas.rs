//! Converts a published schema to a merged one: references are inlined, copies for
//! microversions become variants, and only keywords that constrain a value are kept.

use serde_json::{Map, Value, json};
use squall_model::Microversion;
use squall_model::materialise::{LISTS, MAPS, SINGLES};

use super::Pass;
use super::direction::{self, Direction};
use super::keywords::{self, Fate};
use crate::diagnostic::{Diagnostics, pointer};
use crate::{reference, spelling};

impl<'a> Pass<'a> {
    /// Converts a schema to the spelling of the project's documents.
    pub(super) fn schema(
        &self,
        schema: &'a Value,
        direction: Direction,
        at: &str,
        sink: &mut Diagnostics,
    ) -> Value {
        spelled(self.merged(schema, at, sink), direction)
    }

    /// Converts the schemas of one action, of which each holds for a range of versions.
    pub(super) fn schema_of_action(
        &self,
        schemas: &[(&'a Value, String)],
        direction: Direction,
        sink: &mut Diagnostics,
    ) -> Value {
        let mut copies: Vec<Value> =
            schemas.iter().map(|(schema, at)| self.merged(schema, at, sink)).collect();
        match (copies.len(), schemas) {
            (1, _) => spelled(copies.remove(0), direction),
            (_, [.., (_, at)]) => spelled(variants(copies, at, sink), direction),
            (_, []) => json!({}),
        }
    }

    /// Converts a published schema to a merged one.
    pub(super) fn merged(&self, schema: &'a Value, at: &str, sink: &mut Diagnostics) -> Value {
        if self.modern {
            return self.node(schema, None, &mut Vec::new(), at, sink);
        }
        // A plain 3.0 document is already in the spelling, except for its references.
        let inlined = self.node(schema, None, &mut Vec::new(), at, sink);
        spelling::read(&inlined, at, sink)
    }

    fn node(
        &self,
        schema: &'a Value,
        base: Option<&'a Value>,
        trail: &mut Vec<String>,
        at: &str,
        sink: &mut Diagnostics,
    ) -> Value {
        if !self.budget.enter(sink) {
            return json!({});
        }
        let merged = self.entered(schema, base, trail, at, sink);
        self.budget.leave();
        merged
    }

    fn entered(
        &self,
        schema: &'a Value,
        base: Option<&'a Value>,
        trail: &mut Vec<String>,
        at: &str,
        sink: &mut Diagnostics,
    ) -> Value {
        let Value::Object(keywords) = schema else {
            if !schema.is_boolean() {
                sink.warning(
                    at,
                    format!("{schema} is not a schema and is left out"),
                    "write a schema, or remove it",
                );
                return json!({});
            }
            return schema.clone();
        };
        let base = if keywords.contains_key("definitions") || keywords.contains_key("$defs") {
            Some(schema)
        } else {
            base
        };
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            let mut target = self.referred(reference, base, trail, at, sink);
            let beside = self.keywords(keywords, base, trail, at, sink);
            match (&mut target, beside) {
                // In 3.1 a reference and what is beside it both hold.
                (_, Value::Object(beside)) if self.modern => {
                    return reference::both(target, beside);
                }
                // In 3.0 what is beside it is ignored, but often meant.
                (Value::Object(target), Value::Object(beside)) => target.extend(beside),
                _ => {}
            }
            return target;
        }
        if discriminator(keywords) == Some("microversion") {
            return self.variants(keywords, base, trail, at, sink);
        }
        self.keywords(keywords, base, trail, at, sink)
    }

    fn referred(
        &self,
        reference: &str,
        base: Option<&'a Value>,
        trail: &mut Vec<String>,
        at: &str,
        sink: &mut Diagnostics,
    ) -> Value {
        let Some(target) = self.references.target(reference, base) else {
            sink.error(
                pointer(at, "$ref"),
                format!("`{reference}` leads nowhere in this document"),
                "add the target, or correct the pointer; other files are not read",
            );
            return json!({});
        };
        if trail.iter().any(|seen| seen == reference) {
            sink.warning(
                pointer(at, "$ref"),
                format!(
                    "`{reference}` contains itself; below the first level any value is allowed"
                ),
                "write the schema out if deeper levels should be checked",
            );
            return json!({});
        }
        trail.push(reference.to_owned());
        let place = reference::pointer(reference).into_owned();
        let schema = self.node(target, base, trail, &place, sink);
        trail.pop();
        schema
    }

    /// Copies the keywords of a schema that constrain a value.
    fn keywords(
        &self,
        keywords: &'a Map<String, Value>,
        base: Option<&'a Value>,
        trail: &mut Vec<String>,
        at: &str,
        sink: &mut Diagnostics,
    ) -> Value {
        let mut out = Map::new();
        let has_properties = keywords
            .get("properties")
            .and_then(Value::as_object)
            .is_some_and(|properties| !properties.is_empty());
        for (key, value) in keywords {
            let at = pointer(at, key);
            if key == "additionalProperties" && value.is_object() && has_properties {
                sink.warning(
                    &at,
                    "the type only has the fields under `properties`, not these additional ones",
                    "send and read such values as JSON",
                );
            }
            match keywords::fate(key, value, self.modern) {
                Fate::Keep => {}
                Fate::Drop => continue,
                Fate::Marks => {
                    let marks = if self.modern { keywords::range(value) } else { value.clone() };
                    let named = value.get("min-ver").or(value.get("max-ver")).is_some();
                    if named && marks.as_object().is_some_and(Map::is_empty) {
                        sink.warning(
                            &at,
                            format!("{value} is not a valid version range and is left out"),
                            "write `min-ver` and `max-ver` as quoted versions, in ascending order",
                        );
                    }
                    if marks.as_object().is_some_and(|m| !m.is_empty()) {
                        out.insert(key.clone(), marks);
                    }
                    continue;
                }
                Fate::Warn(why) => {
                    sink.warning(
                        at,
                        why,
                        "correct it upstream, or ignore this: it is not validated",
                    );
                    continue;
                }
            }
            let kept = match value {
                Value::Object(map) if MAPS.contains(&key.as_str()) => Value::Object(
                    map.iter()
                        .filter(|(name, inner)| {
                            let schema = inner.is_object() || inner.is_boolean();
                            if !schema {
                                sink.warning(
                                    pointer(&at, name),
                                    format!("`{name}` is not a schema and is left out"),
                                    "check whether this is a keyword in the wrong place",
                                );
                            }
                            schema
                        })
                        .collect::<Vec<_>>()
                        .into_iter()
                        .map(|(name, inner)| {
                            let at = pointer(&at, name);
                            (name.clone(), self.node(inner, base, trail, &at, sink))
                        })
                        .collect(),
                ),
                Value::Array(list) if LISTS.contains(&key.as_str()) || key == "items" => list
                    .iter()
                    .enumerate()
                    .map(|(i, inner)| self.node(inner, base, trail, &pointer(&at, i), sink))
                    .collect(),
                inner if SINGLES.contains(&key.as_str()) => {
                    self.node(inner, base, trail, &at, sink)
                }
                other => other.clone(),
            };
            out.insert(key.clone(), kept);
        }
        Value::Object(out)
    }

    /// Merges complete copies for microversions into variants.
    fn variants(
        &self,
        keywords: &'a Map<String, Value>,
        base: Option<&'a Value>,
        trail: &mut Vec<String>,
        at: &str,
        sink: &mut Diagnostics,
    ) -> Value {
        let at = pointer(at, "oneOf");
        let branches = keywords.get("oneOf").and_then(Value::as_array).into_iter().flatten();
        let copies = branches
            .enumerate()
            .map(|(i, branch)| self.node(branch, base, trail, &pointer(&at, i), sink))
            .collect();
        variants(copies, &at, sink)
    }
}

/// Makes complete copies of a schema, each marked with its versions, one schema.
fn variants(copies: Vec<Value>, at: &str, sink: &mut Diagnostics) -> Value {
    let mut variants: Vec<Variant> = copies.into_iter().flat_map(Variant::of).collect();
    variants.sort_by_key(|variant| variant.min);
    close_open_ends(&mut variants, at, sink);
    match variants.len() {
        0 => json!({}),
        _ => json!({"x-openstack": {"variants":
            variants.into_iter().map(Variant::entry).collect::<Vec<_>>()}}),
    }
}

/// Applies the direction of the message and writes the schema in the documents' spelling.
fn spelled(merged: Value, direction: Direction) -> Value {
    let spelled = spelling::write(&direction::applied(merged, direction));
    if spelled.as_object().is_some_and(Map::is_empty) { json!({}) } else { spelled }
}

/// One complete copy and its versions.
struct Variant {
    min: Option<Microversion>,
    max: Option<Microversion>,
    schema: Value,
}

impl Variant {
    /// Takes a schema apart: into its variants, or into its versions and what is left.
    fn of(mut schema: Value) -> Vec<Self> {
        let marks = schema.as_object_mut().and_then(|map| map.remove("x-openstack"));
        let Some(Value::Object(mut marks)) = marks else {
            return vec![Self { min: None, max: None, schema }];
        };
        let one = |marks: &Map<String, Value>, schema: Value| {
            let end = |key: &str| marks.get(key)?.as_str()?.parse().ok();
            Self { min: end("min-ver"), max: end("max-ver"), schema }
        };
        match marks.remove("variants") {
            Some(Value::Array(variants)) => variants
                .into_iter()
                .filter_map(|variant| match variant {
                    Value::Object(mut entry) => {
                        let schema = entry.remove("schema")?;
                        Some(one(&entry, schema))
                    }
                    _ => None,
                })
                .collect(),
            _ => vec![one(&marks, schema)],
        }
    }

    fn entry(self) -> Value {
        let mut entry = Map::new();
        entry.extend(self.min.map(|v| ("min-ver".to_owned(), json!(v.to_string()))));
        entry.extend(self.max.map(|v| ("max-ver".to_owned(), json!(v.to_string()))));
        entry.insert("schema".to_owned(), self.schema);
        Value::Object(entry)
    }
}

/// Ends every copy before the next one begins, so that only one holds at a version.
fn close_open_ends(variants: &mut [Variant], at: &str, sink: &mut Diagnostics) {
    for index in 1..variants.len() {
        let next = variants[index].min;
        let Some(next) = next.filter(|next| variants[index - 1].min != Some(*next)) else {
            sink.error(
                at,
                "two schemas for versions of one body begin at the same version",
                "give each its own `min-ver` under `x-openstack`",
            );
            continue;
        };
        let last = next.previous();
        let earlier = &mut variants[index - 1];
        earlier.max = match earlier.max {
            Some(max) => last.map_or(Some(max), |last| Some(max.min(last))),
            None => last,
        };
    }
}

/// Returns the discriminator of a `oneOf`, as services publish it under `x-openstack`.
pub(super) fn discriminator(keywords: &Map<String, Value>) -> Option<&str> {
    keywords.get("oneOf")?;
    keywords.get("x-openstack")?.get("discriminator")?.as_str()
}
