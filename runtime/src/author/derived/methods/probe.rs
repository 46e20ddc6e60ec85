//! Requests about nothing: every path parameter is a new id, and there is no body.

use std::sync::Arc;

use serde_json::{Value, json};
use squall_model::{BodySchema, Method, Microversion, Operation, OperationSchemas};

use super::plan::MethodCase;
use crate::client::Call;
use crate::client::body::Content;
use crate::client::codec::DecodeError;
use crate::client::negotiate::VersionChoice;
use crate::derived::outcome::{documented, send_call};
use crate::{Context, Result, services};

/// A minor version that no service reaches.
const FAR: u16 = 9999;

/// Without a token: 401.
pub(super) async fn without_token(ctx: &Context, case: &MethodCase) -> Result {
    let call = call(ctx, case, case.operation.method).without_token();
    refused(call, &[401], "no token", "sent without a token").await
}

/// At a version beyond the newest: 406.
pub(super) async fn beyond_newest(ctx: &Context, case: &MethodCase) -> Result {
    let Some(newest) = case.spec.versions.max else { return Ok(()) };
    let version = Microversion::new(newest.major, FAR);
    let call = call(ctx, case, case.operation.method).version(VersionChoice::Forced(version));
    refused(call, &[406], "version", &format!("sent at {version}, which the service does not have"))
        .await
}

/// At a version that the operation does not have: as if it were not there.
pub(super) async fn outside_versions(
    ctx: &Context,
    case: &MethodCase,
    version: Microversion,
) -> Result {
    let operation = case.operation;
    let mut call = call(ctx, case, operation.method).version(VersionChoice::Forced(version));
    if let Some(action) = &operation.action {
        call = call.raw_body(json!({ action.as_ref(): null }));
    } else if matches!(operation.method, Method::Post | Method::Put | Method::Patch) {
        // Some look at the content type first.
        call = call.raw_body(json!({}));
    }
    // A path that other operations have at this version is there, and lacks the method or the
    // action.
    let mut statuses = vec![404];
    let same_path =
        case.spec.operations.iter().copied().filter(|other| other.path == operation.path);
    let others: Vec<&Operation> = same_path
        .filter(|other| other.id != operation.id && other.versions.contains(Some(version)))
        .collect();
    if operation.action.is_some() {
        statuses.push(400);
    } else if others.iter().any(|other| other.method != operation.method) {
        statuses.extend(case.spec.profile().undeclared_method);
    }
    refused(
        call,
        &statuses,
        "version",
        &format!("sent at {version}, at which the operation is not there"),
    )
    .await
}

/// With an action that nothing has.
pub(super) async fn unknown_action(ctx: &Context, case: &MethodCase) -> Result {
    let call = call(ctx, case, Method::Post).raw_body(json!({"squall-no-such-action": null}));
    let statuses = documented(case.operation, case.spec.versions.max, &[400]);
    refused(call, &statuses, "action", "sent with an action that there is not").await
}

/// With a method that the path does not have.
pub(super) async fn undeclared(ctx: &Context, case: &MethodCase, method: Method) -> Result {
    let mut statuses = case.spec.profile().undeclared_method.to_vec();
    // What a service no longer has answers the same to all methods.
    let description = services::description(case.spec.name);
    let same_path = case.spec.operations.iter().filter(|one| one.path == case.operation.path);
    let answers = same_path.filter_map(|one| description.call(&one.id)?.answers);
    statuses.extend(answers.map(|(status, _)| status));
    let what = format!("{method} is sent to {}, which does not have it", case.operation.path);
    refused(call(ctx, case, method), &statuses, "method", &what).await
}

/// Creates a call with a method, to the path of the case's operation.
///
/// Its operation is one of its own: that of the case needs a body, and what creates something
/// is not sent without an entry in the ledger. This one has no body, so it creates nothing.
fn call(ctx: &Context, case: &MethodCase, method: Method) -> Call<Value> {
    let of = case.operation;
    let id =
        format!("{}.{}.refused_{}", of.service(), of.resource(), method.as_str().to_lowercase());
    let id = format!("{id}_{}", of.verb());
    let schemas = OperationSchemas { request: BodySchema::None, ..OperationSchemas::default() };
    let operation = Operation::new(id, method, of.path.clone(), schemas);
    let client = ctx.admin().service(case.spec);
    let call = client.call(Arc::new(operation), nothing);
    of.path_parameters().fold(call, |call, name| {
        // A version in a path is no id.
        call.path(name, uuid::Uuid::new_v4())
    })
}

#[expect(clippy::unnecessary_wraps, reason = "a decoder is a function that may fail")]
fn nothing(_: Content<'_>) -> Result<Value, DecodeError> {
    Ok(Value::Null)
}

async fn refused(call: Call<Value>, statuses: &[u16], rule: &str, what: &str) -> Result {
    send_call(call).await?.must_be_refused(statuses, rule, what)
}
