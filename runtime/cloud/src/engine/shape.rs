//! The form of an answer: what its schema declares at the request's microversion.
//!
//! A resource is kept with all of its fields. Its answer has those that the schema declares,
//! and a required one that the resource lacks if there is a value that says "none" (`null`, an
//! empty list, an empty object). An answer that does not match its schema even so is no
//! answer: the description does not suffice, and a handler has to say what is missing.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value, json};
use squall_client::OperationRef;
use squall_client::body::Body;
use squall_model::pointer::keys;
use squall_model::{BodySchema, Method, OperationSchemas};

use super::answer::{ServiceAnswer, ServiceFault};
use super::request::ServiceRequest;

impl ServiceRequest<'_> {
    /// Returns the answer with a body, in the form that the operation's schema declares.
    pub(super) fn answered(&self, body: Value) -> Result<ServiceAnswer, ServiceFault> {
        self.answered_with(body, None)
    }

    /// Returns the answer with a body and the link to the next page, in the form that the
    /// operation's schema declares.
    pub(super) fn answered_with(
        &self,
        mut body: Value,
        next: Option<NextLink>,
    ) -> Result<ServiceAnswer, ServiceFault> {
        let (status, version) = (self.success(), self.version());
        let schemas = self.schemas()?;
        let declared = schemas.response(status, version).map(|response| &response.body);
        let schema = match declared {
            Some(BodySchema::None) => return Ok(ServiceAnswer::empty(status)),
            _ if self.context.operation.method == Method::Head => {
                return Ok(ServiceAnswer::empty(status));
            }
            Some(BodySchema::Described { schema, .. }) => schema.at(version),
            Some(BodySchema::Unknown) | None => None,
        };
        if let Some(schema) = &schema {
            fit(schema, schema, &mut body);
        }
        if let (Some(NextLink { at, url }), Value::Object(fields)) = (next, &mut body) {
            let declared = schema.as_ref().and_then(|schema| inner(schema, schema, at));
            let listed = declared.is_some_and(|declared| is_of(declared, "array"));
            let link = if listed { json!([{"rel": "next", "href": url}]) } else { url.into() };
            set(fields, at, link);
        }
        if schema.is_some() {
            let operation = OperationRef::from(self.context.operation);
            let sent = Body::received(Bytes::from(body.to_string()), Some("application/json"));
            let outcome = self.validators.response(&operation, status, version, &sent);
            let outcome = outcome.map_err(|error| self.unreadable(&error))?;
            if let Some(first) = outcome.violations.first() {
                let why = format!("its answer would not match its schema at `{}`", first.pointer);
                return Err(self.unanswerable(&format!("{why}: {}", first.message)));
            }
        }
        Ok(ServiceAnswer::json(status, body))
    }

    /// Returns the fields that the schema of the answer declares for the items of its list.
    pub(super) fn declared_fields(
        &self,
        collection: &str,
    ) -> Result<BTreeSet<String>, ServiceFault> {
        let (status, version) = (self.success(), self.version());
        let schemas = self.schemas()?;
        let schema = schemas.response(status, version).and_then(|found| found.body.schema());
        let Some(schema) = schema.and_then(|schema| schema.at(version)) else {
            return Ok(BTreeSet::new());
        };
        let list = inner(&schema, &schema, collection);
        let item = list.and_then(|list| list.get("items")).map(|item| resolved(item, &schema));
        let alternatives = item.into_iter().flat_map(|item| alternatives(item, &schema));
        let properties = alternatives.filter_map(|one| one.get("properties")?.as_object());
        Ok(properties.flat_map(Map::keys).cloned().collect())
    }

    fn schemas(&self) -> Result<Arc<OperationSchemas>, ServiceFault> {
        let operation = OperationRef::from(self.context.operation);
        self.validators.schemas(&operation).map_err(|error| self.unreadable(&error))
    }

    fn unreadable(&self, error: &squall_client::Error) -> ServiceFault {
        let id = self.operation();
        ServiceFault::new(500, format!("The schemas of {id} are faulty: {error}"))
    }
}

/// The link to the next page of a list.
pub(super) struct NextLink {
    /// The JSON pointer to its place in the body.
    pub(super) at: &'static str,
    pub(super) url: String,
}

/// Returns the schema of what a pointer leads to, in objects.
fn inner<'s>(schema: &'s Value, root: &'s Value, pointer: &str) -> Option<&'s Value> {
    keys(pointer).try_fold(resolved(schema, root), |schema, key| {
        let mut all = alternatives(schema, root).into_iter();
        let property = all.find_map(|one| one.get("properties")?.get(&key))?;
        Some(resolved(property, root))
    })
}

/// Puts a value where a pointer leads to, in objects.
pub(super) fn at(pointer: &str, value: Value) -> Value {
    keys(pointer).rev().fold(value, |inner, key| Value::Object(Map::from_iter([(key, inner)])))
}

