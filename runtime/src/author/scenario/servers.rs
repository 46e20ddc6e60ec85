//! Servers: boot, actions, attachments.

use serde_json::{Value, json};

use super::with;
use crate::client::{Call, Response};
use crate::compute::types::{Server, ServerInterface, ServerResize};
use crate::context::Made;
use crate::image::types::Image;
use crate::wait::{Poll, ready};
use crate::{Context, Failure, Result, kinds};

pub use super::choices::{another_flavor, public_image, smallest_flavor};

/// Boots a server and waits until it is ACTIVE (`POST /servers`).
///
/// Unless `further` says otherwise it has the smallest flavor, a public image and no
/// network (which needs microversion 2.37).
pub async fn boot(ctx: &Context, further: Value) -> Result<Made<Server>> {
    let made = start_boot(ctx, further).await?;
    active(ctx, &made.id).await?;
    Ok(made)
}

/// Boots a server as [`boot`] does, without waiting.
pub async fn start_boot(ctx: &Context, further: Value) -> Result<Made<Server>> {
    let has = |field: &str| further.get(field).is_some();
    let mut body = json!({ "networks": "none" });
    if !has("flavorRef") {
        body["flavorRef"] = smallest_flavor(ctx).await?.into();
    }
    if !has("imageRef") && !has("block_device_mapping_v2") {
        body["imageRef"] = public_image(ctx).await?.into();
    }
    let body = with(body, further);
    let servers = ctx.compute().servers();
    let made = ctx.create(servers.create(body)).await?;
    Ok(made)
}

/// Boots a server from a volume, which stays when the server goes (`POST /servers` with
/// `block_device_mapping_v2`).
pub async fn boot_from_volume(ctx: &Context, volume: &str) -> Result<Made<Server>> {
    let disk = json!({
        "boot_index": 0,
        "uuid": volume,
        "source_type": "volume",
        "destination_type": "volume",
        "delete_on_termination": false,
    });
    boot(ctx, json!({ "block_device_mapping_v2": [disk] })).await
}

/// Waits until a server is ACTIVE.
pub async fn active(ctx: &Context, id: &str) -> Result<Server> {
    becomes(ctx, id, "ACTIVE").await
}

/// Waits until a server has a status.
pub async fn becomes(ctx: &Context, id: &str, status: &str) -> Result<Server> {
    let waiting = ctx.wait(format!("the server to be {status}"));
    Ok(waiting.until(ready::state(ctx.actor(), ctx.compute().servers().show(id), status)).await?)
}

/// Deletes a server and waits until it is gone (`DELETE /servers/{id}`).
pub async fn delete(ctx: &Context, id: &str) -> Result {
    ctx.compute().servers().delete(id).send().await?;
    let waiting = ctx.wait("the server to be gone");
    Ok(waiting.until(ready::server_gone(ctx.actor(), id)).await?)
}

/// How a server is rebooted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reboot {
    /// The guest operating system is asked to reboot.
    Soft,
    /// The power is cut.
    Hard,
}

/// Reboots a server and waits until it is ACTIVE again (action `reboot`).
pub async fn reboot(ctx: &Context, id: &str, how: Reboot) -> Result<Server> {
    let how = if how == Reboot::Soft { "SOFT" } else { "HARD" };
    let call = ctx.compute().servers().reboot(id, json!({ "type": how }));
    act(ctx, id, call, "ACTIVE").await
}

/// Stops a server and waits until it is SHUTOFF (action `os-stop`).
pub async fn stop(ctx: &Context, id: &str) -> Result<Server> {
    act(ctx, id, ctx.compute().servers().stop(id), "SHUTOFF").await
}

/// Starts a server that is off and waits until it is ACTIVE (action `os-start`).
pub async fn start(ctx: &Context, id: &str) -> Result<Server> {
    act(ctx, id, ctx.compute().servers().start(id), "ACTIVE").await
}

/// Pauses a server and waits until it is PAUSED (action `pause`).
pub async fn pause(ctx: &Context, id: &str) -> Result<Server> {
    act(ctx, id, ctx.compute().servers().pause(id), "PAUSED").await
}

/// Unpauses a server (action `unpause`).
pub async fn unpause(ctx: &Context, id: &str) -> Result<Server> {
    act(ctx, id, ctx.compute().servers().unpause(id), "ACTIVE").await
}

/// Suspends a server and waits until it is SUSPENDED (action `suspend`).
pub async fn suspend(ctx: &Context, id: &str) -> Result<Server> {
    act(ctx, id, ctx.compute().servers().suspend(id), "SUSPENDED").await
}

/// Resumes a suspended server (action `resume`).
pub async fn resume(ctx: &Context, id: &str) -> Result<Server> {
    act(ctx, id, ctx.compute().servers().resume(id), "ACTIVE").await
}

/// Rescues a server and waits until it is in RESCUE; `further` may name an image (action
/// `rescue`).
pub async fn rescue(ctx: &Context, id: &str, further: Value) -> Result<Server> {
    act(ctx, id, ctx.compute().servers().rescue(id, further), "RESCUE").await
}

