//! Waiting for volumes, snapshots, backups and groups.

use serde_json::Value;

use super::ProbeFuture;
use super::state::judged;
use crate::actor::Actor;
use crate::volume::types::{QosSpecAssociation, Volume};
use crate::wait::Poll;

/// Waits until a volume says that it is attached to a server (`GET /volumes/{id}`).
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str, server: &str) -> squall::Result {
/// ctx.wait("the volume to be the server's")
///     .until(ready::volume_attached(ctx.actor(), id, server))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn volume_attached(
    actor: &Actor,
    id: &str,
    server: &str,
) -> impl FnMut() -> ProbeFuture<Volume> + use<> {
    let server = server.to_owned();
    judged(actor.volume().volumes().show(id), move |response| {
        let listed = response.body.at("/volume/attachments").and_then(Value::as_array);
        let has = listed.is_some_and(|all| all.iter().any(|one| one["server_id"] == *server));
        let status = response.body.at("/volume/status").and_then(Value::as_str).unwrap_or("-");
        if has {
            Poll::ready(())
        } else if status.starts_with("error") {
            Poll::dead_end(status)
        } else {
            Poll::not_yet(status)
        }
    })
}

/// Waits until a volume has moved to a host (`GET /volumes/{id}`); an admin alone sees
/// hosts. A migration that failed ends the wait.
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str, host: &str) -> squall::Result {
/// ctx.wait("the volume to move")
///     .until(ready::volume_migrated(ctx.admin(), id, host))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn volume_migrated(
    actor: &Actor,
    id: &str,
    host: &str,
) -> impl FnMut() -> ProbeFuture<Volume> + use<> {
    let host = host.to_owned();
    judged(actor.volume().volumes().show(id), move |response| {
        let text = |pointer: &str| response.body.at(pointer).and_then(Value::as_str);
        let at = text("/volume/os-vol-host-attr:host").unwrap_or("an unknown host");
        match text("/volume/migration_status") {
            Some("error") => Poll::dead_end(format!("at {at}: the migration failed")),
            None | Some("success") if at == host => Poll::ready(()),
            state => Poll::not_yet(format!("{} at {at}", state.unwrap_or("no migration"))),
        }
    })
}

/// Waits until a volume has a size in GiB, as after it was extended
/// (`GET /volumes/{id}`).
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.wait("the volume to grow").until(ready::volume_size(ctx.actor(), id, 2)).await?;
/// # Ok(())
/// # }
/// ```
pub fn volume_size(
    actor: &Actor,
    id: &str,
    gibibytes: u64,
) -> impl FnMut() -> ProbeFuture<Volume> + use<> {
    judged(actor.volume().volumes().show(id), move |response| {
        let status = response.body.at("/volume/status").and_then(Value::as_str).unwrap_or("-");
        match response.body.at("/volume/size").and_then(Value::as_u64) {
            Some(size) if size == gibibytes => Poll::ready(()),
            _ if status.starts_with("error") => Poll::dead_end(status),
            size => Poll::not_yet(format!("{} GiB ({status})", size.unwrap_or_default())),
        }
    })
}

/// Waits until a set of quality-of-service specs is no volume type's any more
/// (`GET /qos-specs/{id}/associations`); an admin's.
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.wait("the specs to be free")
///     .until(ready::qos_unassociated(ctx.admin(), id))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn qos_unassociated(
    actor: &Actor,
    id: &str,
) -> impl FnMut() -> ProbeFuture<Vec<QosSpecAssociation>> + use<> {
    judged(actor.volume().qos_spec_associations().list(id), |response| {
        match response.body.at("/qos_associations").and_then(Value::as_array) {
            Some(types) if !types.is_empty() => {
                let names = types.iter().filter_map(|one| one["name"].as_str());
                Poll::not_yet(names.collect::<Vec<_>>().join(", "))
            }
            _ => Poll::ready(()),
        }
    })
}
