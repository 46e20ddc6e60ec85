//! Derives types from merged schemas, over all versions.
//!
//! A type is what a caller reads or writes. Which values are valid at a version stays with
//! the schema.

use serde_json::{Map, Value};
use squall_model::VersionRange;
use squall_model::materialise::VERSIONS_KEY;
use squall_model::schema::type_of;

use super::Lower;
use crate::model::{Field, Record, Role, Type, TypeId, Types};
use crate::spelling::{self, Lenient};

impl Lower<'_> {
    /// Returns a type that can hold every value that the schema allows within `versions`.
    pub(super) fn shape(&mut self, schema: &Value, versions: VersionRange, role: Role) -> TypeId {
        let Some(keywords) = schema.as_object() else { return self.types.add(Type::Any) };
        let variants = keywords.get(VERSIONS_KEY).and_then(|marks| marks.get("variants"));
        if let Some(variants) = variants.and_then(Value::as_array) {
            let known = variants.iter().filter_map(|variant| {
                let versions = versions.intersect(&range(variant))?;
                Some((variant.get("schema")?, versions))
            });
            let mut known: Vec<_> = known.collect();
            // Where a request may have anything at some versions, a type says what it may have
            // at the others.
            let said = |schema: &Value| schema.as_object().is_none_or(|map| !map.is_empty());
            if role == Role::Request && known.iter().any(|(schema, _)| said(schema)) {
                known.retain(|(schema, _)| said(schema));
            }
            return self.join_all(known, role);
        }
        if let Some(kind) = spelling::lenient(keywords).filter(|_| role == Role::Request) {
            return self.lenient(keywords, kind);
        }
        let plain = self.plain(keywords, versions, role);
        if allows_null(keywords) { self.optional(plain) } else { plain }
    }

    fn join_all(&mut self, schemas: Vec<(&Value, VersionRange)>, role: Role) -> TypeId {
        let mut joined: Option<TypeId> = None;
        for (schema, versions) in schemas {
            let own = self.shape(schema, versions, role);
            joined = Some(joined.map_or(own, |joined| self.types.join(joined, own)));
        }
        joined.unwrap_or_else(|| self.types.add(Type::Any))
    }

    fn optional(&mut self, ty: TypeId) -> TypeId {
        let null = self.types.add(Type::Null);
        self.types.join(ty, null)
    }

    fn lenient(&mut self, keywords: &Map<String, Value>, kind: Lenient) -> TypeId {
        let ty = self.types.add(match kind {
            Lenient::Boolean => Type::Boolean,
            // Any string is allowed, not only one of digits: an id, which once was a number.
            Lenient::Integer if !keywords.contains_key("pattern") => Type::Text,
            Lenient::Integer => Type::Integer,
        });
        if allows_null(keywords) { self.optional(ty) } else { ty }
    }

    /// Returns the type without null: what the schema itself says, and what each of `allOf`,
    /// `oneOf` and `anyOf` beside it says.
    fn plain(
        &mut self,
        keywords: &Map<String, Value>,
        versions: VersionRange,
        role: Role,
    ) -> TypeId {
        let list =
            |key: &str| keywords.get(key).and_then(Value::as_array).filter(|l| !l.is_empty());
        let mut parts = Vec::new();
        let composed = ["allOf", "oneOf", "anyOf"].iter().any(|key| list(key).is_some());
        if !composed || describes(keywords) {
            parts.push(self.own(keywords, versions, role));
        }
        for branch in list("allOf").into_iter().flatten() {
            parts.push(self.shape(branch, versions, role));
        }
        for choice in ["oneOf", "anyOf"].iter().filter_map(|key| list(key)) {
            // Branches that only constrain, such as `{required: [a]}`, have no type.
            if choice.iter().any(is_described) {
                let branches = choice.iter().map(|branch| (branch, versions)).collect();
                parts.push(self.join_all(branches, role));
            }
        }
        match parts[..] {
            [] => self.types.add(Type::Any),
            [only] => only,
            _ => self.meld(&parts, &required(keywords), versions, role),
        }
    }

    /// Returns the type that a schema's own keywords describe.
    fn own(&mut self, keywords: &Map<String, Value>, versions: VersionRange, role: Role) -> TypeId {
        let list = |key: &str| keywords.get(key).and_then(Value::as_array);
        match kind(keywords) {
            Some("object") if has_entries(keywords, "properties") || is_empty(keywords) => {
                self.record(keywords, versions, role)
            }
            Some("object") => self.map(keywords, versions, role),
            Some("array") => {
                let mut items: Vec<(&Value, VersionRange)> =
                    list("prefixItems").into_iter().flatten().map(|s| (s, versions)).collect();
                match keywords.get("items") {
                    Some(Value::Array(list)) => items.extend(list.iter().map(|s| (s, versions))),
                    Some(item) if !item.is_boolean() || items.is_empty() => {
                        items.push((item, versions));
                    }
                    _ => {}
                }
                let item = self.join_all(items, role);
                self.types.add(Type::List(item))
            }
            Some("string") => self.types.add(Type::Text),
            Some("integer") => self.types.add(Type::Integer),
            Some("number") => self.types.add(Type::Number),
            Some("boolean") => self.types.add(Type::Boolean),
            Some("null") => self.types.add(Type::Null),
            _ => self.types.add(Type::Any),
        }
    }

    /// Returns the type of a value that has all of the types: the fields of every record
    /// among them, or the first type that is not `Any`.
    fn meld(
        &mut self,
        parts: &[TypeId],
        required: &[&str],
        versions: VersionRange,
        role: Role,
    ) -> TypeId {
        let inner = |types: &Types, id: TypeId| match types.get(id) {
            Type::Optional(inner) => *inner,
            _ => id,
        };
        let mut fields: Vec<Field> = Vec::new();
        let ids: Vec<TypeId> = parts.iter().map(|id| inner(self.types, *id)).collect();
        let records: Vec<Vec<Field>> =
            ids.iter().filter_map(|id| Some(self.types.record(*id)?.fields.clone())).collect();
        for field in records.into_iter().flatten() {
            match fields.iter_mut().find(|known| known.key == field.key) {
                Some(known) => {
                    known.required |= field.required;
                    let types = [known.ty, field.ty];
                    known.ty = self.meld(&types, &[], versions, role);
                }
                None => fields.push(field),
            }
        }
        if !fields.is_empty() {
            for field in &mut fields {
                let always = field.versions.covers(&versions);
                field.required |= always && required.contains(&field.key.as_str());
            }
            return self.types.add(Type::Record(record(fields, role)));
        }
        let telling = parts.iter().find(|id| *self.types.get(**id) != Type::Any).copied();
        telling.unwrap_or_else(|| self.types.add(Type::Any))
    }

    fn record(
        &mut self,
        keywords: &Map<String, Value>,
        versions: VersionRange,
        role: Role,
    ) -> TypeId {
        let required = required(keywords);
        let mut fields = Vec::new();
        for (key, schema) in
            keywords.get("properties").and_then(Value::as_object).into_iter().flatten()
        {
            let Some(own) = versions.intersect(&presence(schema)) else { continue };
            let ty = self.shape(schema, own, role);
            fields.push(Field {
                key: key.clone(),
                name: String::new(),
                ty,
                required: required.contains(&key.as_str()) && own.covers(&versions),
                versions: own,
                extension: extension(schema),
            });
        }
        self.types.add(Type::Record(record(fields, role)))
    }

    fn map(&mut self, keywords: &Map<String, Value>, versions: VersionRange, role: Role) -> TypeId {
        let patterns = keywords.get("patternProperties").and_then(Value::as_object);
        let mut values: Vec<(&Value, VersionRange)> =
            patterns.into_iter().flatten().map(|(_, schema)| (schema, versions)).collect();
        if let Some(rest) = keywords.get("additionalProperties").filter(|v| v.is_object()) {
            values.push((rest, versions));
        }
        let value = self.join_all(values, role);
        self.types.add(Type::Map(value))
    }
}

