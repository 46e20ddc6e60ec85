//! The facts of one service, as its introspector (`codegen/harvest/`) writes them.

use std::collections::BTreeMap;
use std::path::Path;

use miette::{IntoDiagnostic as _, WrapErr as _};
use serde::Deserialize;
use serde_json::Value;
use squall_model::{Microversion, VersionRange};

#[derive(Debug, Deserialize)]
pub(super) struct Facts {
    pub(super) service: String,
    pub(super) packages: Vec<Package>,
    pub(super) min: Option<Microversion>,
    pub(super) max: Option<Microversion>,
    pub(super) operations: Vec<Operation>,
    pub(super) schemas: BTreeMap<String, Value>,
    pub(super) policies: Vec<Policy>,
    #[serde(default)]
    pub(super) versions: Vec<Version>,
    /// What the messages of all operations have in common.
    #[serde(default)]
    pub(super) messages: Messages,
    /// What one source alone says of answers; `None` if none were described from sources.
    #[serde(default)]
    pub(super) undecided: Option<Vec<Undecided>>,
}

/// The forms of a service's errors, and the headers of its messages.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Messages {
    pub(super) forms: BTreeMap<String, Form>,
    pub(super) request_headers: Vec<Header>,
    pub(super) response_headers: Vec<Header>,
}

/// The form of an error response.
#[derive(Debug, Deserialize)]
pub(super) struct Form {
    pub(super) description: String,
    /// The schemas by media type; empty if there is no body.
    pub(super) content: BTreeMap<String, Value>,
    /// Whether the body may be absent.
    pub(super) optional: bool,
    pub(super) headers: Vec<Header>,
}

/// A header of a request or response.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) schema: Value,
    pub(super) required: bool,
    #[serde(flatten)]
    pub(super) versions: Range,
    pub(super) omitted: Option<String>,
    /// The statuses whose responses have it; every status of success if there are none.
    #[serde(default)]
    pub(super) codes: Vec<u16>,
}

/// A part of an answer on which the sources do not agree.
#[derive(Debug, Deserialize)]
pub(super) struct Undecided {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) action: Option<String>,
    pub(super) pointer: String,
    /// The versions, in ranges.
    pub(super) versions: String,
    pub(super) sources: Vec<String>,
    pub(super) what: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Operation {
    pub(super) method: String,
    pub(super) path: String,
    #[serde(default)]
    pub(super) action: Option<String>,
    #[serde(default)]
    pub(super) versions: Vec<Range>,
    #[serde(default)]
    pub(super) removed: Option<String>,
    #[serde(default)]
    pub(super) phantom: Option<String>,
    #[serde(default)]
    pub(super) alias: Option<String>,
    #[serde(default)]
    pub(super) statuses: Vec<Status>,
    #[serde(default)]
    pub(super) errors: Vec<ErrorStatus>,
    #[serde(default)]
    pub(super) request_headers: Vec<Header>,
    #[serde(default)]
    pub(super) response_headers: Vec<Header>,
    /// The provenance of the statuses of errors and of the headers, if they are described.
    #[serde(default)]
    pub(super) errors_provenance: Option<String>,
    #[serde(default)]
    pub(super) headers_provenance: Option<String>,
    /// Why parts are not described.
    #[serde(default)]
    pub(super) unknown: BTreeMap<String, String>,
    pub(super) request: Body,
    pub(super) query: Body,
    pub(super) response: Body,
    #[serde(default)]
    pub(super) policies: Vec<PolicyUse>,
    #[serde(default)]
    pub(super) unenforced: bool,
    #[serde(default)]
    pub(super) extension: Option<String>,
    #[serde(default)]
    pub(super) paging: Option<Paging>,
    /// An id that the introspector sets explicitly (authored operations only).
    #[serde(default)]
    pub(super) id: Option<String>,
    /// A summary that the introspector sets explicitly.
    #[serde(default)]
    pub(super) summary: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Range {
    #[serde(default)]
    pub(super) min: Option<Microversion>,
    #[serde(default)]
    pub(super) max: Option<Microversion>,
}

impl From<Range> for VersionRange {
    fn from(range: Range) -> Self {
        Self::new(range.min, range.max)
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Status {
    pub(super) code: u16,
    #[serde(flatten)]
    pub(super) versions: Range,
    /// Whether there is no body although other statuses have one.
    #[serde(default)]
    pub(super) bodiless: bool,
}

/// A status of failure.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct ErrorStatus {
    pub(super) code: u16,
    #[serde(flatten)]
    pub(super) versions: Range,
    /// The form of the service that the response has; unknown if there is none.
    #[serde(default)]
    pub(super) form: Option<String>,
    /// Why the operation answers so, where that is no rule.
    #[serde(default)]
    pub(super) reason: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Body {
    pub(super) state: State,
    #[serde(default)]
    pub(super) media_type: Option<String>,
    #[serde(default)]
    pub(super) entries: Vec<Entry>,
    #[serde(default)]
    pub(super) provenance: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    Unknown,
    None,
    Described,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Entry {
    #[serde(flatten)]
    pub(super) versions: Range,
    pub(super) schema: String,
    #[serde(default)]
    pub(super) fixups: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct PolicyUse {
    pub(super) rule: String,
    #[serde(default)]
    pub(super) source: Source,
    #[serde(default)]
    pub(super) conditional: bool,
}

/// How the introspector found that an operation checks a rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Source {
    Code,
    #[default]
    Documented,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Paging {
    pub(super) collection: String,
    /// A key or a JSON pointer, or a list of them.
    pub(super) field: Value,
}

#[derive(Debug, Deserialize)]
pub(super) struct Policy {
    pub(super) name: String,
    pub(super) check: String,
    #[serde(default)]
    pub(super) scope_types: Option<Vec<String>>,
    #[serde(default)]
    pub(super) operations: Vec<Documented>,
    #[serde(default)]
    pub(super) deprecated: Option<Deprecated>,
    #[serde(default)]
    pub(super) deprecated_for_removal: bool,
}

/// A request in the documentation of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Documented {
    pub(super) method: OneOrMany,
    pub(super) path: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(super) fn all(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Deprecated {
    pub(super) name: String,
    #[serde(default)]
    pub(super) check: Option<String>,
    #[serde(default)]
    pub(super) since: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Version {
    pub(super) version: Microversion,
}

impl Facts {
    pub(super) fn load(path: &Path) -> miette::Result<Self> {
        let text = std::fs::read(path)
            .into_diagnostic()
            .wrap_err_with(|| format!("failed to read the facts {}", path.display()))?;
        serde_json::from_slice(&text)
            .into_diagnostic()
            .wrap_err_with(|| format!("{} does not have the format of facts", path.display()))
    }

    /// Returns the microversions of the service.
    pub(super) fn range(&self) -> VersionRange {
        VersionRange::new(self.min, self.max)
    }

    /// Whether a schema declares that there is no body.
    pub(super) fn is_null(&self, digest: &str) -> bool {
        self.schemas.get(digest).and_then(|schema| schema.get("type")).is_some_and(|t| t == "null")
    }

    pub(super) fn source(&self) -> Vec<String> {
        self.packages.iter().map(|p| format!("{} {}", p.name, p.version)).collect()
    }
}

impl Operation {
    /// Returns method and path for error messages.
    pub(super) fn described(&self) -> String {
        match &self.action {
            Some(action) => format!("{} {} ({action})", self.method, self.path),
            None => format!("{} {}", self.method, self.path),
        }
    }
}
