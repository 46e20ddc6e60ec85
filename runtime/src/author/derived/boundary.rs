//! A request that sits at a bound is accepted, and what it sets comes back as sent.

use squall_derived::{Change, ConstraintPlace};
use squall_model::Operation;
use squall_model::description::After;

use super::case::{DerivedCase, acts_on, request};
use super::judge;
use super::outcome::without;
use super::send::{Answer, Sending, altered, send};
use super::twin::Twins;
use crate::described::{
    FilledBody, How, Instance, Obtain as _, Purpose, comes_after, perform_before, prepare,
    undone_afterwards,
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
    let (twin, constraint) = twins.of(case).await?;
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
        undone_afterwards(ctx, undoing, purpose).await?;
    }
    let sending = Sending {
        operation,
        request: described,
        put_back: twin.put_back(),
        on: acts_on(how),
        derived_with: twin.name(),
        is_valid: true,
    };
    let sent = send(ctx, sending, changed).await?;
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
    let is_set = matches!(constraint.change, Change::Set { .. });
    let is_set = is_set && !is_whole && constraint.place == ConstraintPlace::Body;
    let body = sent.body.as_ref().filter(|_| is_set);
    let value = body.and_then(|body| body.pointer(&constraint.pointer)).cloned();
    judge::accepted(operation, &constraint, &sent, value.as_ref(), invented)?;
    // What becomes of it is for the contract suites; it is awaited so that it can be deleted. One
    // whose state was set stays in it.
    let target = target.filter(|_| !sets_a_state(operation));
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
            // A state that is set may be one that nothing leaves.
            Some(kind) => (kind, call.own || sets_a_state(case.operation), call.before),
            None => return Ok(None),
        },
    };
    let target = pool.obtain(ctx, kind, "", own, version).await?;
    for id in before {
        perform_before(ctx, pool, id, Some(&target), version).await?;
    }
    Ok(Some(target))
}

/// Whether an operation sets the state of a resource: `reset_status`, `update_snapshot_status`.
fn sets_a_state(operation: &Operation) -> bool {
    ["reset_stat", "_status"].iter().any(|part| operation.verb().contains(part))
}