/// Returns the names that a schema requires, itself or in a branch of `allOf`.
fn required(keywords: &Map<String, Value>) -> Vec<&str> {
    let list = |key: &str| keywords.get(key).and_then(Value::as_array).into_iter().flatten();
    let mut names: Vec<&str> = list("required").filter_map(Value::as_str).collect();
    names.extend(list("allOf").filter_map(Value::as_object).flat_map(required));
    names
}

/// Whether a schema's own keywords say more about a value than that it is an object.
fn describes(keywords: &Map<String, Value>) -> bool {
    match kind(keywords) {
        Some("object") => {
            has_entries(keywords, "properties")
                || has_entries(keywords, "patternProperties")
                || keywords.get("additionalProperties").is_some_and(Value::is_object)
        }
        kind => kind.is_some(),
    }
}

/// Whether a branch has a type, itself or by its own branches or variants.
fn is_described(branch: &Value) -> bool {
    let Some(keywords) = branch.as_object() else { return false };
    let list = |key: &str| keywords.get(key).and_then(Value::as_array).into_iter().flatten();
    kind(keywords).is_some()
        || keywords.contains_key(VERSIONS_KEY)
        || keywords.contains_key("type")
        || ["allOf", "oneOf", "anyOf"].iter().any(|key| list(key).any(is_described))
}

