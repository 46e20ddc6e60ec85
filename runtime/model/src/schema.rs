//! The schemas of one operation: request body, query, and a response a status.
//!
//! Three states are always told apart: no body, a body nobody describes, and
//! a described one.

use serde::{Deserialize, Serialize};

use crate::{Merged, VersionRange};

/// What is known of a body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Body {
    /// There is none.
    None,
    /// Upstream does not say.
    Unknown,
    /// It is described.
    Described {
        /// Its media type, `application/json` as a rule.
        media_type: String,
        /// Its schema at every version; for a media type that is not JSON,
        /// a schema of the bytes as a string.
        schema: Merged,
    },
}

impl Body {
    /// Gives the merged schema, where there is one.
    pub fn schema(&self) -> Option<&Merged> {
        match self {
            Self::Described { schema, .. } => Some(schema),
            Self::None | Self::Unknown => None,
        }
    }
}

/// The response body at one status.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ResponseSchema {
    /// The status it comes with.
    pub status: u16,
    /// The versions at which it does.
    #[serde(default)]
    pub versions: VersionRange,
    /// What is known of it.
    pub body: Body,
}

/// Everything an operation's messages are held against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OperationSchemas {
    /// The request body; for an action, the whole body with the action's key.
    pub request: Body,
    /// The query string as an object of parameters, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<Merged>,
    /// The responses, by status.
    #[serde(default)]
    pub responses: Vec<ResponseSchema>,
}

impl Default for OperationSchemas {
    fn default() -> Self {
        Self { request: Body::Unknown, query: None, responses: Vec::new() }
    }
}

impl OperationSchemas {
    /// Gives the response entry for a status at a version, where there is one.
    pub fn response(
        &self,
        status: u16,
        version: Option<crate::Microversion>,
    ) -> Option<&ResponseSchema> {
        self.responses.iter().find(|r| r.status == status && r.versions.contains(version))
    }
}
