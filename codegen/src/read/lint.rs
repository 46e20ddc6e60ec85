//! Reads a document into `openapiv3` types and reports what would be lost.
//!
//! `openapiv3` silently drops keys it does not know, and its errors name the wrong place.
//! So the typed value is serialized again and compared with the raw one, and where reading
//! fails, the innermost node that fails is reported.

use openapiv3::{Header, OpenAPI, Operation, ReferenceOr, Schema};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::known::{self, NodeKind};
use crate::diagnostic::{Diagnostics, pointer};
use crate::spelling;

/// Reads a whole document.
pub(super) fn document(raw: &Value, sink: &mut Diagnostics) -> Option<OpenAPI> {
    let typed = typed(raw, "", sink);
    if typed.is_none() {
        // Nothing will be lowered, but errors inside schemas are still to be reported.
        schemas(raw, "", NodeKind::Document, sink);
    }
    typed
}

/// Reads every outermost schema, for its errors only.
fn schemas(raw: &Value, at: &str, kind: NodeKind, sink: &mut Diagnostics) {
    for (inner, at, kind) in known::children(raw, at, kind) {
        match kind {
            NodeKind::Schema => drop(spelling::read(inner, &at, sink)),
            _ => schemas(inner, &at, kind, sink),
        }
    }
}

/// Reads an operation object that is under `x-openstack`.
pub fn operation(raw: &Value, at: &str, sink: &mut Diagnostics) -> Option<Operation> {
    typed(raw, at, sink)
}

/// Reads a header object that is under `x-openstack`.
pub fn header(raw: &Value, at: &str, sink: &mut Diagnostics) -> Option<Header> {
    typed(raw, at, sink)
}

fn typed<T>(raw: &Value, at: &str, sink: &mut Diagnostics) -> Option<T>
where
    T: DeserializeOwned + Serialize + Node,
{
    match T::deserialize(raw) {
        Ok(typed) => {
            if let Ok(again) = serde_json::to_value(&typed) {
                compare(raw, &again, at, sink);
            }
            Some(typed)
        }
        Err(error) => {
            if !innermost(raw, at, T::KIND, sink) {
                sink.error(
                    at,
                    error.to_string(),
                    "compare it with the OpenAPI 3.0.3 specification",
                );
            }
            None
        }
    }
}

/// The kind of node that a type represents.
trait Node {
    const KIND: NodeKind;
}

impl Node for OpenAPI {
    const KIND: NodeKind = NodeKind::Document;
}

impl Node for Header {
    const KIND: NodeKind = NodeKind::Other;
}

impl Node for Operation {
    const KIND: NodeKind = NodeKind::Operation;
}

/// Reports the innermost nodes that cannot be read. Returns whether there was one.
fn innermost(raw: &Value, at: &str, kind: NodeKind, sink: &mut Diagnostics) -> bool {
    let mut found = false;
    for (inner, at, inner_kind) in known::children(raw, at, kind) {
        found |= innermost(inner, &at, inner_kind, sink);
    }
    if found {
        return true;
    }
    let error = match kind {
        NodeKind::Schema => error_of::<ReferenceOr<Schema>>(raw),
        NodeKind::Operation => error_of::<Operation>(raw),
        NodeKind::Document | NodeKind::Other => None,
    };
    let Some(error) = error else { return false };
    let (key, message, help) = known::explain(raw, &error);
    let at = if key.is_empty() { at.to_owned() } else { pointer(at, key) };
    sink.error(at, message, help);
    true
}

fn error_of<T: DeserializeOwned>(raw: &Value) -> Option<String> {
    T::deserialize(raw).err().map(|error| error.to_string())
}

/// Compares the raw value with what was read, and reports what was lost.
fn compare(raw: &Value, again: &Value, at: &str, sink: &mut Diagnostics) {
    match (raw, again) {
        (Value::Object(raw), Value::Object(again)) => objects(raw, again, at, sink),
        (Value::Array(raw), Value::Array(again)) if raw.len() == again.len() => {
            for (index, (raw, again)) in raw.iter().zip(again).enumerate() {
                compare(raw, again, &pointer(at, index), sink);
            }
        }
        (Value::Number(raw), Value::Number(again)) if raw.as_f64() == again.as_f64() => {}
        (raw, again) if raw == again => {}
        _ => sink.error(
            at,
            format!("this would be read as {again}"),
            "write it in the form that OpenAPI 3.0.3 specifies here",
        ),
    }
}

fn objects(raw: &Map<String, Value>, again: &Map<String, Value>, at: &str, sink: &mut Diagnostics) {
    let reference = raw.contains_key("$ref");
    for (key, value) in raw {
        let at = pointer(at, key);
        match again.get(key) {
            Some(again) if key != "x-openstack" => compare(value, again, &at, sink),
            Some(_) => {}
            None if is_default(key, value) || known::is_extra_method(key, &at) => {}
            None if reference && known::is_mark_of_response(&at) => {}
            None if reference => sink.error(
                at,
                format!("OpenAPI 3.0 ignores `{key}` beside `$ref`"),
                format!("write `allOf: [{{$ref: …}}]` and put `{key}` beside it; version marks go under `x-openstack`"),
            ),
            None => {
                let (message, help) = known::dropped(key);
                sink.error(at, message, help);
            }
        }
    }
}

/// Whether the value is the key's default, so that leaving it out means the same.
fn is_default(key: &str, value: &Value) -> bool {
    match value {
        Value::Bool(false) => known::FALSE_BY_DEFAULT.contains(&key),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Null => true,
        _ => false,
    }
}
