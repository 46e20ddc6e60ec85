//! The decoders for a call's response.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::body::Content;
use crate::codec::{Decode, DecodeError};
use crate::redact;

/// Decodes a value from a response body.
pub type Decoder<T> = fn(Content<'_>) -> Result<T, DecodeError>;

/// Decodes a type that implements [`Decode`].
pub fn json<T: Decode>(content: Content<'_>) -> Result<T, DecodeError> {
    match content.json {
        Some(value) => T::decode(value),
        None if content.bytes.is_empty() => {
            T::absent().ok_or_else(|| DecodeError::other("JSON", "nothing"))
        }
        None => Err(DecodeError::other("JSON", content.problem())),
    }
}

/// Decodes a type that implements serde's `Deserialize`.
pub fn serde<T: DeserializeOwned>(content: Content<'_>) -> Result<T, DecodeError> {
    let value = match content.json {
        Some(value) => value,
        None if content.bytes.is_empty() => &Value::Null,
        None => return Err(DecodeError::other("JSON", content.problem())),
    };
    T::deserialize(value).map_err(|error| {
        let name = std::any::type_name::<T>().rsplit("::").next().unwrap_or_default();
        DecodeError::other(format!("a `{name}`"), redact::quoted(&error.to_string()))
    })
}

/// Returns the bytes as received.
pub fn bytes(content: Content<'_>) -> Result<Bytes, DecodeError> {
    Ok(content.bytes.clone())
}

/// Ignores the body.
pub fn nothing(_: Content<'_>) -> Result<(), DecodeError> {
    Ok(())
}
