//! An operation of a service, with the types of its messages.

use std::collections::BTreeMap;

use serde::Deserialize;
use squall_model::operation::path_parameters;
use squall_model::{
    HeaderSchema, Merged, Method, Microversion, OperationSchemas, Paging, PolicyRef, StatusRange,
    VersionRange,
};

use super::TypeId;

/// An operation or action.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `service.resource.verb`.
    pub id: String,
    /// The HTTP method.
    pub method: Method,
    /// The path below the version root.
    pub path: String,
    /// The key of the request body that selects an action.
    pub action: Option<String>,
    /// A summary in one line; may be empty.
    pub summary: String,
    /// The versions that have it.
    pub versions: VersionRange,
    /// The statuses of success, ascending.
    pub success: Vec<StatusRange>,
    /// The declared statuses of failure, ascending.
    pub errors: Vec<StatusRange>,
    /// The policy rules that guard it.
    pub policies: Vec<PolicyRef>,
    /// Whether the service is known to enforce no policy rule.
    pub unenforced: bool,
    /// The alias of the extension that adds it.
    pub extension: Option<String>,
    /// How its collection is paged.
    pub paging: Option<Paging>,
    /// The parts that are not described, with the reasons.
    pub unknown: BTreeMap<Part, String>,
    /// The schemas of its messages.
    pub schemas: OperationSchemas,
    /// The content that callers send.
    pub request: Content,
    /// The content that callers receive.
    pub response: Content,
    /// Its names in code.
    pub names: Names,
}

impl Operation {
    /// Returns the middle part of the id.
    pub fn resource(&self) -> &str {
        self.id.split('.').nth(1).unwrap_or_default()
    }

    /// Returns the last part of the id.
    pub fn verb(&self) -> &str {
        self.id.rsplit('.').next().unwrap_or_default()
    }

    /// Returns the names of the path parameters, in order.
    pub fn path_parameters(&self) -> impl Iterator<Item = &str> {
        path_parameters(&self.path)
    }

    /// Returns the sorted names of the query parameters; empty if unknown.
    pub fn query_parameters(&self) -> Vec<&str> {
        let properties = self.schemas.query.as_ref().and_then(|q| q.0.get("properties"));
        let mut names: Vec<&str> = properties
            .and_then(serde_json::Value::as_object)
            .map(|map| map.keys().map(String::as_str).collect())
            .unwrap_or_default();
        names.sort_unstable();
        names
    }

    /// Returns the versions at which a response of success begins, or its body or a header of
    /// it changes.
    pub fn response_boundaries(&self) -> Vec<Microversion> {
        let of_responses = self.schemas.responses.iter().flat_map(|r| {
            let mut found = r.body.schema().map(Merged::boundaries).unwrap_or_default();
            found.extend(r.versions.ends());
            found.extend(r.headers.iter().flat_map(HeaderSchema::boundaries));
            found
        });
        self.inside(of_responses)
    }

    /// Returns the versions at which the request body, the query or a request header changes.
    pub fn request_boundaries(&self) -> Vec<Microversion> {
        let body = self.schemas.request.schema().map(Merged::boundaries).unwrap_or_default();
        let query = self.schemas.query.as_ref().map(Merged::boundaries).unwrap_or_default();
        let headers = self.schemas.request_headers.iter().flat_map(HeaderSchema::boundaries);
        self.inside(body.into_iter().chain(query).chain(headers))
    }

    /// Keeps the versions that divide the operation's own range.
    fn inside(&self, found: impl Iterator<Item = Microversion>) -> Vec<Microversion> {
        let mut kept: Vec<Microversion> = found
            .filter(|v| self.versions.contains(Some(*v)) && self.versions.min != Some(*v))
            .collect();
        kept.sort_unstable();
        kept.dedup();
        kept
    }
}

/// The content of a message, as callers see it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Content {
    /// No body.
    None,
    /// The spec does not say.
    #[default]
    Unknown,
    /// JSON of this type.
    Json {
        /// The type; after the envelopes pass, the one inside the envelope.
        ty: TypeId,
        /// The key under which the body has its content.
        envelope: Option<String>,
        /// Other keys of the body, beside the envelope.
        beside: Vec<String>,
        /// The media type, if it is not `application/json`.
        media_type: Option<String>,
    },
    /// Bytes that are not interpreted.
    Bytes {
        /// Their media type.
        media_type: String,
    },
}

impl Content {
    /// Returns the type of a JSON message.
    pub fn ty(&self) -> Option<TypeId> {
        match self {
            Self::Json { ty, .. } => Some(*ty),
            _ => None,
        }
    }
}

/// A part of an operation's description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The request body.
    Request,
    /// The query.
    Query,
    /// The body of the response of success.
    Response,
    /// The statuses and forms of errors.
    Errors,
    /// The headers of request and response.
    Headers,
}

impl Part {
    /// Returns the word for it in a spec.
    pub fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Query => "query",
            Self::Response => "response",
            Self::Errors => "errors",
            Self::Headers => "headers",
        }
    }
}

/// The names of an operation in code; set by the naming pass.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Its method, as in `show`.
    pub method: String,
    /// Its entry in the table, as in `SERVERS_SHOW`.
    pub constant: String,
    /// The resource's accessor, as in `servers`.
    pub accessor: String,
    /// The type that holds the resource's methods, as in `Servers`.
    pub group: String,
    /// The names of its path arguments, in order.
    pub arguments: Vec<String>,
}
