//! The body of a response, as received.

mod broken;

use std::fmt;

use bytes::Bytes;
use serde_json::Value;

use crate::redact;

/// The body of a response: its bytes, and the JSON value if they are JSON.
#[derive(Clone, PartialEq, Default)]
pub struct Body {
    bytes: Bytes,
    json: Option<Value>,
}

impl Body {
    /// Creates a body from the bytes received and their media type.
    ///
    /// JSON is read where the media type says so, and where what is said to be a page
    /// or plain text, or nothing at all, begins as an object or a list does: some
    /// services send JSON under the default type of their framework (cinder 29.0.0,
    /// `cinder.api.v3.volume_metadata.VolumeMetadataController.index`, from 3.15 on).
    /// What claims to be JSON and is not stays bytes.
    pub fn received(bytes: Bytes, media_type: Option<&str>) -> Self {
        let claims = match media_type {
            Some(media_type) if is_json(media_type) => !bytes.is_empty(),
            Some(media_type) if !media_type.trim_start().starts_with("text/") => false,
            _ => bytes.first().is_some_and(|first| matches!(first, b'{' | b'[')),
        };
        let json = if claims { serde_json::from_slice(&bytes).ok() } else { None };
        Self { bytes, json }
    }

    /// Returns the JSON value, if the body is JSON.
    pub fn json(&self) -> Option<&Value> {
        self.json.as_ref()
    }

    /// Returns the bytes as received.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Returns the value at a JSON pointer, if there is one.
    ///
    /// ```
    /// # use squall_client::Body;
    /// let body = Body::from(serde_json::json!({"server": {"id": "42"}}));
    /// assert_eq!(body.at("/server/id").unwrap(), "42");
    /// ```
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.json()?.pointer(pointer)
    }

    /// Returns why the body is not JSON, as it reads after "found": a byte order mark, an
    /// HTML page, text that was cut off. `None` if it is JSON.
    ///
    /// ```
    /// # use squall_client::{Body, Bytes};
    /// let body = Body::received(Bytes::from_static(b"{\"a\": NaN}"), Some("application/json"));
    /// let problem = body.problem().unwrap();
    /// assert_eq!(problem, "`NaN` at line 1, column 7, which JSON does not have");
    /// ```
    pub fn problem(&self) -> Option<String> {
        self.json.is_none().then(|| broken::describe(&self.bytes))
    }

    /// Whether the body is empty.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Returns what a decoder reads: the whole body.
    pub fn content(&self) -> Content<'_> {
        Content { json: self.json.as_ref(), bytes: &self.bytes }
    }
}

/// Shows JSON without secrets, and only the size of anything else.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.json {
            Some(json) => f.write_str(&redact::mask_json(&redact::json(json).to_string())),
            None => write!(f, "{} bytes", self.bytes.len()),
        }
    }
}

impl From<Value> for Body {
    fn from(value: Value) -> Self {
        Self { bytes: Bytes::from(value.to_string()), json: Some(value) }
    }
}

/// What a decoder reads.
#[derive(Clone, Copy)]
pub struct Content<'a> {
    /// The JSON value: the whole body, or the value under the call's envelope.
    pub json: Option<&'a Value>,
    /// The bytes of the whole body.
    pub bytes: &'a Bytes,
}

impl Content<'_> {
    /// Returns what the bytes are instead of JSON, as it reads after "found".
    pub(crate) fn problem(&self) -> String {
        broken::describe(self.bytes)
    }
}

/// Whether a media type is JSON.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json") || essence.ends_with("/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_stay_as_they_came_even_where_they_are_json() {
        let raw = Bytes::from_static(b"{ \"a\" : 1 }");
        let body = Body::received(raw.clone(), Some("application/json; charset=UTF-8"));
        assert_eq!((body.bytes(), body.at("/a").unwrap().as_i64()), (&raw, Some(1)));
    }

    #[test]
    fn json_under_the_label_of_a_page_is_json() {
        for label in [Some("text/html; charset=UTF-8"), None] {
            let body = Body::received(Bytes::from_static(b"{\"metadata\": {}}"), label);
            assert!(body.at("/metadata").is_some(), "{label:?}");
        }
        let object = Body::received(Bytes::from_static(b"{}"), Some("application/octet-stream"));
        assert_eq!(object.json(), None);
    }

    #[test]
    fn what_only_claims_to_be_json_is_bytes() {
        let body = Body::received(Bytes::from_static(b"<html>"), Some("application/json"));
        assert_eq!(body.json(), None);
        assert!(!body.is_empty());
    }
}
