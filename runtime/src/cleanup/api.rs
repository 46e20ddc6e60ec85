//! The seam between undoing and the wire: a request by operation id, and whatever
//! status comes back.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use serde_json::Value;
use squall_model::ServiceSpec;

/// What is sent on the way to undoing a thing.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The tables of the service.
    pub spec: &'static ServiceSpec,
    /// The operation's id.
    pub operation: &'static str,
    /// Everything that may stand in the path; what does not is left out.
    pub params: &'a BTreeMap<String, String>,
    /// The query string.
    pub query: Vec<(&'static str, String)>,
    /// The whole body.
    pub body: Option<Value>,
}

/// An answer, of any status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body as JSON; of a refusal the service's words, as far as they are
    /// known; null where there is none.
    pub body: Value,
    /// The id that the service gave the request.
    pub request_id: Option<String>,
}

/// A request that got no answer.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Unanswered {
    /// Why.
    pub message: String,
    /// Whether asking again may help.
    pub passing: bool,
}

/// A request that is under way.
pub type Pending<'a> = Pin<Box<dyn Future<Output = Result<Answer, Unanswered>> + Send + 'a>>;

/// Someone who can send requests.
pub trait Api: Send + Sync {
    /// Sends one request.
    fn send<'a>(&'a self, request: Request<'a>) -> Pending<'a>;
}
