//! The schemas of one operation: request body, query, and responses by status.
//!
//! Three states of a body are always distinguished: none, unknown, and described.

use serde::{Deserialize, Serialize};

use crate::{Merged, VersionRange};

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
    /// The responses, by status.
    #[serde(default)]
    pub responses: Vec<ResponseSchema>,
}

impl Default for OperationSchemas {
    fn default() -> Self {
        Self { request: BodySchema::Unknown, query: None, responses: Vec::new() }
    }
}

impl OperationSchemas {
    /// Returns the response for a status at a version, if there is one.
    pub fn response(
        &self,
        status: u16,
        version: Option<crate::Microversion>,
    ) -> Option<&ResponseSchema> {
        self.responses.iter().find(|r| r.status == status && r.versions.contains(version))
    }
}