/// Boots a rescued server from its own disk again (action `unrescue`).
pub async fn unrescue(ctx: &Context, id: &str) -> Result<Server> {
    act(ctx, id, ctx.compute().servers().unrescue(id), "ACTIVE").await
}

/// Shelves a server and waits until it is off its host (action `shelve`).
///
/// A cloud may keep shelved servers on their hosts for a while (`shelved_offload_time`).
pub async fn shelve(ctx: &Context, id: &str) -> Result<Server> {
    act(ctx, id, ctx.compute().servers().shelve(id), "SHELVED_OFFLOADED").await
}

/// Unshelves a server and waits until it is ACTIVE (action `unshelve`).
pub async fn unshelve(ctx: &Context, id: &str) -> Result<Server> {
    act(ctx, id, ctx.compute().servers().unshelve(id, Value::Null), "ACTIVE").await
}

/// Rebuilds a server from an image; it then is ACTIVE, or SHUTOFF if it was (action
/// `rebuild`).
pub async fn rebuild(ctx: &Context, id: &str, image: &str, further: Value) -> Result<Server> {
    let body = with(json!({ "imageRef": image }), further);
    ctx.compute().servers().rebuild(id, body).send().await?;
    leaves(ctx, id, &["REBUILD"]).await
}

/// Resizes a server to a flavor and waits until the resize can be confirmed or reverted
/// (action `resize`).
pub async fn resize(ctx: &Context, id: &str, flavor: &str) -> Result<Server> {
    let to = ServerResize { flavor_ref: flavor.to_owned(), ..ServerResize::default() };
    act(ctx, id, ctx.compute().servers().resize(id, to), "VERIFY_RESIZE").await
}

/// Confirms a resize; the server then is ACTIVE, or SHUTOFF if it was (action
/// `confirmResize`).
pub async fn confirm_resize(ctx: &Context, id: &str) -> Result<Server> {
    ctx.compute().servers().confirm_resize(id).send().await?;
    leaves(ctx, id, &["VERIFY_RESIZE"]).await
}

/// Reverts a resize; the server then is ACTIVE, or SHUTOFF if it was (action
/// `revertResize`).
pub async fn revert_resize(ctx: &Context, id: &str) -> Result<Server> {
    ctx.compute().servers().revert_resize(id).send().await?;
    leaves(ctx, id, &["VERIFY_RESIZE", "REVERT_RESIZE"]).await
}

/// Puts a server into the state `ACTIVE` or `ERROR`, as the admin, whatever it is in (action
/// `os-resetState`).
pub async fn reset(ctx: &Context, id: &str, status: &str) -> Result<Server> {
    let body = json!({ "state": status.to_lowercase() });
    act(ctx, id, ctx.admin().compute().servers().reset_state(id, body), status).await
}

async fn act<T>(ctx: &Context, id: &str, call: Call<T>, status: &str) -> Result<Server> {
    call.send().await?;
    settles(ctx, id, status).await
}

/// Waits until a server has a status, and nothing is done to it any more.
pub async fn settles(ctx: &Context, id: &str, status: &str) -> Result<Server> {
    idle(ctx, id, format!("the server to be {status}"), |shown| shown == status).await
}

/// Waits until a server has another status than these, and nothing is done to it any more.
async fn leaves(ctx: &Context, id: &str, statuses: &[&str]) -> Result<Server> {
    let what = format!("the server not to be {} any more", statuses.join(" or "));
    idle(ctx, id, what, |shown| !statuses.contains(&shown)).await
}

/// Waits until a server has a wanted status, and nothing is done to it any more.
///
/// What is done to a server in error may lead out of it.
async fn idle(
    ctx: &Context,
    id: &str,
    what: String,
    wanted: impl Fn(&str) -> bool,
) -> Result<Server> {
    let show = || ctx.compute().servers().show(id).send();
    let waiting = ctx.wait(what).until(|| async {
        let shown = show().await?;
        let text = |pointer: &str| shown.body.at(pointer).and_then(Value::as_str);
        let status = text("/server/status").unwrap_or_default().to_owned();
        let task = text("/server/OS-EXT-STS:task_state").map(str::to_owned);
        Ok(match task {
            Some(task) => Poll::not_yet(format!("{status} ({task})")),
            None if wanted(&status) => Poll::ready(shown.value),
            None if status == "ERROR" => Poll::dead_end(status),
            None => Poll::not_yet(status),
        }
        .with_request_id(shown.request_id))
    });
    Ok(waiting.await?)
}

/// Migrates a server to another host, as the admin, and waits until that can be confirmed or
/// reverted, as a resize is (action `migrate`).
pub async fn migrate(ctx: &Context, id: &str) -> Result<Server> {
    act(ctx, id, ctx.admin().compute().servers().migrate(id, Value::Null), "VERIFY_RESIZE").await
}

