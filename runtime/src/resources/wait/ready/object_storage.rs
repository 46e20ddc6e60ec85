//! Waiting for objects: a cluster may show one later than it took it.

use super::{ProbeFuture, gone};
use crate::actor::Actor;
use crate::wait::Poll;

/// Waits until an object is there (`HEAD /{container}/{object}`).
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context) -> squall::Result {
/// ctx.wait("the segment to be there")
///     .until(ready::object_stored(ctx.actor(), "films", "part-1"))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn object_stored(
    actor: &Actor,
    container: &str,
    object: &str,
) -> impl FnMut() -> ProbeFuture<()> + use<> {
    let call = actor.object_storage().objects().check(container, object);
    move || {
        let call = call.clone();
        Box::pin(async move {
            match call.send().await {
                Ok(_) => Ok(Poll::ready(())),
                Err(error) if error.is_not_found() => Ok(Poll::not_yet("not there")
                    .with_request_id(error.request_id().map(str::to_owned))),
                Err(error) => Err(error.into()),
            }
        })
    }
}

/// Waits until an object is not found any more (`HEAD /{container}/{object}`).
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context) -> squall::Result {
/// ctx.wait("the object to expire")
///     .until(ready::object_gone(ctx.actor(), "films", "draft"))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn object_gone(
    actor: &Actor,
    container: &str,
    object: &str,
) -> impl FnMut() -> ProbeFuture<()> + use<> {
    gone(actor.object_storage().objects().check(container, object))
}
