//! A request and its response as evidence: bounded and without secrets.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use squall_model::{Finding, Microversion};

/// How the text of a body ends that was cut, after the number of characters that are left out.
pub const CUT: &str = " characters more)";

/// How the body of a response was checked against its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checked {
    /// Not checked: validation was off, or no response came.
    #[default]
    Off,
    /// Not checked: no spec describes the response.
    Unknown,
    /// It matches.
    Matches,
    /// It does not match; see [`Exchange::violations`].
    Violates,
}

/// One attempt to send a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Exchange {
    /// The operation's id; `session.…` for a session's own requests
    /// (`session.authenticate`, `session.discover`, `session.revoke`).
    pub operation: String,
    /// The session's label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// The HTTP method.
    pub method: String,
    /// The whole URL, without secrets.
    pub url: String,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// When it was sent.
    pub started: Timestamp,
    /// How long it took.
    pub duration_ms: u64,
    /// The requested microversion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_version: Option<Microversion>,
    /// The microversion that the response was validated at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Microversion>,
    /// The status, if a response came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The service's request id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Why no response came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// The request's headers, without secrets.
    pub request_headers: BTreeMap<String, String>,
    /// The request's body, without secrets, cut to a bounded length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_body: Option<String>,
    /// The response's headers, without secrets.
    pub response_headers: BTreeMap<String, String>,
    /// The response's body, without secrets, cut to a bounded length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_body: Option<String>,
    /// How the response was checked against its schema.
    pub checked: Checked,
    /// Whether there is a schema for this version and the response matches it.
    pub validated: bool,
    /// All violations of the schema.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Finding>,
    /// The call's notes, which are never sent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<String, String>,
}
