//! Servers: boot, actions, attachments.

use serde_json::{Value, json};

use super::with;
use crate::client::{Call, Response};
use crate::compute::types::{Server, ServerResize};
use crate::context::Made;
use crate::image::types::Image;
use crate::wait::ready;
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

/// Pauses a server, as the admin, and waits until it is PAUSED (action `pause`).
pub async fn pause(ctx: &Context, id: &str) -> Result<Server> {
    act(ctx, id, ctx.admin().compute().servers().pause(id), "PAUSED").await
}

/// Unpauses a server, as the admin (action `unpause`).
pub async fn unpause(ctx: &Context, id: &str) -> Result<Server> {
    act(ctx, id, ctx.admin().compute().servers().unpause(id), "ACTIVE").await
}

/// Suspends a server, as the admin, and waits until it is SUSPENDED (action `suspend`).
pub async fn suspend(ctx: &Context, id: &str) -> Result<Server> {
    act(ctx, id, ctx.admin().compute().servers().suspend(id), "SUSPENDED").await
}

/// Resumes a suspended server, as the admin (action `resume`).
pub async fn resume(ctx: &Context, id: &str) -> Result<Server> {
    act(ctx, id, ctx.admin().compute().servers().resume(id), "ACTIVE").await
}

/// Rebuilds a server from an image and waits until it is ACTIVE again (action `rebuild`).
pub async fn rebuild(ctx: &Context, id: &str, image: &str) -> Result<Server> {
    let call = ctx.compute().servers().rebuild(id, json!({ "imageRef": image }));
    act(ctx, id, call, "ACTIVE").await
}

/// Resizes a server to a flavor and confirms it (actions `resize`, `confirmResize`).
pub async fn resize(ctx: &Context, id: &str, flavor: &str) -> Result<Server> {
    let servers = ctx.compute().servers();
    let to = ServerResize { flavor_ref: flavor.to_owned(), ..ServerResize::default() };
    let call = servers.resize(id, to);
    act(ctx, id, call, "VERIFY_RESIZE").await?;
    act(ctx, id, servers.confirm_resize(id), "ACTIVE").await
}

async fn act<T>(ctx: &Context, id: &str, call: Call<T>, status: &str) -> Result<Server> {
    call.send().await?;
    becomes(ctx, id, status).await
}

/// Creates an image of a server and waits until it is active (action `createImage`).
pub async fn snapshot(ctx: &Context, id: &str) -> Result<Made<Image>> {
    let servers = ctx.compute().servers();
    let made = ctx.create(servers.create_image(id, json!({}))).await?;
    let waiting = ctx.wait("the image to be active");
    let value = waiting
        .until(ready::state(ctx.actor(), ctx.image().images().show(&made.id), "active"))
        .await?;
    Ok(Made { value, id: made.id, name: made.name })
}

/// Attaches a volume and waits until it is in use
/// (`POST /servers/{id}/os-volume_attachments`).
pub async fn attach_volume(ctx: &Context, server: &str, volume: &str) -> Result {
    let attachments = ctx.compute().server_volume_attachments();
    let attach = attachments.create(server, json!({ "volumeId": volume }));
    ctx.change(&kinds::compute::VOLUME_ATTACHMENT, attach).await?;
    let waiting = ctx.wait("the volume to be in use");
    waiting.until(ready::state(ctx.actor(), ctx.volume().volumes().show(volume), "in-use")).await?;
    Ok(())
}

/// Detaches a volume and waits until it is available
/// (`DELETE /servers/{id}/os-volume_attachments/{volume}`).
pub async fn detach_volume(ctx: &Context, server: &str, volume: &str) -> Result {
    ctx.compute().server_volume_attachments().delete(server, volume).send().await?;
    let waiting = ctx.wait("the volume to be free again");
    waiting
        .until(ready::state(ctx.actor(), ctx.volume().volumes().show(volume), "available"))
        .await?;
    Ok(())
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
