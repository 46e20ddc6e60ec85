//! A successful answer before the pipeline adds what every answer has.

use bytes::Bytes;
use serde_json::Value;

/// A successful answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: ReplyBody,
}

/// The body of a reply.
#[derive(Debug)]
pub(crate) enum ReplyBody {
    Empty,
    Json(Value),
    Bytes { content: Bytes, media_type: String },
}

impl Reply {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body: ReplyBody::Json(body) }
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: ReplyBody::Empty }
    }

    pub(crate) fn bytes(status: u16, content: impl Into<Bytes>, media_type: &str) -> Self {
        let body = ReplyBody::Bytes { content: content.into(), media_type: media_type.to_owned() };
        Self { status, headers: Vec::new(), body }
    }

    /// Adds a header.
    #[must_use]
    pub(crate) fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}
