//! A request that sits at a bound is accepted, and what it sets comes back as sent.

use serde_json::Value;
use squall_derived::{Change, ConstraintPlace, apply};
use squall_model::description::After;

use super::case::{DerivedCase, request};
use super::judge;
use super::outcome::without;
use super::send::{Answer, altered, send};
use super::twin::Twins;
use crate::described::{
    FilledBody, How, Instance, Obtain as _, Purpose, comes_after, perform_before, prepare,
};
use crate::{Context, Failure, Result};

/// Sends the valid request of a case with a value at a bound, and expects the service to take
/// it.
///
/// What changes a resource gets one of its own, and what creates one refers to new values: unlike
/// a refused request, an accepted one leaves nothing as it was.
///
/// # Errors
/// The service refuses it, or answers with another value than was sent. Where the valid request
/// was refused itself, the test is skipped.
pub async fn stays_in_bounds(ctx: &Context, twins: &Twins, case: &DerivedCase) -> Result {
    ctx.undo_by_kind();
    let (_, constraint) = twins.of(case).await?;
    let DerivedCase { operation, how, version, .. } = *case;
    let pool = twins.pool();
    let target = target(ctx, twins, case).await.map_err(without)?;
    let own = match how {
        How::Creates(resource) => resource.fresh,
        How::Standard(..) => false,
        How::Called(call) => call.own,
    };
    let described = request(how).ok_or_else(|| Failure::new("nothing calls it"))?;
    let purpose = Purpose { ctx, pool, target: target.as_ref(), own, version };
    let ready = prepare(described, purpose).await?;
    let changed = |name: &str| altered(ready.filled(name), constraint.place, &constraint.change);
    if let How::Called(called) = how
        && let Some(undoing) = called.undone_by
    {
        // Registered first: the call may take effect and fail all the same.
        let undo = prepare(undoing, purpose).await?.call("");
        ctx.defer(async move { undo.send().await.map(|_| ()).map_err(Failure::from) });
    }
    let sent = send(ctx, operation, described, changed).await?;
    let invented = match ready.filled("").body {
        FilledBody::Json(body) => body.pointer(&constraint.pointer).is_none(),
        FilledBody::None | FilledBody::Text(..) => true,
    };
    // A parameter of a query stands alone: it refers to nothing. Several may exclude each other,
    // and a service may refuse what its database cannot store.
    let invented = constraint.place == ConstraintPlace::Body && invented
        || constraint.keyword == "present"
        || constraint.which == "wide";
    // A whole may have parts that a service counts up, such as a generation.
    let is_whole = constraint.pointer.is_empty() || constraint.which == "all";
    let value = match (&constraint.change, constraint.place) {
        _ if is_whole => None,
        (Change::NoBody | Change::Remove { .. }, _) | (_, ConstraintPlace::Query) => None,
        (change, ConstraintPlace::Body) => match ready.filled("").body {
            FilledBody::Json(body) => {
                apply(&body, change).and_then(|body| body.pointer(&constraint.pointer).cloned())
            }
            FilledBody::None | FilledBody::Text(..) => None,
        },
    };
    judge::accepted(operation, &constraint, &sent, value.as_ref(), invented)?;
    // What becomes of it is for the contract suites; it is awaited so that it can be deleted. One
    // whose state was set to that of something under way stays in it.
    let stays = |target: &Instance| {
        let word = value.as_ref().and_then(Value::as_str);
        let is_word = |words: &[&str]| word.is_some_and(|word| words.contains(&word));
        let state = target.resource().kind.state;
        state.is_some_and(|state| is_word(state.passing) || is_word(state.dead))
    };
    let target = target.filter(|target| !stays(target));
    let awaited = if let (Some(target), How::Called(called), Answer::Accepted(_)) =
        (&target, how, &sent.answer)
    {
        comes_after(ctx, pool, target, called.after).await
    } else if let (Some(target), How::Standard(..)) = (&target, how)
        && !operation.method.is_safe()
        && operation.verb() != "delete"
    {
        comes_after(ctx, pool, target, After::Ready).await
    } else {
        Ok(())
    };
    if let Err(failure) = awaited {
        tracing::info!(%failure, "accepted, and not ready afterwards");
    }
    Ok(())
}

/// Returns the resource that a request acts on: of its own if it changes it.
async fn target(ctx: &Context, twins: &Twins, case: &DerivedCase) -> Result<Option<Instance>> {
    let pool = twins.pool();
    let version = case.version;
    let (kind, own, before): (_, _, &[&str]) = match case.how {
        How::Creates(_) => return Ok(None),
        How::Standard(resource, _) => (resource.kind.name, !case.operation.method.is_safe(), &[]),
        How::Called(call) => match call.on {
            Some(kind) => (kind, call.own, call.before),
            None => return Ok(None),
        },
    };
    let target = pool.obtain(ctx, kind, "", own, version).await?;
    for id in before {
        perform_before(ctx, pool, id, Some(&target), version).await?;
    }
    Ok(Some(target))
}
