//! How a request was answered that a service should refuse, and whether it was refused rightly.

use std::fmt::Write as _;
use std::iter;

use serde_json::Value;
use squall_model::description::Resource;
use squall_model::{Microversion, Operation};

use crate::client::{Call, Error, ErrorResponse, Response};
use crate::described::{Ready, by_service, no_behaviour};
use crate::kinds::{self, Kind, text_of};
use crate::making::{Attempt, MakeError};
use crate::{Answered, Context, Failure, Result, UnexpectedAnswer, services};

/// A request that a service should refuse, with how it was answered.
pub(super) struct Outcome {
    pub(super) answer: Answer,
    pub(super) operation: String,
    /// The request as a `curl` line.
    pub(super) curl: String,
}

/// An answer with success.
pub(super) struct Accepted {
    pub(super) status: u16,
    pub(super) body: Value,
    pub(super) request_id: Option<String>,
}

impl From<Response<Value>> for Accepted {
    fn from(response: Response<Value>) -> Self {
        Self {
            status: response.status,
            body: response.body.json().cloned().unwrap_or_default(),
            request_id: response.request_id,
        }
    }
}

/// How a request was answered.
pub(super) enum Answer {
    /// With success.
    Accepted {
        status: Option<u16>,
        /// The body, if it is JSON and as its schema says.
        body: Value,
        request_id: Option<String>,
    },
    /// With a refusal.
    Refused(Box<ErrorResponse>),
}

/// Sends a described request with a change, which gets the call and the unique name in it.
/// What creates something goes through the ledger, since the service may accept it. What does
/// not is about a resource of the kind `of`, whose names are as this kind's.
///
/// # Errors
/// It was not answered at all. What the embedded cloud has no behaviour for skips the test.
pub(super) async fn send(
    ctx: &Context,
    ready: &Ready,
    of: &Kind,
    change: impl Fn(Call<Value>, &str) -> Call<Value>,
) -> Result<Outcome> {
    let making = kinds::making(&ready.operation().id);
    let is_tracked = |kind: &&Kind| services::resource(kind.name).is_ok_and(Resource::is_tracked);
    let Some(kind) = making.filter(is_tracked) else {
        let name = ctx.unique_name(making.unwrap_or(of));
        return send_call(change(ready.call(&name), &name)).await;
    };
    let mut sent: Option<Call<Value>> = None;
    let resource = services::resource(kind.name).ok();
    let addressed_by = |response: &Response<Value>| {
        let at = resource.map(|one| format!("{}{}", one.object, one.id))?;
        text_of(response.value.pointer(&at)?)
    };
    let name = ctx.unique_name(kind);
    let call = sent.insert(change(ready.call(&name), &name)).clone();
    let made = match ctx.attempt(kind, Attempt::named(name, call), addressed_by).await {
        Ok(response) => Ok(Accepted::from(response)),
        Err(MakeError::Call(error)) => Err(error),
        Err(other) => return Err(Failure::from(other)),
    };
    Outcome::of(sent.as_ref(), made).await
}

/// Sends a request that creates nothing.
///
/// # Errors
/// See [`send`].
pub(super) async fn send_call(call: Call<Value>) -> Result<Outcome> {
    let answer = call.clone().send().await.map(Accepted::from);
    Outcome::of(Some(&call), answer).await
}

impl Outcome {
    /// Returns how a call was answered.
    ///
    /// # Errors
    /// It was not answered at all. What the embedded cloud has no behaviour for skips the test.
    pub(super) async fn of(
        call: Option<&Call<Value>>,
        answer: Result<Accepted, Error>,
    ) -> Result<Self> {
        let answer = match answer {
            Ok(accepted) => Answer::Accepted {
                status: Some(accepted.status),
                body: accepted.body,
                request_id: accepted.request_id,
            },
            Err(error) => judged(error)?,
        };
        let curl = match call {
            Some(call) => call.curl().await.unwrap_or_else(|error| error.to_string()),
            None => String::new(),
        };
        let operation = call.map(|call| call.operation().id.to_string()).unwrap_or_default();
        Ok(Self { answer, operation, curl })
    }

    /// Returns what the service said, in one line, and its request id.
    pub(super) fn said(&self) -> (String, Option<String>) {
        match &self.answer {
            Answer::Accepted { request_id, .. } => (String::new(), request_id.clone()),
            Answer::Refused(refusal) => {
                let said = refusal.to_string();
                let line = said.lines().next().unwrap_or_default().to_owned();
                (line, refusal.request_id.clone())
            }
        }
    }

