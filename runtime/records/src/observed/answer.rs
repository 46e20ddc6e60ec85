//! One kept answer, as it stands in its file.

use std::collections::{BTreeMap, BTreeSet};

use http::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use squall_client::{Body, Bytes};
use squall_model::Microversion;

/// An answer of a cloud.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct KeptAnswer {
    /// The operation's id.
    pub operation: String,
    /// The microversion, if the service has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Microversion>,
    /// The status.
    pub status: u16,
    /// Whether the embedded cloud gave it, which confirms nothing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub embedded: bool,
    /// The package and its version, as in `nova 34.0.0`, if the cloud was brought up here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// The extensions of the cloud among those that the schema names; `None` if it is not known
    /// which the cloud has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extensions: Option<BTreeSet<String>>,
    /// Whether the request selected fields.
    #[serde(default, skip_serializing_if = "is_false")]
    pub fields_selected: bool,
    /// What is wrong if a success is not at the microversion of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_problem: Option<String>,
    /// The headers that the spec describes, and `content-type`.
    pub headers: Headers,
    /// The body; `None` if there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<KeptBody>,
    /// What no placeholder fits, as pointers in which `*` stands for an index or a key, and as
    /// names of headers: its value has to be left out of a comparison.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub altered: BTreeSet<String>,
}

/// The body of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeptBody {
    /// A JSON value.
    Json(Value),
    /// Something else, as text.
    Text(String),
}

impl KeptAnswer {
    /// Returns the headers as they would be received.
    pub fn header_map(&self) -> HeaderMap {
        header_map(&self.headers)
    }

    /// Returns the body as it would be received.
    pub fn received(&self) -> Body {
        match &self.body {
            Some(KeptBody::Json(value)) => Body::from(value.clone()),
            Some(KeptBody::Text(text)) => Body::received(Bytes::from(text.clone()), Some("text/x")),
            None => Body::default(),
        }
    }
}

/// Headers by name, with all their different values.
pub(super) type Headers = BTreeMap<String, Vec<String>>;

pub(super) fn header_map(headers: &Headers) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, values) in headers {
        for value in values {
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name.as_str()), HeaderValue::try_from(value.as_str()))
            {
                map.append(name, value);
            }
        }
    }
    map
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}
