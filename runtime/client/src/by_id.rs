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

use http::HeaderMap;
use serde_json::Value;
use squall_model::ServiceSpec;
use squall_model::service::{FaultShape, ServiceProfile};

use crate::body::{Body, Content};
use crate::codec::DecodeError;
use crate::validate::Validation;
use crate::{Call, Error, ErrorKind, ErrorResponse, Session, clean, redact};

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
    /// Whether the cloud does not offer what was asked for: its catalog has no such
    /// service, or no microversion fits.
    pub not_offered: bool,
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
        let profile = ServiceProfile::of(request.spec.service_type);
        match self.call(request)?.send().await {
            Ok(response) => Ok(Answer {
                status: response.status,
                origin: origin(profile, &response.headers, None),
                body: response.value,
                request_id: response.request_id,
            }),
            Err(error) => match error.kind() {
                ErrorKind::Status(response) => Ok(Answer {
                    status: response.status,
                    origin: origin(
                        profile,
                        &response.headers,
                        Some((response.status, &response.body)),
                    ),
                    body: text(response),
                    request_id: response.request_id.clone(),
                }),
                _ => Err(unanswered(&error)),
            },
        }
    }

    fn call(&self, request: Request<'_>) -> Result<Call<Value>, Unanswered> {
        let lasting = |message| Unanswered { message, passing: false, not_offered: false };
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
        .map(|message| Value::String(clean::text(&redact::text(&message)).into_owned()))
        .or_else(|| response.body.json().cloned())
        .unwrap_or_default()
}

/// Decides who gave an answer. A header with the id of the request proves that it was the
/// service; so does the body of an error in the form of the service's faults.
fn origin(profile: &ServiceProfile, headers: &HeaderMap, error: Option<(u16, &Body)>) -> Origin {
    let has_id = profile.request_id_headers.iter().any(|name| headers.contains_key(*name));
    match error.and_then(|(status, body)| Some((status, body.json()?))) {
        _ if has_id => Origin::RequestId,
        // Where the form is not known, any gateway's error would do.
        Some((status, body))
            if profile.fault != FaultShape::Other && profile.fault.matches(status, body) =>
        {
            Origin::Fault
        }
        _ => Origin::Unproven,
    }
}

fn unanswered(error: &Error) -> Unanswered {
    let passing = match error.kind() {
        ErrorKind::Transport(transport) => transport.kind.may_pass(),
        _ => error.is_unreachable(),
    };
    let not_offered = match error.kind() {
        ErrorKind::Catalog(catalog) => catalog.is_no_service(),
        ErrorKind::Version(_) => true,
        _ => false,
    };
    Unanswered { message: error.to_string(), passing, not_offered }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use serde_json::json;

    use super::*;

    fn of(service: &str, headers: &HeaderMap, body: Value) -> Origin {
        origin(ServiceProfile::of(service), headers, Some((404, &Body::from(body))))
    }

    #[test]
    fn a_request_id_or_a_fault_proves_that_the_service_answered() {
        let mut headers = HeaderMap::new();
        let fault = json!({"itemNotFound": {"code": 404, "message": "gone"}});
        assert_eq!(of("compute", &headers, fault), Origin::Fault);
        headers.insert("x-trans-id", HeaderValue::from_static("tx1"));
        assert_eq!(of("object-store", &headers, json!("gone")), Origin::RequestId);
        assert_eq!(of("compute", &headers, json!("gone")), Origin::Unproven, "swift's header");
    }

    #[test]
    fn a_message_is_handed_on_without_secrets_and_control_characters() {
        let message = "\u{1b}[2J password=PLANTED";
        let response = ErrorResponse {
            status: 500,
            headers: HeaderMap::new(),
            version: None,
            request_id: None,
            body: Body::from(json!({"computeFault": {"message": message}})),
            violations: Vec::new(),
        };
        assert_eq!(text(&response), json!("\\u{1b}[2J password=***"));
    }

    #[test]
    fn what_anything_on_the_way_may_answer_proves_nothing() {
        let none = HeaderMap::new();
        for body in [json!({}), json!({"message": "no route"}), json!("404"), json!({"errors": []})]
        {
            assert_eq!(of("compute", &none, body.clone()), Origin::Unproven, "{body}");
        }
        assert_eq!(origin(ServiceProfile::of("compute"), &none, None), Origin::Unproven);
        let gateways = json!({"error": {"code": 404, "message": "no such route"}});
        for service in ["compute", "volume", "identity", "a-plugins"] {
            assert_eq!(of(service, &none, gateways.clone()), Origin::Unproven, "{service}");
        }
    }
}