/// Migrates a server to another host while it runs, as the admin, and waits until it is there
/// (action `os-migrateLive`).
pub async fn live_migrate(ctx: &Context, id: &str) -> Result<Server> {
    let from = host(ctx, id).await?;
    let body = json!({ "host": null, "block_migration": "auto" });
    ctx.admin().compute().servers().migrate_live(id, body).send().await?;
    let waiting = ctx.wait("the server to be on another host");
    waiting.until(ready::server_moved(ctx.admin(), id, &from)).await?;
    settles(ctx, id, "ACTIVE").await
}

/// Creates an image of a server and waits until it is active (action `createImage`).
pub async fn snapshot(ctx: &Context, id: &str) -> Result<Made<Image>> {
    let servers = ctx.compute().servers();
    let made = ctx.create(servers.create_image(id, json!({}))).await?;
    let waiting = ctx.wait("the image to be active");
    let value = waiting
        .until(ready::state(ctx.actor(), ctx.image().images().show(&made.id), "active"))
        .await?;
    let waiting = ctx.wait("the server to be done with its image");
    waiting.until(ready::server_idle(ctx.actor(), id)).await?;
    Ok(Made { value, id: made.id, name: made.name })
}

/// Attaches a volume and waits until it is the server's
/// (`POST /servers/{id}/os-volume_attachments`).
pub async fn attach_volume(ctx: &Context, server: &str, volume: &str) -> Result {
    let attachments = ctx.compute().server_volume_attachments();
    let attach = attachments.create(server, json!({ "volumeId": volume }));
    ctx.change(&kinds::compute::VOLUME_ATTACHMENT, attach).await?;
    let waiting = ctx.wait("the volume to be attached to the server");
    waiting.until(ready::volume_attached(ctx.actor(), volume, server)).await?;
    Ok(())
}

/// Detaches a volume and waits until it is available and none of the server's
/// (`DELETE /servers/{id}/os-volume_attachments/{volume}`).
pub async fn detach_volume(ctx: &Context, server: &str, volume: &str) -> Result {
    ctx.compute().server_volume_attachments().delete(server, volume).send().await?;
    let waiting = ctx.wait("the volume to be free again");
    waiting
        .until(ready::state(ctx.actor(), ctx.volume().volumes().show(volume), "available"))
        .await?;
    // Compute forgets it after block storage has let it go.
    let waiting = ctx.wait("the server to have given the volume back");
    waiting.until(ready::server_volume_detached(ctx.actor(), server, volume)).await?;
    Ok(())
}

/// Attaches a port and waits until the server has its addresses
/// (`POST /servers/{id}/os-interface`).
pub async fn attach_port(ctx: &Context, server: &str, port: &str) -> Result<ServerInterface> {
    let interfaces = ctx.compute().server_interfaces();
    let made = interfaces.create(server, json!({ "port_id": port })).send().await?;
    for address in made
        .body
        .at("/interfaceAttachment/fixed_ips")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let address = address["ip_address"].as_str().unwrap_or_default();
        let waiting = ctx.wait(format!("the server to have the address {address}"));
        waiting.until(ready::server_address(ctx.actor(), server, address)).await?;
    }
    Ok(made.value)
}

/// Detaches a port and waits until the server no longer has it
/// (`DELETE /servers/{id}/os-interface/{port}`).
pub async fn detach_port(ctx: &Context, server: &str, port: &str) -> Result {
    ctx.compute().server_interfaces().delete(server, port).send().await?;
    let waiting = ctx.wait("the interface to be gone");
    waiting.until(ready::interface_gone(ctx.actor(), server, port)).await?;
    Ok(())
}

/// Returns a server's addresses, on one network by its name or on all (`GET /servers/{id}`).
pub async fn addresses(ctx: &Context, id: &str, network: Option<&str>) -> Result<Vec<String>> {
    let shown = ctx.compute().servers().show(id).send().await?;
    let networks = shown.body.at("/server/addresses").and_then(Value::as_object);
    let wanted = |name: &str| network.is_none_or(|wanted| wanted == name);
    let entries = networks
        .into_iter()
        .flatten()
        .filter(|(name, _)| wanted(name))
        .filter_map(|(_, entries)| entries.as_array())
        .flatten();
    Ok(entries.filter_map(|entry| entry["addr"].as_str()).map(str::to_owned).collect())
}

/// Returns the host that a server is on, as the admin (`GET /servers/{id}`).
pub async fn host(ctx: &Context, id: &str) -> Result<String> {
    let shown = ctx.admin().compute().servers().show(id).send().await?;
    let host = shown.body.at("/server/OS-EXT-SRV-ATTR:host").and_then(Value::as_str);
    host.map(str::to_owned).ok_or_else(|| {
        Failure::new(format!("server {id} is on no host")).with_request_id(shown.request_id.clone())
    })
}

/// Returns the last lines of a server's console log (action `os-getConsoleOutput`).
pub async fn console_log(ctx: &Context, id: &str, lines: u32) -> Result<String> {
    let call = ctx.compute().servers().get_console_output(id, json!({ "length": lines }));
    let Response { body, .. } = call.send().await?;
    Ok(body.at("/output").and_then(Value::as_str).unwrap_or_default().to_owned())
}
