//! What a server goes through: every action in every state, and what each one leaves behind.

mod actions;
mod deleted;
mod images;
mod rebuild;
mod refused;
mod rescue;
mod resize;
mod shelve;
mod ways;

use serde_json::{Value, json};
use squall::compute::types::Server;
use squall::context::Made;
use squall::scenario::{networks, servers, volumes};
use squall::wait::{Poll, ready};
use squall::{Context, Result, ensure_eq};

/// Servers in every state.
#[squall::suite(
    id = "compute.states",
    needs(compute >= "2.73", image),
    timeout = 300
)]
pub(crate) struct States;

/// Returns what an admin sees of a server.
async fn shown(ctx: &Context, id: &str) -> Result<Value> {
    let shown = ctx.admin().compute().servers().show(id).send().await?;
    Ok(shown.body.at("/server").cloned().unwrap_or_default())
}

/// Returns a text of what is shown; empty where there is none.
fn text<'a>(shown: &'a Value, pointer: &str) -> &'a str {
    shown.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Checks that these actions, the first one first, are all that was asked of a server.
async fn ensure_actions(ctx: &Context, id: &str, wanted: &[&str]) -> Result {
    let listed = ctx.compute().server_instance_actions().list(id).send().await?;
    let listed = listed.body.at("/instanceActions").and_then(Value::as_array);
    let all = listed.into_iter().flatten().rev();
    let names: Vec<&str> = all.filter_map(|one| one["action"].as_str()).collect();
    ensure_eq!(names, wanted);
    Ok(())
}

/// Returns what a server uses of its host, as placement has it: nothing where it is on none.
async fn allocated(ctx: &Context, id: &str) -> Result<Option<Value>> {
    let shown = ctx.admin().placement().allocations().show(id).send().await?;
    let hosts = shown.body.at("/allocations").and_then(Value::as_object);
    Ok(hosts.and_then(|hosts| hosts.values().next()).map(|one| one["resources"].clone()))
}

/// Waits until placement has that a server uses this much of one host, or nothing: the host
/// gives back what it had after the server has its new status.
async fn becomes_allocated(ctx: &Context, id: &str, wanted: Option<&Value>) -> Result {
    ctx.wait("the allocations to follow")
        .until(|| async {
            let used = allocated(ctx, id).await;
            Ok(match used {
                Ok(used) if used.as_ref() == wanted => Poll::ready(()),
                Ok(used) => Poll::not_yet(format!("{used:?}")),
                Err(failure) => Poll::dead_end(failure.to_string()),
            })
        })
        .await?;
    Ok(())
}

/// Returns what a flavor takes of a host, as placement has it; `disk` is the root disk's.
async fn resources_of(ctx: &Context, flavor: &str, disk: bool) -> Result<Value> {
    let shown = ctx.compute().flavors().show(flavor).send().await?;
    let number = |field: &str| {
        shown.body.at(&format!("/flavor/{field}")).and_then(Value::as_u64).unwrap_or_default()
    };
    let root = if disk { number("disk") } else { 0 };
    let disk = root + number("OS-FLV-EXT-DATA:ephemeral") + number("swap").div_ceil(1024);
    let wanted = [("VCPU", number("vcpus")), ("MEMORY_MB", number("ram")), ("DISK_GB", disk)];
    Ok(wanted
        .into_iter()
        .filter(|(_, amount)| *amount > 0)
        .map(|(class, amount)| (class.to_owned(), Value::from(amount)))
        .collect::<serde_json::Map<_, _>>()
        .into())
}

/// Boots a server with a port on a network and a volume, which what is done to it leaves alone.
async fn equipped(ctx: &Context, cidr: &str) -> Result<Made<Server>> {
    let networks::NetworkAndSubnet { network, .. } = networks::with_subnet(ctx, cidr).await?;
    let server = servers::boot(ctx, json!({ "networks": [{ "uuid": network.id }] })).await?;
    let volume = volumes::create(ctx, json!({})).await?;
    servers::attach_volume(ctx, &server.id, &volume.id).await?;
    let ports = ctx.network().ports().list().query("device_id", &server.id).send().await?.value;
    let addresses = ports.iter().flat_map(|port| port.fixed_ips.iter().flatten()).count();
    ensure_eq!(addresses, 1, "the server has an address");
    Ok(server)
}

/// Returns the ports of a server with their addresses, and its volumes; waits until the ports
/// are ACTIVE.
async fn equipment(ctx: &Context, id: &str) -> Result<Value> {
    let active = ctx.wait("the server's ports to be active");
    active.until(ready::server_ports_active(ctx.actor(), id)).await?;
    let ports = ctx.network().ports().list().query("device_id", id).send().await?;
    let ports = ports.body.at("/ports").and_then(Value::as_array).cloned().unwrap_or_default();
    let ports: Vec<Value> = ports
        .into_iter()
        .map(|port| {
            json!({
                "id": port["id"], "mac": port["mac_address"], "addresses": port["fixed_ips"],
                "groups": port["security_groups"],
            })
        })
        .collect();
    let attached = ctx.compute().server_volume_attachments().list(id).send().await?;
    let attached = attached.body.at("/volumeAttachments").and_then(Value::as_array);
    let mut volumes = Vec::new();
    for volume in attached.into_iter().flatten().filter_map(|one| one["volumeId"].as_str()) {
        let shown = ctx.volume().volumes().show(volume).send().await?;
        volumes.push(json!({
            "id": volume,
            "status": shown.body.at("/volume/status"),
            "server": shown.body.at("/volume/attachments/0/server_id"),
        }));
    }
    Ok(json!({ "ports": ports, "volumes": volumes }))
}
