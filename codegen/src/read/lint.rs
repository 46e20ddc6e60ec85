//! The typed reading of a document, and what it loses.
//!
//! `openapiv3` drops what it does not know without a word, and names the wrong
//! place when it cannot read on. So what was read is written again and compared
//! with the raw value; and where reading fails, the innermost part that fails
//! is looked for.

use openapiv3::{OpenAPI, Operation, ReferenceOr, Schema};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::known::{self, Place};
use crate::diagnostic::{Diagnostics, pointer};
use crate::spelling;

/// Reads a whole document.
pub(super) fn document(raw: &Value, sink: &mut Diagnostics) -> Option<OpenAPI> {
    let typed = typed(raw, "", sink);
    if typed.is_none() {
        // Nothing will be lowered, and what is wrong with a schema is still to be told.
        schemas(raw, "", Place::Document, sink);
    }
    typed
}

/// Reads every outermost schema for what is wrong with it.
fn schemas(raw: &Value, at: &str, place: Place, sink: &mut Diagnostics) {
    for (inner, at, place) in known::parts(raw, at, place) {
        match place {
            Place::Schema => drop(spelling::read(inner, &at, sink)),
            _ => schemas(inner, &at, place, sink),
        }
    }
}

/// Reads an operation-shaped value that stands under `x-openstack`.
pub fn operation(raw: &Value, at: &str, sink: &mut Diagnostics) -> Option<Operation> {
    typed(raw, at, sink)
}

fn typed<T>(raw: &Value, at: &str, sink: &mut Diagnostics) -> Option<T>
where
    T: DeserializeOwned + Serialize + Kind,
{
    match T::deserialize(raw) {
        Ok(typed) => {
            if let Ok(again) = serde_json::to_value(&typed) {
                compare(raw, &again, at, sink);
            }
            Some(typed)
        }
        Err(error) => {
            if !innermost(raw, at, T::PLACE, sink) {
                sink.error(at, error.to_string(), "compare it with the OpenAPI 3.0.3 form");
            }
            None
        }
    }
}

/// The place that a type describes, for the walk to what fails in it.
trait Kind {
    const PLACE: Place;
}

impl Kind for OpenAPI {
    const PLACE: Place = Place::Document;
}

impl Kind for Operation {
    const PLACE: Place = Place::Operation;
}

/// Reports the parts that cannot be read and have no such part inside; tells
/// whether there was one.
fn innermost(raw: &Value, at: &str, place: Place, sink: &mut Diagnostics) -> bool {
    let mut found = false;
    for (inner, at, inner_place) in known::parts(raw, at, place) {
        found |= innermost(inner, &at, inner_place, sink);
    }
    if found {
        return true;
    }
    let error = match place {
        Place::Schema => error_of::<ReferenceOr<Schema>>(raw),
        Place::Operation => error_of::<Operation>(raw),
        Place::Document | Place::Other => None,
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

/// Compares what was read with what is there, and reports what was lost.
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
            format!("this is read as {again}, which is something else"),
            "write it in the form that OpenAPI 3.0.3 gives for this place",
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
            None if reference => sink.error(
                at,
                format!("`{key}` beside `$ref` is dropped in OpenAPI 3.0"),
                "write `allOf: [{$ref: …}]` and the rest, a version range under `x-openstack`, beside it",
            ),
            None => {
                let (message, help) = known::dropped(key);
                sink.error(at, message, help);
            }
        }
    }
}

/// Tells whether leaving the key out says the same: the canonicalisation of the comparison.
fn is_default(key: &str, value: &Value) -> bool {
    match value {
        Value::Bool(false) => known::FALSE_BY_DEFAULT.contains(&key),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Null => true,
        _ => false,
    }
}
