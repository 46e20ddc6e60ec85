//! Waiting for servers, and for what is attached to them.

use serde_json::Value;

use super::ProbeFuture;
use super::state::judged;
use crate::actor::Actor;
use crate::compute::types::{Server, ServerInterface, ServerVolumeAttachment};
use crate::network::types::Port;
use crate::wait::Poll;

/// Waits until a server is busy with nothing: its task state is null
/// (`GET /servers/{id}`).
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.wait("the server to be idle").until(ready::server_idle(ctx.actor(), id)).await?;
/// # Ok(())
/// # }
/// ```
pub fn server_idle(actor: &Actor, id: &str) -> impl FnMut() -> ProbeFuture<Server> + use<> {
    judged(actor.compute().servers().show(id), |response| {
        match response.body.at("/server/OS-EXT-STS:task_state") {
            Some(Value::String(task)) => Poll::not_yet(task),
            _ => Poll::ready(()),
        }
    })
}

/// Waits until a server is gone: not found any more, or reported as `DELETED` to an
/// admin, who sees it for a while yet (`GET /servers/{id}`).
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.compute().servers().delete(id).send().await?;
/// ctx.wait("the server to be gone").until(ready::server_gone(ctx.actor(), id)).await?;
/// # Ok(())
/// # }
/// ```
pub fn server_gone(actor: &Actor, id: &str) -> impl FnMut() -> ProbeFuture<()> + use<> {
    let call = actor.compute().servers().show(id);
    move || {
        let call = call.clone();
        Box::pin(async move {
            match call.send().await {
                Ok(response) => Ok(match response.body.at("/server/status") {
                    Some(Value::String(status)) if status != "DELETED" => {
                        Poll::not_yet(status).with_request_id(response.request_id)
                    }
                    _ => Poll::ready(()),
                }),
                Err(error) if error.is_not_found() => Ok(Poll::ready(())),
                Err(error) => Err(error.into()),
            }
        })
    }
}

/// Waits until a server is at another host than this, as after a migration
/// (`GET /servers/{id}`); an admin alone sees hosts.
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str, host: &str) -> squall::Result {
/// ctx.wait("the server to move").until(ready::server_moved(ctx.admin(), id, host)).await?;
/// # Ok(())
/// # }
/// ```
pub fn server_moved(
    actor: &Actor,
    id: &str,
    from: &str,
) -> impl FnMut() -> ProbeFuture<Server> + use<> {
    let from = from.to_owned();
    judged(actor.compute().servers().show(id), move |response| {
        let host = response.body.at("/server/OS-EXT-SRV-ATTR:host").and_then(Value::as_str);
        let status = response.body.at("/server/status").and_then(Value::as_str);
        match (host, status) {
            (_, Some("ERROR")) => Poll::dead_end("ERROR"),
            (Some(host), _) if host != from => Poll::ready(()),
            (Some(host), _) => Poll::not_yet(format!("at {host}")),
            (None, _) => Poll::dead_end("at a host that this identity may not see"),
        }
    })
}

/// Waits until an address is among a server's (`GET /servers/{id}`).
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.wait("the server to have its floating IP")
///     .until(ready::server_address(ctx.actor(), id, "203.0.113.7"))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn server_address(
    actor: &Actor,
    id: &str,
    address: &str,
) -> impl FnMut() -> ProbeFuture<Server> + use<> {
    let address = address.to_owned();
    judged(actor.compute().servers().show(id), move |response| {
        let networks = response.body.at("/server/addresses").and_then(Value::as_object);
        let entries = networks.into_iter().flat_map(|networks| networks.values());
        let entries = entries.filter_map(Value::as_array).flatten();
        let known: Vec<&str> = entries.filter_map(|entry| entry["addr"].as_str()).collect();
        match known.as_slice() {
            known if known.contains(&address.as_str()) => Poll::ready(()),
            [] => Poll::not_yet("no address"),
            known => Poll::not_yet(known.join(", ")),
        }
    })
}

/// Waits until every port of a server is ACTIVE (`GET /ports?device_id=…`); until it
/// has one, that is still to come.
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
/// ctx.wait("the server's ports").until(ready::server_ports_active(ctx.actor(), id)).await?;
/// # Ok(())
/// # }
/// ```
pub fn server_ports_active(
    actor: &Actor,
    id: &str,
) -> impl FnMut() -> ProbeFuture<Vec<Port>> + use<> {
    judged(actor.network().ports().list().query("device_id", id), |response| {
        let ports = response.body.at("/ports").and_then(Value::as_array);
        let states = ports.into_iter().flatten().filter_map(|port| port["status"].as_str());
        let states: Vec<&str> = states.collect();
        match states.as_slice() {
            [] => Poll::not_yet("no port"),
            states if states.contains(&"ERROR") => Poll::dead_end(states.join(", ")),
            states if states.iter().all(|state| *state == "ACTIVE") => Poll::ready(()),
            states => Poll::not_yet(states.join(", ")),
        }
    })
}

/// Waits until a port is none of a server's interfaces any more
/// (`GET /servers/{id}/os-interface`).
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str, port: &str) -> squall::Result {
/// ctx.compute().server_interfaces().delete(id, port).send().await?;
/// ctx.wait("the interface to be gone")
///     .until(ready::interface_gone(ctx.actor(), id, port))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn interface_gone(
    actor: &Actor,
    server: &str,
    port: &str,
) -> impl FnMut() -> ProbeFuture<Vec<ServerInterface>> + use<> {
    let port = port.to_owned();
    judged(actor.compute().server_interfaces().list(server), move |response| {
        let listed = response.body.at("/interfaceAttachments").and_then(Value::as_array);
        let has = listed.is_some_and(|all| all.iter().any(|one| one["port_id"] == *port));
        if has { Poll::not_yet("attached") } else { Poll::ready(()) }
    })
}

/// Waits until a volume is none of those attached to a server any more
/// (`GET /servers/{id}/os-volume_attachments`).
///
/// ```no_run
/// # use squall::{Context, wait::ready};
/// # async fn doc(ctx: &Context, id: &str, volume: &str) -> squall::Result {
/// ctx.compute().server_volume_attachments().delete(id, volume).send().await?;
/// ctx.wait("the server to give the volume back")
///     .until(ready::server_volume_detached(ctx.actor(), id, volume))
///     .await?;
/// # Ok(())
/// # }
/// ```
pub fn server_volume_detached(
    actor: &Actor,
    server: &str,
    volume: &str,
) -> impl FnMut() -> ProbeFuture<Vec<ServerVolumeAttachment>> + use<> {
    let volume = volume.to_owned();
    judged(actor.compute().server_volume_attachments().list(server), move |response| {
        let listed = response.body.at("/volumeAttachments").and_then(Value::as_array);
        let has = listed.is_some_and(|all| all.iter().any(|one| one["volumeId"] == *volume));
        if has { Poll::not_yet("attached") } else { Poll::ready(()) }
    })
}
