//! One thing a service does for one request, with the shape of its messages.

use squall_model::{
    Merged, Method, Microversion, OperationSchemas, Paging, PolicyRef, Provenance, StatusRange,
    VersionRange,
};

use super::TypeId;

/// One operation, an action included.
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
    /// One line that says what it does; may be empty.
    pub summary: String,
    /// The versions that have it.
    pub versions: VersionRange,
    /// The statuses of success, ascending.
    pub success: Vec<StatusRange>,
    /// The declared statuses of failure, ascending.
    pub errors: Vec<StatusRange>,
    /// The policy rules that guard it.
    pub policies: Vec<PolicyRef>,
    /// Whether it is known that no policy rule guards it.
    pub unenforced: bool,
    /// The alias of the extension that brings it.
    pub extension: Option<String>,
    /// How its collection is paged.
    pub paging: Option<Paging>,
    /// Where its parts come from.
    pub origins: Origins,
    /// What its messages are validated against.
    pub schemas: OperationSchemas,
    /// What a caller sends.
    pub request: Content,
    /// What a caller gets back.
    pub response: Content,
    /// What it is called in code.
    pub names: Names,
}

impl Operation {
    /// Gives the middle part of the id.
    pub fn resource(&self) -> &str {
        self.id.split('.').nth(1).unwrap_or_default()
    }

    /// Gives the last part of the id.
    pub fn verb(&self) -> &str {
        self.id.rsplit('.').next().unwrap_or_default()
    }

    /// Gives the names in the path's braces, in order.
    pub fn path_parameters(&self) -> impl Iterator<Item = &str> {
        self.path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
    }

    /// Gives the names of the query parameters, sorted; empty where unknown.
    pub fn query_parameters(&self) -> Vec<&str> {
        let properties = self.schemas.query.as_ref().and_then(|q| q.0.get("properties"));
        let mut names: Vec<&str> = properties
            .and_then(serde_json::Value::as_object)
            .map(|map| map.keys().map(String::as_str).collect())
            .unwrap_or_default();
        names.sort_unstable();
        names
    }

    /// Gives the versions at which a response schema begins or changes.
    pub fn response_boundaries(&self) -> Vec<Microversion> {
        let of_responses = self.schemas.responses.iter().filter(|r| r.status < 400).flat_map(|r| {
            let mut found = r.body.schema().map(Merged::boundaries).unwrap_or_default();
            found.extend(r.versions.min);
            found.extend(r.versions.max.map(Microversion::next));
            found
        });
        self.inside(of_responses)
    }

    /// Gives the versions at which the request or query schema changes.
    pub fn request_boundaries(&self) -> Vec<Microversion> {
        let body = self.schemas.request.schema().map(Merged::boundaries).unwrap_or_default();
        let query = self.schemas.query.as_ref().map(Merged::boundaries).unwrap_or_default();
        self.inside(body.into_iter().chain(query))
    }

    /// Keeps the versions that cut the operation's own range in two.
    fn inside(&self, found: impl Iterator<Item = Microversion>) -> Vec<Microversion> {
        let mut kept: Vec<Microversion> = found
            .filter(|v| self.versions.contains(Some(*v)) && self.versions.min != Some(*v))
            .collect();
        kept.sort_unstable();
        kept.dedup();
        kept
    }
}

/// What a message carries, as a caller sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Content {
    /// Nothing.
    None,
    /// Nobody says.
    #[default]
    Unknown,
    /// JSON of a type.
    Json {
        /// The type; after the pass of the same name, that inside the envelope.
        ty: TypeId,
        /// The one key under which the body keeps everything.
        envelope: Option<String>,
        /// Other keys of the body, which stand beside the envelope.
        beside: Vec<String>,
        /// The media type, where it is not `application/json`.
        media_type: Option<String>,
    },
    /// Bytes that nobody looks into.
    Bytes {
        /// Their media type.
        media_type: String,
    },
}

impl Content {
    /// Gives the type of a JSON message.
    pub fn ty(&self) -> Option<TypeId> {
        match self {
            Self::Json { ty, .. } => Some(*ty),
            _ => None,
        }
    }
}

/// Where the parts of an operation's description come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origins {
    /// The request body.
    pub request: Provenance,
    /// The query.
    pub query: Provenance,
    /// The response.
    pub response: Provenance,
}

/// What an operation is called in code; the naming pass fills it in.
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
    /// The names of its path's arguments, in order.
    pub arguments: Vec<String>,
}
