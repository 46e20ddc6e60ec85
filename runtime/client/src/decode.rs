//! The decoders that a call may be given.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::body::Content;
use crate::codec::{Decode, DecodeError};
use crate::redact;

/// Reads a value from what came back.
pub type Decoder<T> = fn(Content<'_>) -> Result<T, DecodeError>;

/// Reads a type that has [`Decode`].
pub fn json<T: Decode>(content: Content<'_>) -> Result<T, DecodeError> {
    match content.json {
        Some(value) => T::decode(value),
        None if content.bytes.is_empty() => {
            T::absent().ok_or_else(|| DecodeError::other("JSON", "nothing"))
        }
        None => Err(DecodeError::other("JSON", "something else")),
    }
}

/// Reads a type that has serde's `Deserialize`.
pub fn serde<T: DeserializeOwned>(content: Content<'_>) -> Result<T, DecodeError> {
    let value = match content.json {
        Some(value) => value,
        None if content.bytes.is_empty() => &Value::Null,
        None => return Err(DecodeError::other("JSON", "something else")),
    };
    T::deserialize(value).map_err(|error| {
        let name = std::any::type_name::<T>().rsplit("::").next().unwrap_or_default();
        DecodeError::other(format!("a `{name}`"), redact::quoted(&error.to_string()))
    })
}

/// Takes the bytes as they came.
pub fn bytes(content: Content<'_>) -> Result<Bytes, DecodeError> {
    Ok(content.bytes.clone())
}

/// Looks at nothing.
pub fn nothing(_: Content<'_>) -> Result<(), DecodeError> {
    Ok(())
}
