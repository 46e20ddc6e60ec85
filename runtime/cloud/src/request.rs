//! A request as a behaviour sees it: routed, negotiated and authenticated.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use serde_json::{Map, Value};
use squall_model::{Microversion, Operation};
use squall_policy::Credentials;

use crate::fault::Fault;
use crate::policy::ServiceRules;
use crate::query::Query;
use crate::world::identity::token::Access;

/// How far a service lets a caller see beyond its own project, whatever the rules of an operation
/// say: services find only what is within it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Reach {
    /// Whether the service takes the caller for an administrator.
    pub(crate) is_admin: bool,
    /// Whether the service finds what belongs to other projects for it.
    pub(crate) sees_all: bool,
}

/// Everything a behaviour may look at.
#[derive(Debug)]
pub(crate) struct RequestContext {
    pub(crate) operation: &'static Operation,
    /// The values of the path's parameters, in order.
    pub(crate) parameters: Vec<String>,
    pub(crate) query: Query,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body as JSON; null where there is none.
    pub(crate) json: Value,
    pub(crate) version: Option<Microversion>,
    /// Who asks; only operations that anyone may call are reached without.
    pub(crate) access: Option<Access>,
    /// The policy rules of the service, if it has any.
    pub(crate) rules: Option<Arc<ServiceRules>>,
    /// What the rules see of who asks.
    pub(crate) credentials: Option<Arc<Credentials>>,
    /// How far the service lets who asks see beyond its own project.
    pub(crate) reach: Reach,
    /// Whether only the headers of the answer are wanted.
    pub(crate) is_head: bool,
    /// The cloud's address as the caller wrote it, without a slash at the end.
    pub(crate) base: String,
    /// The path as it came.
    pub(crate) path: String,
}

impl RequestContext {
    /// A request with a query alone, for tests of lists.
    #[cfg(test)]
    pub(crate) fn asking(query: &str) -> Self {
        use squall_model::VersionRange;
        Self {
            operation: crate::behaviour::operation("GET", "/things", None, VersionRange::ALL),
            parameters: Vec::new(),
            query: Query::parse(query),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            json: Value::Null,
            version: None,
            access: None,
            rules: None,
            credentials: None,
            reach: Reach::default(),
            is_head: false,
            base: String::new(),
            path: "/things".to_owned(),
        }
    }

    /// Returns the first parameter of the path.
    pub(crate) fn id(&self) -> &str {
        self.parameter(0)
    }

    /// Returns a parameter of the path.
    pub(crate) fn parameter(&self, index: usize) -> &str {
        self.parameters.get(index).map_or("", String::as_str)
    }

    /// Returns the minor part of the negotiated version; 0 where there is none.
    pub(crate) fn minor(&self) -> u16 {
        self.version.map_or(0, |version| version.minor)
    }

    /// Whether the request is answered at this minor version or later.
    pub(crate) fn since(&self, minor: u16) -> bool {
        self.minor() >= minor
    }

    /// Returns a header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns who asks.
    pub(crate) fn access(&self) -> Result<&Access, Fault> {
        self.access.as_ref().ok_or_else(Fault::unauthorized)
    }

    /// Returns the project that the token is scoped to, or an empty text.
    pub(crate) fn project(&self) -> &str {
        self.access.as_ref().and_then(Access::project).unwrap_or_default()
    }

    /// Returns the user that asks, or an empty text.
    pub(crate) fn user(&self) -> &str {
        self.access.as_ref().map_or("", |access| access.user_id.as_str())
    }

    /// Whether the service takes the caller for an administrator.
    pub(crate) fn is_admin(&self) -> bool {
        self.reach.is_admin
    }

    /// Whether the caller is shown what belongs to a project, if the rules allow it.
    pub(crate) fn may_see(&self, project: &str) -> bool {
        self.reach.sees_all || self.project() == project
    }

    /// Returns the object under the body's one key, as in `{"server": {…}}`.
    pub(crate) fn envelope(&self, key: &str) -> Result<&Map<String, Value>, Fault> {
        self.json.get(key).and_then(Value::as_object).ok_or_else(|| {
            Fault::bad_request(format!(
                "Invalid input: the body must be an object with the object `{key}` in it."
            ))
        })
    }

    /// Returns the content of an action: what stands under the action's key.
    pub(crate) fn action(&self) -> &Value {
        self.operation.action.as_deref().and_then(|key| self.json.get(key)).unwrap_or(&Value::Null)
    }
}
