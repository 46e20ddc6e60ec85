//! Reading and writing the fields of an object.

use serde_json::{Map, Value};

use super::{Decode, DecodeError, Encode};

/// An object whose fields are being read.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// Wraps a value that must be an object.
    ///
    /// # Errors
    /// The value is not an object.
    pub fn of(value: &'a Value) -> Result<Self, DecodeError> {
        value.as_object().map(Self).ok_or_else(|| DecodeError::new("an object", value))
    }

    /// Decodes a field.
    ///
    /// # Errors
    /// The field has another shape, or is missing although it is required.
    pub fn get<T: Decode>(&self, key: &str) -> Result<T, DecodeError> {
        match self.0.get(key) {
            Some(value) => T::decode(value).map_err(|error| error.inside(key)),
            None => {
                T::absent().ok_or_else(|| DecodeError::other("a value", "no such key").inside(key))
            }
        }
    }
}

/// An object that is being written.
#[derive(Debug, Default)]
pub struct Members(Map<String, Value>);

impl Members {
    /// Creates an empty object.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a field, unless its value is left out.
    pub fn put(&mut self, key: &str, value: &dyn Encode) {
        if !value.is_absent() {
            self.0.insert(key.to_owned(), value.encode());
        }
    }

    /// Returns the object.
    pub fn finish(self) -> Value {
        Value::Object(self.0)
    }
}
