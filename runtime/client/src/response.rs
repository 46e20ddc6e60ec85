//! What a call gives back.

use http::HeaderMap;
use squall_model::Microversion;

use crate::body::Body;

/// A response that was expected, validated and decoded.
#[derive(Debug, Clone)]
pub struct Response<T> {
    /// What was decoded.
    pub value: T,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The microversion that it was made at.
    pub version: Option<Microversion>,
    /// The service's id of the request.
    pub request_id: Option<String>,
    /// The body as it came, with what the type does not know.
    pub body: Body,
}

impl<T> Response<T> {
    /// Gives a header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Takes the value and drops the rest.
    pub fn into_value(self) -> T {
        self.value
    }

    /// Turns the value into another one.
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
