//! Requests by operation id, for code that works on any kind of resource: cleanup,
//! searches, discovery of features.
//!
//! Such code knows an operation by its id only, sends what it has, and decides by
//! itself what an answer means, whatever its status. [`Api`] is the seam: a session
//! sends over the wire ([`SessionApi`]), and tests answer from a table.
//!
//! What answers is not always the service: a load balancer in front of it has a 404
//! of its own. An [`Answer`] therefore keeps how it shows its [`Origin`].

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use serde_json::Value;
use squall_model::ServiceSpec;

use crate::body::Content;
use crate::codec::DecodeError;
use crate::validate::Validation;
use crate::{Call, Error, ErrorKind, ErrorResponse, Session};

/// A request by operation id.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The tables of the service.
    pub spec: &'static ServiceSpec,
    /// The operation's id.
    pub operation: &'static str,
    /// Values for the parameters of the path, by name; those the path does not have
    /// are ignored.
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
    /// The body as JSON. For an error it is the service's message, as a string, where
    /// there is one; null where there is no body.
    pub body: Value,
    /// The service's id of the request.
    pub request_id: Option<String>,
    /// How the answer shows that the service itself gave it.
    pub origin: Origin,
}

/// How an answer shows that the service itself gave it, and not something in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It has the service's request id.
    RequestId,
    /// It has the body by which OpenStack services report errors.
    Fault,
    /// It shows nothing: anything on the way may have answered.
    Unproven,
}

impl Answer {
    /// Whether the service itself gave this answer, as far as the answer alone shows.
    pub fn is_from_service(&self) -> bool {
        self.origin != Origin::Unproven
    }
}

/// A request that got no answer.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Unanswered {
    /// What went wrong.
    pub message: String,
    /// Whether sending it again may help.
    pub passing: bool,
}

/// A request that is under way.
pub type Pending<'a> = Pin<Box<dyn Future<Output = Result<Answer, Unanswered>> + Send + 'a>>;

/// Sends requests by operation id.
pub trait Api: Send + Sync {
    /// Sends one request.
    fn send<'a>(&'a self, request: Request<'a>) -> Pending<'a>;
}

/// Sends requests over a session.
///
/// It reports what came back and judges nothing: an answer that does not fit the spec
/// is an answer all the same.
#[derive(Debug, Clone)]
pub struct SessionApi(Session);

impl SessionApi {
    /// Wraps a session.
    pub fn new(session: Session) -> Self {
        Self(session)
    }

    async fn answer(&self, request: Request<'_>) -> Result<Answer, Unanswered> {
        match self.call(request)?.send().await {
            Ok(response) => Ok(Answer {
                status: response.status,
                origin: origin(response.request_id.as_deref(), None),
                body: response.value,
                request_id: response.request_id,
            }),
            Err(error) => match error.kind() {
                ErrorKind::Status(response) => Ok(Answer {
                    status: response.status,
                    origin: origin(response.request_id.as_deref(), response.body.json()),
                    body: text(response),
                    request_id: response.request_id.clone(),
                }),
                _ => Err(unanswered(&error)),
            },
        }
    }

    fn call(&self, request: Request<'_>) -> Result<Call<Value>, Unanswered> {
        let lasting = |message| Unanswered { message, passing: false };
        let Request { spec, operation, params, query, body } = request;
        let operation = spec
            .operation(operation)
            .ok_or_else(|| lasting(format!("the spec of {} has no `{operation}`", spec.name)))?;
        let client = self.0.service(spec).with_validation(Validation::Report);
        let mut call = client.call(operation, anything);
        for name in operation.path_parameters() {
            let value = params
                .get(name)
                .ok_or_else(|| lasting(format!("`{}` needs a `{name}`", operation.id)))?;
            call = call.path(name, value);
        }
        for (name, value) in query {
            call = call.query(name, value);
        }
        Ok(match body {
            Some(body) => call.raw_body(body),
            None => call,
        })
    }
}

impl Api for SessionApi {
    fn send<'a>(&'a self, request: Request<'a>) -> Pending<'a> {
        Box::pin(self.answer(request))
    }
}

#[expect(clippy::unnecessary_wraps, reason = "a decoder is a function that may fail")]
fn anything(content: Content<'_>) -> Result<Value, DecodeError> {
    Ok(content.json.cloned().unwrap_or_default())
}

/// The service's own message where there is one, so that callers need not look for it.
fn text(response: &ErrorResponse) -> Value {
    response
        .message()
        .map(Value::String)
        .or_else(|| response.body.json().cloned())
        .unwrap_or_default()
}

/// Decides who gave an answer: the id of the request proves it, and for an error the
/// body does.
fn origin(request_id: Option<&str>, error: Option<&Value>) -> Origin {
    match error {
        _ if request_id.is_some() => Origin::RequestId,
        Some(body) if is_fault(body) => Origin::Fault,
        _ => Origin::Unproven,
    }
}

/// Whether a body is one by which OpenStack services report errors: one key whose object
/// has a `message` (compute, identity, network, volume), or a list of `errors` that each
/// have a `status` (placement).
fn is_fault(body: &Value) -> bool {
    let Some(map) = body.as_object() else { return false };
    if let Some(errors) = map.get("errors").and_then(Value::as_array) {
        return !errors.is_empty() && errors.iter().all(|error| error.get("status").is_some());
    }
    let has_message =
        |inner: &Value| inner.get("message").is_some_and(Value::is_string) && inner.is_object();
    map.len() == 1 && map.values().all(has_message)
}

fn unanswered(error: &Error) -> Unanswered {
    let passing = match error.kind() {
        ErrorKind::Transport(transport) => transport.kind.may_pass(),
        _ => error.is_unreachable(),
    };
    Unanswered { message: error.to_string(), passing }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_request_id_or_a_fault_proves_that_the_service_answered() {
        assert_eq!(origin(Some("req-1"), None), Origin::RequestId);
        for fault in [
            json!({"itemNotFound": {"code": 404, "message": "gone"}}),
            json!({"NeutronError": {"type": "PortNotFound", "message": "gone", "detail": ""}}),
            json!({"error": {"code": 404, "message": "gone", "title": "Not Found"}}),
            json!({"errors": [{"status": 404, "title": "Not Found", "detail": "gone"}]}),
        ] {
            assert_eq!(origin(None, Some(&fault)), Origin::Fault, "{fault}");
        }
    }

    #[test]
    fn what_anything_on_the_way_may_answer_proves_nothing() {
        assert_eq!(origin(None, None), Origin::Unproven);
        for body in [json!({}), json!({"message": "no route"}), json!("404"), json!({"errors": []})]
        {
            assert_eq!(origin(None, Some(&body)), Origin::Unproven, "{body}");
        }
    }
}