    /// Requires a refusal with one of these statuses, in the form that the spec gives it.
    ///
    /// # Errors
    /// The service accepted the request, or refused it in another way; `what` says what was
    /// sent, and `rule` names it for findings of the same kind.
    pub(super) fn must_be_refused(self, statuses: &[u16], rule: &str, what: &str) -> Result {
        let (said, answered, request_id) = match self.answer {
            Answer::Accepted { request_id, .. } => (String::new(), Answered::Accepted, request_id),
            Answer::Refused(refusal) => {
                if statuses.contains(&refusal.status) && refusal.violations.is_empty() {
                    return Ok(());
                }
                let answered = Answered::Refused(refusal.status);
                (refusal.to_string(), answered, refusal.request_id.clone())
            }
        };
        let Self { operation, curl, .. } = self;
        let expected = either(statuses);
        let came = if said.is_empty() { "the service accepted it" } else { &said };
        let message = format!("{what}: {came}\nexpected: {expected}\nagain:    {curl}");
        let answer = UnexpectedAnswer { operation, answered, said, rule: rule.to_owned(), curl };
        Err(Failure::new(message).with_request_id(request_id).with_answer(answer))
    }
}

fn judged(error: Error) -> Result<Answer> {
    let Some(refusal) = error.refused().cloned() else {
        // A success that violates its schema is a success all the same.
        return match error.status() {
            status @ Some(200..=399) => Ok(Answer::Accepted {
                status,
                body: Value::Null,
                request_id: error.request_id().map(str::to_owned),
            }),
            _ => Err(by_service(error)),
        };
    };
    match no_behaviour(&error) {
        Some(reason) => Err(Failure::skip(reason)),
        None => Ok(Answer::Refused(Box::new(refusal))),
    }
}

/// Returns the statuses with which an operation may refuse a request that is wrong in one way:
/// those of `wanted` that its spec has at the version; if it has none of them, all that it has
/// between 400 and 499 and that are about the request, not about who sends it.
pub(super) fn documented(
    operation: &Operation,
    version: Option<Microversion>,
    wanted: &[u16],
) -> Vec<u16> {
    let declared: Vec<u16> = operation
        .errors
        .iter()
        .filter(|error| error.versions.contains(version))
        .map(|error| error.status)
        .collect();
    let of_these: Vec<u16> =
        wanted.iter().copied().filter(|status| declared.contains(status)).collect();
    if !of_these.is_empty() {
        return of_these;
    }
    let others: Vec<u16> = declared
        .into_iter()
        .filter(|status| (400..500).contains(status) && !matches!(status, 401 | 403 | 406))
        .collect();
    if others.is_empty() { wanted.to_vec() } else { others }
}

/// Turns what is wrong with what a test needs into a reason to skip it: the contract suites
/// report it.
pub(super) fn without(failure: Failure) -> Failure {
    if failure.is_skip() {
        return failure;
    }
    let causes = failure.causes().iter().map(String::as_str);
    let all: Vec<&str> = iter::once(failure.message()).chain(causes).collect();
    Failure::skip(all.join(": "))
}

/// Writes statuses as in `403 or 404`.
fn either(statuses: &[u16]) -> String {
    let mut text = String::new();
    for (at, status) in statuses.iter().enumerate() {
        let before = if at == 0 { "" } else { " or " };
        let _ = write!(text, "{before}{status}");
    }
    text
}

#[cfg(test)]
mod tests {
    use squall_model::{Method, OperationSchemas, StatusRange, VersionRange};

    use super::*;

    fn operation(statuses: &[u16]) -> Operation {
        let errors = statuses
            .iter()
            .map(|status| StatusRange { status: *status, versions: VersionRange::ALL });
        let operation = Operation::new("a.b.show", Method::Get, "/b", OperationSchemas::default());
        Operation { errors: errors.collect(), ..operation }
    }

    #[test]
    fn a_wanted_status_is_demanded_where_the_spec_has_it() {
        assert_eq!(documented(&operation(&[400, 401, 404]), None, &[404, 410]), [404]);
        assert_eq!(documented(&operation(&[400, 401, 409]), None, &[404]), [400, 409]);
        assert_eq!(documented(&operation(&[401, 403]), None, &[404]), [404]);
    }
}
