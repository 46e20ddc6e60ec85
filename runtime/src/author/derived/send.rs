//! Sends a changed request, and says what came.

use serde_json::Value;
use squall_derived::{Change, ConstraintPlace, apply, apply_to_query};
use squall_model::Operation;
use squall_model::description::DescribedRequest;
use squall_model::kind::text_of;

use crate::client::{Call, Error, ErrorResponse, Response};
use crate::described::{Filled, FilledBody, no_behaviour, sender};
use crate::making::MakeError;
use crate::making::marks::Altered;
use crate::{Context, Failure, Result, kinds, services};

/// What came of a request.
pub(super) struct Sent {
    pub(super) answer: Answer,
    /// The request as a `curl` line.
    pub(super) curl: String,
}

pub(super) enum Answer {
    /// It was accepted.
    Accepted(Box<Response<Value>>),
    /// It was accepted, but the answer is not as described.
    Wrong(Error),
    /// It was refused.
    Refused(Box<ErrorResponse>),
    /// No answer came.
    Nothing(Error),
}

/// Returns a request with a change.
pub(super) fn altered(mut filled: Filled, place: ConstraintPlace, change: &Change) -> Filled {
    match place {
        ConstraintPlace::Query => filled.query = apply_to_query(&filled.query, change),
        ConstraintPlace::Body => {
            let body = match &filled.body {
                FilledBody::Json(body) => apply(body, change),
                FilledBody::None | FilledBody::Text(..) => apply(&Value::Null, change),
            };
            filled.body = body.map_or(FilledBody::None, FilledBody::Json);
        }
    }
    filled
}

/// Sends a request, one that may create something through the ledger.
///
/// # Errors
/// It could not be sent, or the embedded cloud has no behaviour for it, which skips the test.
pub(super) async fn send(
    ctx: &Context,
    operation: &'static Operation,
    request: &'static DescribedRequest,
    filled: impl Fn(&str) -> Filled,
) -> Result<Sent> {
    let (spec, _) = services::operation(&operation.id).ok_or_else(|| {
        Failure::new(format!("no registered service has the operation `{}`", operation.id))
    })?;
    let client = sender(ctx, request.by)?.service(spec);
    let call = |name: &str| filled(name).call(&client).extension(Altered);
    let mut sent: Option<Call<Value>> = None;
    let result = match kinds::making(&operation.id) {
        Some(kind) => {
            let resource = services::resource(kind.name).ok();
            let addressed_by = |response: &Response<Value>| {
                let at = resource.map(|one| format!("{}{}", one.object, one.id))?;
                text_of(response.value.pointer(&at)?)
            };
            let call = |name: &str| sent.insert(call(name)).clone();
            match ctx.attempt(kind, call, addressed_by).await {
                Ok(response) => Ok(response),
                Err(MakeError::Call(error)) => Err(error),
                // Its parameters name nothing of this run, or the test is over.
                Err(MakeError::NotOurs { .. } | MakeError::Over) => {
                    return Err(Failure::skip("it cannot be sent: nothing would undo it"));
                }
                Err(other) => return Err(Failure::from(other)),
            }
        }
        None => sent.insert(call("squall-unknown")).clone().send().await,
    };
    let curl = match sent {
        Some(call) => call.curl().await.unwrap_or_else(|error| error.to_string()),
        None => String::new(),
    };
    let answer = match result {
        Ok(response) => Answer::Accepted(Box::new(response)),
        Err(error) => match (no_behaviour(&error), error.refused().cloned()) {
            (Some(reason), _) => return Err(Failure::skip(reason)),
            (None, Some(refusal)) => Answer::Refused(Box::new(refusal)),
            (None, None) if error.status().is_some() => Answer::Wrong(error),
            (None, None) if error.request().is_some_and(|sent| sent.attempts > 0) => {
                Answer::Nothing(error)
            }
            // Nothing was sent: the request could not be built, or the guard stopped it.
            (None, None) => return Err(Failure::skip(format!("it cannot be sent: {error}"))),
        },
    };
    Ok(Sent { answer, curl })
}
