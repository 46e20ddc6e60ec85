//! Undoing over the wire: a session as an [`Api`].

use serde_json::Value;

use super::api::{Answer, Api, Pending, Request, Unanswered};
use crate::client::body::Content;
use crate::client::codec::DecodeError;
use crate::client::validate::Validation;
use crate::client::{Call, Error, ErrorKind, Session};

/// A session that sends what undoing needs.
///
/// It tells what came back and judges nothing: a thing is to go even where the
/// service's answers are not as they should be.
#[derive(Debug, Clone)]
pub struct SessionApi(Session);

impl SessionApi {
    /// Makes one of a session.
    pub fn new(session: Session) -> Self {
        Self(session)
    }

    async fn answer(&self, request: Request<'_>) -> Result<Answer, Unanswered> {
        match self.call(request)?.send().await {
            Ok(response) => Ok(Answer {
                status: response.status,
                body: response.value,
                request_id: response.request_id,
            }),
            Err(error) => match error.kind() {
                ErrorKind::Status(response) => Ok(Answer {
                    status: response.status,
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

/// The service's own words where there are any, so that they need not be looked
/// for again.
fn text(response: &crate::client::ErrorResponse) -> Value {
    response
        .message()
        .map(Value::String)
        .or_else(|| response.body.json().cloned())
        .unwrap_or_default()
}

fn unanswered(error: &Error) -> Unanswered {
    let passing = match error.kind() {
        ErrorKind::Transport(transport) => transport.kind.may_pass(),
        _ => error.is_unreachable(),
    };
    Unanswered { message: error.to_string(), passing }
}
