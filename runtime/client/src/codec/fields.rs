//! The fields of an object, read and written one by one.

use serde_json::{Map, Value};

use super::{Decode, DecodeError, Encode};

/// An object whose fields are being read.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// Opens an object.
    ///
    /// # Errors
    /// A value that is no object.
    pub fn of(value: &'a Value) -> Result<Self, DecodeError> {
        value.as_object().map(Self).ok_or_else(|| DecodeError::new("an object", value))
    }

    /// Reads a field.
    ///
    /// # Errors
    /// A field of another shape, or one that is not there and has to be.
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
    /// Starts an empty object.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a field, unless it says that it is left out.
    pub fn put(&mut self, key: &str, value: &dyn Encode) {
        if !value.is_absent() {
            self.0.insert(key.to_owned(), value.encode());
        }
    }

    /// Gives the object.
    pub fn finish(self) -> Value {
        Value::Object(self.0)
    }
}
