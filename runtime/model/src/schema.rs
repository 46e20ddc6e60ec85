//! The schemas of one operation: request body, query, headers, and responses by status.
//!
//! Three states of a body are always distinguished: none, unknown, and described. What a
//! service's operations share, the forms of its errors and the headers of every message, is
//! beside them in [`SharedSchemas`].

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{HeaderSchema, Merged, Microversion, Origins, VersionRange};

/// What is known about a body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
// With a tag inside, each schema would be read twice.
#[serde(rename_all = "kebab-case")]
pub enum BodySchema {
    /// There is no body.
    None,
    /// Upstream does not say whether there is a body, or what it contains.
    Unknown,
    /// The body is described.
    Described {
        /// Its media type, `application/json` as a rule.
        media_type: String,
        /// Its schema for all versions; for a media type other than JSON, a schema of the
        /// bytes as a string.
        schema: Merged,
    },
}

impl BodySchema {
    /// Returns the merged schema, if there is one.
    pub fn schema(&self) -> Option<&Merged> {
        match self {
            Self::Described { schema, .. } => Some(schema),
            Self::None | Self::Unknown => None,
        }
    }
}

/// The response body for one status.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ResponseSchema {
    /// The status.
    pub status: u16,
    /// The versions with this response.
    #[serde(default)]
    pub versions: VersionRange,
    /// What is known about the body.
    pub body: BodySchema,
    /// Its headers, beyond those that every response of the service has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<HeaderSchema>,
}

impl ResponseSchema {
    /// Creates the response for a status at every version, without headers of its own.
    pub fn new(status: u16, body: BodySchema) -> Self {
        Self { status, versions: VersionRange::ALL, body, headers: Vec::new() }
    }
}

/// What is known about the body of an error.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorBody {
    /// There is no body.
    None,
    /// The spec does not describe it.
    #[default]
    Unknown,
    /// The body has one of these media types. A schema of one that is not JSON is of the text.
    Described {
        /// The schemas by media type.
        content: BTreeMap<String, Merged>,
        /// Whether there may be no body as well.
        #[serde(default, skip_serializing_if = "is_false")]
        optional: bool,
    },
}

/// The form of an error response.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ErrorForm {
    /// The body.
    #[serde(default)]
    pub body: ErrorBody,
    /// Its headers, beyond those that every response of the service has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<HeaderSchema>,
}

impl ErrorForm {
    /// Returns the versions at which the body or a header changes.
    pub fn boundaries(&self) -> BTreeSet<Microversion> {
        let mut found: BTreeSet<_> =
            self.headers.iter().flat_map(HeaderSchema::boundaries).collect();
        if let ErrorBody::Described { content, .. } = &self.body {
            found.extend(content.values().flat_map(Merged::boundaries));
        }
        found
    }
}

/// Where the form of an error response is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormSource {
    /// The form of the service with this name.
    Shared(String),
    /// The operation's own form.
    Own(ErrorForm),
}

/// An error response of an operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ErrorSchema {
    /// The status.
    pub status: u16,
    /// The versions with this response.
    #[serde(default, skip_serializing_if = "VersionRange::is_all")]
    pub versions: VersionRange,
    /// Its form.
    pub form: FormSource,
}

/// What the operations of a service share.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SharedSchemas {
    /// The forms of error responses, by name.
    #[serde(default)]
    pub forms: BTreeMap<String, ErrorForm>,
    /// The headers that every request may have.
    #[serde(default)]
    pub request_headers: Vec<HeaderSchema>,
    /// The headers of every response, of success and of failure.
    #[serde(default)]
    pub response_headers: Vec<HeaderSchema>,
}

/// The schemas of an operation's messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OperationSchemas {
    /// The request body; for an action, the whole body including the action's key.
    pub request: BodySchema,
    /// The query string as an object of parameters, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<Merged>,
    /// Whether the service is known to read no query parameter.
    #[serde(default, skip_serializing_if = "is_false")]
    pub no_query: bool,
    /// The responses of success, by status.
    #[serde(default)]
    pub responses: Vec<ResponseSchema>,
    /// The error responses, by status.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ErrorSchema>,
    /// The headers that requests may have, beyond those of every request of the service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub request_headers: Vec<HeaderSchema>,
    /// Where the description comes from.
    #[serde(default)]
    pub origins: Origins,
}

impl Default for OperationSchemas {
    fn default() -> Self {
        Self {
            request: BodySchema::Unknown,
            query: None,
            no_query: false,
            responses: Vec::new(),
            errors: Vec::new(),
            request_headers: Vec::new(),
            origins: Origins::default(),
        }
    }
}

impl OperationSchemas {
    /// Returns the response for a status at a version, if there is one.
    pub fn response(&self, status: u16, version: Option<Microversion>) -> Option<&ResponseSchema> {
        self.responses.iter().find(|r| r.status == status && r.versions.contains(version))
    }

    /// Returns the error response for a status at a version, if one is declared.
    pub fn error(&self, status: u16, version: Option<Microversion>) -> Option<&ErrorSchema> {
        self.errors.iter().find(|e| e.status == status && e.versions.contains(version))
    }
}

impl ErrorSchema {
    /// Returns the form, which may be one of the service's.
    pub fn form<'a>(&'a self, shared: &'a SharedSchemas) -> Option<&'a ErrorForm> {
        match &self.form {
            FormSource::Shared(name) => shared.forms.get(name),
            FormSource::Own(form) => Some(form),
        }
    }
}

/// Returns the type of a JSON value, as a schema names it.
pub fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}
