//! Probes for the usual resources, to be handed to [`Wait::until`](super::Wait::until).
//!
//! Each asks again what its call asks, and returns the call's value once it is there. A state
//! from which the wanted one cannot come ends the wait at once.
//!
//! [`state`] and [`usable`] read what states a resource has in its description. Where many
//! wait for resources of one kind, they look at one list meanwhile; what ends a wait each sees
//! in an answer of its own. What follows is for what is not a state of a resource.

mod compute;
mod image;
mod network;
mod object_storage;
pub(crate) mod state;
mod volume;

use std::pin::Pin;

use super::{Poll, ProbeError};
use crate::actor::Actor;
use crate::client::{Call, Error, ErrorKind};

pub use compute::{
    interface_gone, server_address, server_gone, server_idle, server_moved, server_ports_active,
    server_volume_detached,
};
pub use image::{image_cached, image_in_stores, image_not_in_store, image_tasks_done};
pub use network::agent_alive;
pub use object_storage::{object_gone, object_stored};
pub use volume::{qos_unassociated, volume_attached, volume_migrated, volume_size};

/// A look that is under way.
pub type ProbeFuture<T> = Pin<Box<dyn Future<Output = Result<Poll<T>, ProbeError>> + Send>>;

/// Waits until the resource that a call shows has a state, as in `available`.
///
/// Its description says where its state is, which states mean that something failed (they end
/// the wait, unless one is wanted), and what else tells how it fares.
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.compute().servers().stop(id).send().await?;
/// ctx.wait("the server to be off")
///     .until(ready::state(ctx.actor(), ctx.compute().servers().show(id), "SHUTOFF"))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn state<T: 'static>(
    actor: &Actor,
    show: Call<T>,
    wanted: &str,
) -> impl FnMut() -> ProbeFuture<T> + use<T> {
    state::described_state(actor, show, Some(wanted))
}

/// Waits until the resource that a call shows is in any state in which it can be used.
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.wait("the backup to be made")
///     .until(ready::usable(ctx.actor(), ctx.volume().backups().show(id)))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn usable<T: 'static>(actor: &Actor, show: Call<T>) -> impl FnMut() -> ProbeFuture<T> + use<T> {
    state::described_state(actor, show, None)
}

/// Waits until the field at a JSON pointer of the answer is `wanted`.
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// let call = ctx.volume().attachments().show(id);
/// let attachment = ctx
///     .wait("the attachment to be in use")
///     .until(ready::status_of(call, "/attachment/status", "attached", &["error_attaching"]))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn status_of<T: 'static>(
    call: Call<T>,
    pointer: &'static str,
    wanted: &str,
    dead_ends: &'static [&'static str],
) -> impl FnMut() -> ProbeFuture<T> + use<T> {
    let state = state::State { thing: "", field: pointer, also: &[], dead_ends };
    state::own_state(call, wanted, state)
}

/// Waits until the call finds nothing any more (404).
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// let networks = ctx.network().networks();
/// networks.delete(id).send().await?;
/// ctx.wait("the network to be gone").until(ready::gone(networks.show(id))).await?;
/// # Ok(())
/// # }
/// ```
pub fn gone<T: 'static>(call: Call<T>) -> impl FnMut() -> ProbeFuture<()> + use<T> {
    move || {
        let call = call.clone();
        Box::pin(async move {
            match call.send().await {
                Ok(response) => {
                    Ok(Poll::not_yet("still there").with_request_id(response.request_id))
                }
                Err(error) if error.is_not_found() => Ok(Poll::ready(())),
                Err(error) => Err(error.into()),
            }
        })
    }
}

/// A service that cannot be reached, is overrun or broken may be better at the
/// next look; anything else will not.
impl From<Error> for ProbeError {
    fn from(error: Error) -> Self {
        let passing = match error.kind() {
            ErrorKind::Status(response) => matches!(response.status, 429 | 500..=599),
            _ => error.is_unreachable(),
        };
        Self {
            message: error.to_string(),
            request_id: error.request_id().map(str::to_owned),
            passing,
        }
    }
}
