//! Conversion between Rust values and JSON.
//!
//! A response is parsed once, because validation needs it as a [`Value`]; types
//! are then decoded from that value by [`Decode`]. This is deliberately not serde:
//! a generated crate has hundreds of types, and a [`Decode`] type costs the
//! compiler a fifth of what a derived `Deserialize` costs. Types defined with
//! [`record!`](crate::record) implement serde's traits too.

mod fields;
mod read;
mod record;
mod same;
mod write;

use std::fmt;

use serde_json::Value;
use squall_model::pointer::join;

pub use fields::{Fields, Members};
pub use read::Nullable;
pub use same::same;

/// A type that can be decoded from a JSON value.
pub trait Decode: Sized {
    /// Decodes the value.
    ///
    /// # Errors
    /// The value has another shape. Unknown fields are ignored.
    fn decode(value: &Value) -> Result<Self, DecodeError>;

    /// Returns the value of a missing field, or `None` if a missing field is an error.
    fn absent() -> Option<Self> {
        None
    }

    /// Returns what `null` means in an `Option` of this type.
    fn null() -> Option<Self> {
        None
    }
}

/// A type that can be encoded as a JSON value.
pub trait Encode {
    /// Encodes the value.
    fn encode(&self) -> Value;

    /// Whether a field with this value is left out of its object.
    fn is_absent(&self) -> bool {
        false
    }
}

/// A value that does not have the expected type, and its location.
///
/// It names the kind of the value found, never the value itself, which may be secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// The JSON pointer to the value, relative to where decoding started.
    pub pointer: String,
    /// What was expected, as in `a string`.
    pub expected: String,
    /// What was found, as in `a number`.
    pub found: String,
}

impl DecodeError {
    /// Creates an error that names the kind of `value`.
    pub fn new(expected: impl Into<String>, value: &Value) -> Self {
        Self { pointer: String::new(), expected: expected.into(), found: kind(value).to_owned() }
    }

    /// Creates an error from two descriptions.
    pub fn other(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { pointer: String::new(), expected: expected.into(), found: found.into() }
    }

    /// Prepends a key or an index to the pointer.
    #[must_use]
    pub fn inside(mut self, step: impl fmt::Display) -> Self {
        self.pointer.insert_str(0, &join("", step));
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "the body" } else { &self.pointer };
        write!(f, "{place}: expected {}, found {}", self.expected, self.found)
    }
}

impl std::error::Error for DecodeError {}

/// Returns the kind of a value, with its article.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Deserializes any [`Decode`] type with serde, by way of a [`Value`].
pub fn through_value<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Decode,
    D: serde::Deserializer<'de>,
{
    let value = <Value as serde::Deserialize>::deserialize(deserializer)?;
    T::decode(&value).map_err(serde::de::Error::custom)
}

/// Formats a record as its name and the fields that are set, without secrets.
pub fn show(name: &str, value: &dyn Encode, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let value = crate::redact::json(&value.encode());
    let mut out = f.debug_struct(name);
    for (key, value) in value.as_object().into_iter().flatten() {
        out.field(key, &format_args!("{value}"));
    }
    out.finish()
}