fn record(fields: Vec<Field>, role: Role) -> Record {
    Record { name: String::new(), doc: String::new(), role, fields }
}

/// Returns the only type of a schema apart from null; `None` if it has several.
fn kind(keywords: &Map<String, Value>) -> Option<&str> {
    match keywords.get("type") {
        Some(Value::String(name)) => Some(name),
        Some(Value::Array(list)) => {
            let mut names: Vec<&str> =
                list.iter().filter_map(Value::as_str).filter(|name| *name != "null").collect();
            names.sort_unstable();
            match names[..] {
                [] => Some("null"),
                [one] => Some(one),
                ["integer", "number"] => Some("number"),
                _ => None,
            }
        }
        _ if keywords.contains_key("properties") || keywords.contains_key("patternProperties") => {
            Some("object")
        }
        _ if keywords.contains_key("items") || keywords.contains_key("prefixItems") => {
            Some("array")
        }
        _ => kind_of_values(keywords),
    }
}

fn kind_of_values(keywords: &Map<String, Value>) -> Option<&'static str> {
    let one = keywords.get("const").map(std::slice::from_ref);
    let values =
        one.or_else(|| keywords.get("enum").and_then(Value::as_array).map(Vec::as_slice))?;
    let mut kinds = values.iter().filter(|value| !value.is_null()).map(type_of);
    let Some(first) = kinds.next() else { return Some("null") };
    kinds.all(|kind| kind == first).then_some(first)
}

fn allows_null(keywords: &Map<String, Value>) -> bool {
    let listed = match keywords.get("type") {
        Some(Value::Array(list)) => list.iter().any(|name| name == "null"),
        Some(_) => false,
        None => true,
    };
    let valued = keywords.get("enum").and_then(Value::as_array);
    let valued = valued.is_none_or(|values| values.contains(&Value::Null));
    let typed = keywords.contains_key("type");
    listed && valued && (typed || keywords.contains_key("enum"))
}

fn has_entries(keywords: &Map<String, Value>, key: &str) -> bool {
    keywords.get(key).and_then(Value::as_object).is_some_and(|map| !map.is_empty())
}

/// Whether an object cannot have any field.
fn is_empty(keywords: &Map<String, Value>) -> bool {
    keywords.get("additionalProperties") == Some(&Value::Bool(false))
        && !has_entries(keywords, "patternProperties")
        && !["oneOf", "anyOf", "allOf"].iter().any(|key| keywords.contains_key(*key))
}

/// Returns the versions that have a property, ignoring gaps between variants.
fn presence(schema: &Value) -> VersionRange {
    let Some(marks) = schema.get(VERSIONS_KEY) else { return VersionRange::ALL };
    let own = range(marks);
    let Some(variants) = marks.get("variants").and_then(Value::as_array) else { return own };
    let ranges: Vec<VersionRange> = variants.iter().map(range).collect();
    let min = ranges.iter().map(|r| r.min).min().flatten();
    let open = ranges.iter().any(|r| r.max.is_none());
    let max = if open { None } else { ranges.iter().filter_map(|r| r.max).max() };
    VersionRange::new(min, max).intersect(&own).unwrap_or(own)
}

fn extension(schema: &Value) -> Option<String> {
    Some(schema.get(VERSIONS_KEY)?.get("extension")?.as_str()?.to_owned())
}

fn range(marks: &Value) -> VersionRange {
    let end = |key: &str| marks.get(key)?.as_str()?.parse().ok();
    VersionRange::new(end("min-ver"), end("max-ver"))
}
