//! The result of a call.

use http::HeaderMap;
use squall_model::Microversion;

use crate::body::Body;

/// A successful response, validated and decoded.
#[derive(Debug, Clone)]
pub struct Response<T> {
    /// The decoded value.
    pub value: T,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The microversion of the response.
    pub version: Option<Microversion>,
    /// The service's request id.
    pub request_id: Option<String>,
    /// The body as received, including fields that the type does not have.
    pub body: Body,
}

impl<T> Response<T> {
    /// Returns a header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns the value and drops the rest.
    pub fn into_value(self) -> T {
        self.value
    }

    /// Maps the value.
    pub fn map<U>(self, turn: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            value: turn(self.value),
            status: self.status,
            headers: self.headers,
            version: self.version,
            request_id: self.request_id,
            body: self.body,
        }
    }
}
