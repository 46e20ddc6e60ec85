//! Calls an operation as its description says, and holds the answer against its schema.

use squall_model::Microversion;
use squall_model::description::{After, DescribedCall, DescribedRequest, Resource};

use super::cell::DescribedCell;
use super::how::{How, find};
use super::instance::Instance;
use super::pool::{Pool, send_tracked};
use super::ready::comes_after;
use super::refused;
use super::request::{Obtain as _, Purpose, Ready, prepare};
use super::restoring::undone_afterwards;
use crate::{Context, Failure, Result, kinds, services};

/// Calls the operation of a cell at its version.
///
/// The client holds status, headers and body of the answer against the spec. What reads
/// shares a target with the other users of the pool; what changes gets its own.
///
/// # Errors
/// The answer is not as described, or what the request needs cannot be created. An operation
/// that the embedded cloud has no behaviour for is skipped.
pub async fn exercise(ctx: &Context, pool: &Pool, cell: &DescribedCell) -> Result {
    // What a call refers to may be created after what it changes.
    ctx.undo_by_kind();
    let DescribedCell { operation, version, how } = *cell;
    match how {
        How::Creates(resource) => {
            pool.create(ctx, resource, version).await?;
        }
        How::Standard(resource, request) => {
            let changes = !operation.method.is_safe();
            let target = target(ctx, pool, resource.kind.name, changes, version).await?;
            standard(ctx, pool, request, &target, version).await?;
            if changes && operation.verb() != "delete" {
                comes_after(ctx, pool, &target, After::Ready).await?;
            }
        }
        How::Called(call) => {
            let target = match call.on {
                Some(kind) => Some(target(ctx, pool, kind, call.own, version).await?),
                None => None,
            };
            for before in call.before {
                perform_before(ctx, pool, before, target.as_ref(), version).await?;
            }
            self::call(ctx, pool, call, target.as_ref(), version).await?;
        }
    }
    Ok(())
}

async fn target(
    ctx: &Context,
    pool: &Pool,
    kind: &str,
    own: bool,
    version: Option<Microversion>,
) -> Result<Instance> {
    pool.obtain(ctx, kind, "", own, version).await
}

/// Deletes a resource as its description says, and waits until it is gone.
///
/// # Errors
/// The description has no request that deletes one, or it is not answered with success.
pub(crate) async fn delete(ctx: &Context, pool: &Pool, target: &Instance) -> Result {
    let resource = target.resource();
    let request = resource.standard("delete").ok_or_else(|| {
        Failure::new(format!("nothing is described that deletes a {}", resource.kind.name))
    })?;
    standard(ctx, pool, request, target, None).await?;
    comes_after(ctx, pool, target, After::Gone).await
}

/// Sends the request of a standard operation on a resource, and returns it.
pub(crate) async fn standard(
    ctx: &Context,
    pool: &Pool,
    request: &'static DescribedRequest,
    target: &Instance,
    version: Option<Microversion>,
) -> Result<Ready> {
    let purpose = Purpose { ctx, pool, target: Some(target), own: false, version };
    let name = ctx.unique_name(target.resource().kind);
    let ready = prepare(request, purpose).await?;
    let call = ready.call(&name);
    match request.answer_at(ready.version()) {
        Some(status) => call.expect_error(status).await.map(|_| ()),
        None => call.send().await.map(|_| ()),
    }
    .map_err(refused::by_service)?;
    Ok(ready)
}

/// Does what a call wants done before it, at its version if the operation has it.
pub(crate) async fn perform_before(
    ctx: &Context,
    pool: &Pool,
    id: &str,
    target: Option<&Instance>,
    version: Option<Microversion>,
) -> Result {
    let (spec, operation) = services::operation(id)
        .ok_or_else(|| Failure::new(format!("no registered service has the operation `{id}`")))?;
    let version = version.filter(|version| operation.versions.contains(Some(*version)));
    let how = find(services::description(spec.name), operation)
        .ok_or_else(|| Failure::new(format!("`{id}` is not described")))?;
    let done = match (how, target) {
        (How::Called(call_of), _) => {
            Box::pin(call(ctx, pool, call_of, target, version)).await.map(|_| ())
        }
        (How::Creates(resource), Some(target)) => {
            Box::pin(create_beside(ctx, pool, resource, target, version)).await
        }
        (How::Creates(resource), None) => pool.create(ctx, resource, version).await.map(|_| ()),
        (How::Standard(_, request), Some(target)) => {
            standard(ctx, pool, request, target, version).await?;
            comes_after(ctx, pool, target, After::Ready).await
        }
        (How::Standard(..), None) => {
            Err(Failure::new(format!("`{id}` acts on a resource, and there is none")))
        }
    };
    done.map_err(|failure| {
        if failure.is_skip() { failure } else { failure.context(format!("before it, `{id}`")) }
    })
}

/// Creates a resource whose request refers to the target.
async fn create_beside(
    ctx: &Context,
    pool: &Pool,
    resource: &'static Resource,
    target: &Instance,
    version: Option<Microversion>,
) -> Result {
    let Some(request) = resource.creating() else { return Ok(()) };
    let purpose = Purpose { ctx, pool, target: Some(target), own: true, version };
    let ready = prepare(request, purpose).await?;
    send_tracked(resource, &ready, ctx).await?;
    Ok(())
}

/// Makes a call on a target, waits for what comes after it, and returns its request.
pub(crate) async fn call(
    ctx: &Context,
    pool: &Pool,
    call: &'static DescribedCall,
    target: Option<&Instance>,
    version: Option<Microversion>,
) -> Result<Ready> {
    let purpose = Purpose { ctx, pool, target, own: call.own, version };
    let ready = prepare(&call.request, purpose).await?;
    let refused = call.answers.map(|(status, _)| status);
    if let Some(status) = refused.or_else(|| call.request.answer_at(ready.version())) {
        ready.call("").expect_error(status).await.map_err(refused::by_service)?;
        return Ok(ready);
    }
    if let Some(undoing) = call.undone_by {
        // Registered first: the call may take effect and fail all the same.
        undone_afterwards(ctx, undoing, purpose).await?;
    }
    let resource = target.map(Instance::resource);
    if let Some(kind) = kinds::making(call.request.operation) {
        send_tracked(services::resource(kind.name)?, &ready, ctx).await?;
    } else {
        let name = resource.map_or_else(String::new, |one| ctx.unique_name(one.kind));
        ready.call(&name).send().await.map_err(refused::by_service)?;
    }
    if let Some(target) = target {
        comes_after(ctx, pool, target, call.after).await?;
    }
    Ok(ready)
}
