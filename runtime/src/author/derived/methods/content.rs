//! A valid body of another content type.

use super::plan::MethodCase;
use crate::derived::outcome::{documented, send, without};
use crate::described::Pool;
use crate::described::{How, find};
use crate::described::{Purpose, prepare};
use crate::{Context, Failure, Result, services};

/// The label of a resource that a service may change if it accepts the request.
const TARGET: &str = "content-type";

/// What no service takes for JSON. Plain text is no such type: compute reads it as if none were
/// given (nova 34.0.0, `nova.api.openstack.wsgi.Request.get_content_type`).
const OTHER_TYPE: &str = "application/xml";

/// A valid JSON body is sent as XML.
pub(super) async fn of_another_type(ctx: &Context, pool: &Pool, case: &MethodCase) -> Result {
    ctx.undo_by_kind();
    let how = find(services::description(case.spec.name), case.operation);
    let undescribed = || Failure::new(format!("`{}` is not described", case.operation.id));
    let (resource, request, target) = match how {
        Some(How::Creates(resource)) => {
            (resource, resource.creating().ok_or_else(undescribed)?, None)
        }
        Some(How::Standard(resource, request)) => {
            let target = pool.labelled(resource.kind.name, TARGET, None).await;
            (resource, request, Some(target.map_err(without)?))
        }
        _ => return Err(undescribed()),
    };
    let purpose = Purpose { ctx, pool, target: target.as_ref(), own: false, version: None };
    let ready = prepare(request, purpose).await.map_err(without)?;
    let outcome =
        send(ctx, &ready, resource.kind, |call, _| call.header("content-type", OTHER_TYPE)).await?;
    let statuses = documented(case.operation, ready.version(), &[415]);
    outcome.must_be_refused(
        &statuses,
        "content type",
        &format!("a valid body is sent as {OTHER_TYPE}"),
    )
}
