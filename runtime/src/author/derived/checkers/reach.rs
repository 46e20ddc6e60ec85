//! Requests that must not reach a resource: it was deleted, it is another project's, or it is
//! below another parent.

use serde_json::Value;
use squall_model::kind::{Gone, text_of};

use super::graveyard::Resources;
use super::plan::{CheckerCase, parent_of};
use crate::client::Error;
use crate::derived::outcome::{Answer, documented, send, without};
use crate::described::Instance;
use crate::described::by_service;
use crate::described::{Purpose, Ready, prepare};
use crate::{Context, Failure, Result, ensure};

/// The operation does not find a resource that was deleted.
pub(super) async fn after_delete(
    ctx: &Context,
    resources: &Resources,
    case: &CheckerCase,
) -> Result {
    let target = resources.deleted(case.resource.kind.name).await?;
    let ready = ready(ctx, resources, case, &target).await?;
    let outcome = send(ctx, &ready, case.resource.kind, |call, _| call).await?;
    // Some services keep the record of what was deleted, and show it.
    if let (Answer::Accepted { body, .. }, Gone::NotFoundOr(show, pointer, word)) =
        (&outcome.answer, case.resource.kind.gone)
        && case.operation.id == show
        && body.pointer(pointer).and_then(Value::as_str) == Some(word)
    {
        return Ok(());
    }
    let mut statuses = documented(case.operation, ready.version(), &[404, 410]);
    if matches!(case.resource.kind.gone, Gone::NotFoundOr(..)) {
        // Its record is there in a state that allows nothing.
        statuses.push(409);
    }
    outcome.must_be_refused(
        &statuses,
        "used after delete",
        &format!("the {} was deleted", named(&target)),
    )
}

/// The list does not have a resource that was deleted.
pub(super) async fn listed_after_delete(
    ctx: &Context,
    resources: &Resources,
    case: &CheckerCase,
) -> Result {
    let target = resources.deleted(case.resource.kind.name).await?;
    let ready = ready(ctx, resources, case, &target).await?;
    let listed = lists(&ready, case, &target).await.map_err(by_service)?;
    ensure!(!listed, "the {} was deleted and is still listed", named(&target));
    Ok(())
}

/// The operation does not reach a resource of another project.
pub(super) async fn from_other_project(
    ctx: &Context,
    resources: &Resources,
    case: &CheckerCase,
) -> Result {
    let target = resources.live(case.resource.kind.name).await?;
    let ready = ready(ctx, resources, case, &target).await?.sent_by(ctx.identity_named("other")?);
    let outcome = send(ctx, &ready, case.resource.kind, |call, _| call).await?;
    let what = format!("sent by a member of another project for the {}", named(&target));
    outcome.must_be_refused(&[404, 403], "used by another project", &what)
}

/// The list does not have a resource of another project.
pub(super) async fn listed_to_other_project(
    ctx: &Context,
    resources: &Resources,
    case: &CheckerCase,
) -> Result {
    let target = resources.live(case.resource.kind.name).await?;
    let own = ready(ctx, resources, case, &target).await?;
    let listed = lists(&own, case, &target).await;
    if !listed.map_err(|error| without(by_service(error)))? {
        return Err(Failure::skip(format!(
            "its own project does not find the {} in the list either",
            named(&target)
        )));
    }
    let others = own.sent_by(ctx.identity_named("other")?);
    match lists(&others, case, &target).await {
        Ok(listed) => {
            ensure!(!listed, "a member of another project finds the {} listed", named(&target));
            Ok(())
        }
        // A list below a resource of another project.
        Err(error) if error.is_status(403) || error.is_not_found() => Ok(()),
        Err(error) => Err(by_service(error)),
    }
}

/// The operation does not find a resource below another parent.
pub(super) async fn through_other_parent(
    ctx: &Context,
    resources: &Resources,
    case: &CheckerCase,
    parameter: &'static str,
) -> Result {
    let target = resources.live(case.resource.kind.name).await?;
    let ready = ready(ctx, resources, case, &target).await?;
    let parent = parent_of(case.resource, parameter)
        .ok_or_else(|| Failure::new(format!("no resource is addressed by `{parameter}`")))?;
    let other = resources.another(parent.kind.name).await?;
    let ready = ready.at_path(&[(parameter, other.id().to_owned())]);
    let outcome = send(ctx, &ready, case.resource.kind, |call, _| call).await?;
    let mut statuses = documented(case.operation, ready.version(), &[404]);
    // What is below the other parent may be another user's.
    statuses.push(403);
    let what = format!("the {} is below another {}", named(&target), parent.kind.name);
    outcome.must_be_refused(&statuses, "used through another parent", &what)
}

async fn ready(
    ctx: &Context,
    resources: &Resources,
    case: &CheckerCase,
    target: &Instance,
) -> Result<Ready> {
    let pool = &resources.pool;
    let purpose = Purpose { ctx, pool, target: Some(target), own: false, version: None };
    prepare(case.request, purpose).await.map_err(without)
}

/// Whether a list has a resource.
async fn lists(ready: &Ready, case: &CheckerCase, target: &Instance) -> Result<bool, Error> {
    let response = ready.call("").send().await?;
    let resource = case.resource;
    let object = target.object();
    let id = object.pointer(resource.id).and_then(text_of);
    let id = id.unwrap_or_else(|| target.id().to_owned());
    let items = response.body.at(resource.collection).and_then(Value::as_array);
    Ok(items.into_iter().flatten().any(|item| contains(item, &id)))
}

/// Whether an item has an id, wherever it has it: items may be wrapped, or be ids.
fn contains(item: &Value, id: &str) -> bool {
    match item {
        Value::Object(map) => map.values().any(|value| contains(value, id)),
        other => text_of(other).as_deref() == Some(id),
    }
}

fn named(target: &Instance) -> String {
    format!("{} `{}`", target.resource().kind.name, target.id())
}