/// Sets what a pointer leads to, making the objects on its way.
pub(super) fn set(fields: &mut Map<String, Value>, pointer: &str, value: Value) {
    let mut keys: Vec<String> = keys(pointer).collect();
    let Some(last) = keys.pop() else { return };
    let mut map = fields;
    for key in keys {
        let inner = map.entry(key).or_insert_with(|| Value::Object(Map::new()));
        if !inner.is_object() {
            *inner = Value::Object(Map::new());
        }
        let Value::Object(inner) = inner else { return };
        map = inner;
    }
    map.insert(last, value);
}

/// Removes from a value what a schema does not declare, and adds what says "none".
fn fit(schema: &Value, root: &Value, value: &mut Value) {
    let schema = alternative(resolved(schema, root), root, value);
    match value {
        Value::Object(fields) => {
            let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
                return;
            };
            let others = schema.get("additionalProperties");
            let open = others.is_some_and(|others| *others != Value::Bool(false))
                || schema.get("patternProperties").is_some()
                || schema.get("allOf").is_some();
            if !open {
                fields.retain(|name, _| properties.contains_key(name));
            }
            let required = schema.get("required").and_then(Value::as_array);
            for name in required.into_iter().flatten().filter_map(Value::as_str) {
                let none = properties.get(name).and_then(|property| none(property, root));
                if let (false, Some(none)) = (fields.contains_key(name), none) {
                    fields.insert(name.to_owned(), none);
                }
            }
            for (name, inner) in fields {
                if let Some(property) = properties.get(name) {
                    fit(property, root, inner);
                }
            }
        }
        Value::Array(items) => {
            let Some(schema) = schema.get("items") else { return };
            for item in items {
                fit(schema, root, item);
            }
        }
        _ => {}
    }
}

/// Follows a reference within a schema.
fn resolved<'s>(mut schema: &'s Value, root: &'s Value) -> &'s Value {
    // More would be a circle.
    for _ in 0..16 {
        let reference = schema.get("$ref").and_then(Value::as_str);
        match reference.and_then(|reference| root.pointer(reference.strip_prefix('#')?)) {
            Some(found) => schema = found,
            None => break,
        }
    }
    schema
}

/// Returns the alternatives of a schema; itself, if it has none.
fn alternatives<'s>(schema: &'s Value, root: &'s Value) -> Vec<&'s Value> {
    let all = ["anyOf", "oneOf"].iter().find_map(|key| schema.get(*key)?.as_array());
    all.map_or_else(|| vec![schema], |all| all.iter().map(|one| resolved(one, root)).collect())
}

/// Returns the first alternative of a schema that is of a value's type.
fn alternative<'s>(schema: &'s Value, root: &'s Value, value: &Value) -> &'s Value {
    let wanted = match value {
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        _ => return schema,
    };
    alternatives(schema, root).into_iter().find(|one| is_of(one, wanted)).unwrap_or(schema)
}

/// Returns the value that says "none" to a schema, if there is one.
fn none(schema: &Value, root: &Value) -> Option<Value> {
    let all = alternatives(resolved(schema, root), root);
    let takes = |name: &str| all.iter().any(|one| is_of(one, name));
    if takes("null") {
        return Some(Value::Null);
    }
    if takes("array") {
        return Some(Value::Array(Vec::new()));
    }
    takes("object").then(|| Value::Object(Map::new()))
}

fn is_of(schema: &Value, name: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(one)) => one == name,
        Some(Value::Array(several)) => several.iter().any(|one| one == name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_what_its_schema_declares() {
        let schema = json!({
            "type": "object",
            "properties": {"keys": {"type": "array", "items": {"$ref": "#/$defs/Key"}}},
            "required": ["keys", "links"],
            "$defs": {"Key": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "owner": {"anyOf": [{"$ref": "#/$defs/OwnedBy"}, {"type": "null"}]},
                    "tags": {"type": "array"},
                    "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
                    "expires_at": {"type": ["string", "null"]},
                    "print": {"type": "string"},
                },
                "required": ["name", "tags", "metadata", "expires_at", "print"],
            }, "OwnedBy": {"type": "object", "properties": {"id": {"type": "string"}}}},
        });
        let mut body = json!({"keys": [{
            "name": "a", "secret": 1, "owner": {"id": "b", "secret": 1}, "metadata": {"x": "y"},
        }]});
        fit(&schema, &schema, &mut body);
        let key = json!({
            "name": "a", "owner": {"id": "b"}, "tags": [], "metadata": {"x": "y"},
            "expires_at": null,
        });
        assert_eq!(body, json!({ "keys": [key] }), "`print` cannot be made up");
    }

    #[test]
    fn pointers_lead_through_objects_that_are_made() {
        assert_eq!(at("/a/b~1c", json!(1)), json!({"a": {"b/c": 1}}));
        assert_eq!(at("", json!([])), json!([]));
        let mut fields = Map::from_iter([("a".to_owned(), json!({"x": 1}))]);
        set(&mut fields, "/a/b", json!(2));
        set(&mut fields, "/c/d", json!(3));
        assert_eq!(Value::Object(fields), json!({"a": {"x": 1, "b": 2}, "c": {"d": 3}}));
    }
}
