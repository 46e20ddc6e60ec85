//! How Rust values come out of JSON and go into it.
//!
//! A response is parsed once, because validation needs it as a [`Value`]; types
//! are then read from that value by [`Decode`]. It is deliberately not serde:
//! a generated crate has hundreds of types, and a type costs the compiler a
//! fifth of what a derived `Deserialize` costs. Types that
//! [`record!`](crate::record) makes are at home in serde's world all the same.

mod fields;
mod read;
mod record;
mod write;

use std::fmt;

use serde_json::Value;

pub use fields::{Fields, Members};
pub use read::Nullable;

/// A type that can be read from a JSON value.
pub trait Decode: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// A value of another shape; fields that the type does not know are no error.
    fn decode(value: &Value) -> Result<Self, DecodeError>;

    /// Gives what stands for a field that is not there, or `None` where that is
    /// an error.
    fn absent() -> Option<Self> {
        None
    }

    /// Gives what `null` means to an `Option` of this type.
    fn null() -> Option<Self> {
        None
    }
}

/// A type that can be written as a JSON value.
pub trait Encode {
    /// Writes the value.
    fn encode(&self) -> Value;

    /// Tells whether a field of this value is left out of its object.
    fn is_absent(&self) -> bool {
        false
    }
}

/// A value that is not what a type expects, and where it stands.
///
/// It tells the kind of what was found and never the value, which may be secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// The JSON pointer to the value, from where decoding started.
    pub pointer: String,
    /// What was expected, as in `a string`.
    pub expected: String,
    /// What stood there, as in `a number`.
    pub found: String,
}

impl DecodeError {
    /// Says that `value` is not what was expected.
    pub fn new(expected: impl Into<String>, value: &Value) -> Self {
        Self { pointer: String::new(), expected: expected.into(), found: kind(value).to_owned() }
    }

    /// Says what was expected and found in words.
    pub fn other(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { pointer: String::new(), expected: expected.into(), found: found.into() }
    }

    /// Puts a key or an index in front of the pointer.
    #[must_use]
    pub fn inside(mut self, step: impl fmt::Display) -> Self {
        let step = step.to_string().replace('~', "~0").replace('/', "~1");
        self.pointer.insert_str(0, &format!("/{step}"));
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

/// Names the kind of a value.
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

/// Reads any [`Decode`] type through serde, by way of a [`Value`].
pub fn through_value<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Decode,
    D: serde::Deserializer<'de>,
{
    let value = <Value as serde::Deserialize>::deserialize(deserializer)?;
    T::decode(&value).map_err(serde::de::Error::custom)
}

/// Shows a record as its name and the fields that are there, secrets hidden.
pub fn show(name: &str, value: &dyn Encode, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let value = crate::redact::json(&value.encode());
    let mut out = f.debug_struct(name);
    for (key, value) in value.as_object().into_iter().flatten() {
        out.field(key, &format_args!("{value}"));
    }
    out.finish()
}
