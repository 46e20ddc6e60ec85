//! What was sent and what came back, as evidence: bounded and without secrets.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use squall_model::{Finding, Microversion};

/// How the body of a response was held against its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checked {
    /// Not at all: validation was off, or no response came.
    #[default]
    Off,
    /// Not at all: no spec describes the response.
    Unknown,
    /// It was, and matched.
    Matches,
    /// It was, and [`Exchange::violations`] says what is wrong.
    Violates,
}

/// One attempt at a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Exchange {
    /// The operation's id; `session.…` for what a session does by itself
    /// (`session.authenticate`, `session.discover`, `session.revoke`).
    pub operation: String,
    /// Who asked: the session's label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// The HTTP method.
    pub method: String,
    /// The whole URL, secrets in its query hidden.
    pub url: String,
    /// Which attempt at the call it was, from 1.
    pub attempt: u32,
    /// When it was sent.
    pub started: Timestamp,
    /// How long it took.
    pub duration_ms: u64,
    /// The microversion that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_version: Option<Microversion>,
    /// The microversion that the response was made at, and validated at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Microversion>,
    /// The status, where a response came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The service's id of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Why no response came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// The request's headers, secrets hidden.
    pub request_headers: BTreeMap<String, String>,
    /// The request's body, secrets hidden, cut to a bounded length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_body: Option<String>,
    /// The response's headers, secrets hidden.
    pub response_headers: BTreeMap<String, String>,
    /// The response's body, secrets hidden, cut to a bounded length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_body: Option<String>,
    /// How the response was held against its schema.
    pub checked: Checked,
    /// Whether a schema of this version was there and the response matched it.
    pub validated: bool,
    /// Everything in which the response does not match.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Finding>,
    /// The notes that the call was given; they are never sent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<String, String>,
}
