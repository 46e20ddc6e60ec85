//! Probes for the usual resources, to be handed to [`Wait::until`](super::Wait::until).
//!
//! Each asks again what its call asks, and gives the call's value once it is
//! there. A state from which the wanted one cannot come ends the wait at once.
//! Where many wait for servers, volumes, snapshots, backups, images or ports, they
//! look at one list meanwhile; what ends a wait each sees in an answer of its own.

mod compute;
mod image;
mod network;
mod object_storage;
mod state;
mod volume;

use std::pin::Pin;

use super::{Poll, ProbeError};
use crate::client::{Call, Error, ErrorKind};

pub use compute::{
    compute_service_state, interface_gone, interface_state, server_address, server_gone,
    server_idle, server_moved, server_ports_active, server_status, server_volume_attached,
    server_volume_detached,
};
pub use image::{
    image_cached, image_in_stores, image_not_in_store, image_status, image_tasks_done, task_status,
};
pub use network::{agent_alive, floating_ip_status, network_status, port_status, router_status};
pub use object_storage::{object_gone, object_stored};
pub use volume::{
    backup_status, group_snapshot_status, group_status, qos_unassociated, snapshot_status,
    volume_attached, volume_detached, volume_migrated, volume_replicated, volume_retyped,
    volume_size, volume_status,
};

/// A look that is under way.
pub type ProbeFuture<T> = Pin<Box<dyn Future<Output = Result<Poll<T>, ProbeError>> + Send>>;

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
