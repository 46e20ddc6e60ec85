//! A server and the ports it is on.

use serde_json::json;
use squall::{Context, ensure_eq, kinds};

use crate::compute::boot;

/// A server boots on a port of one's own, which outlives it.
#[squall::test(id = "scenario.server.own-port")]
async fn a_port_of_ones_own_outlives_it(ctx: &Context) -> squall::Result {
    let network = ctx
        .create(&kinds::NETWORK, |name| ctx.network().networks().create(json!({ "name": name })))
        .await?;
    ctx.create(&kinds::SUBNET, |name| {
        ctx.network().subnets().create(json!({
            "name": name,
            "network_id": network.id,
            "ip_version": 4,
            "cidr": "10.22.0.0/24",
        }))
    })
    .await?;
    let ports = ctx.network().ports();
    let port = ctx
        .create(&kinds::PORT, |name| {
            ports.create(json!({ "name": name, "network_id": network.id }))
        })
        .await?;
    let server = boot(ctx, json!({ "networks": [{ "port": port.id }] })).await?;
    let shown = ports.show(&port.id).send().await?;
    ensure_eq!(shown.body.at("/port/device_id"), Some(&json!(server.id)));
    let interfaces = ctx.compute().server_interfaces().list(&server.id).send().await?;
    ensure_eq!(interfaces.body.at("/interfaceAttachments/0/port_id"), Some(&json!(port.id)));
    let servers = ctx.compute().servers();
    servers.delete(&server.id).send().await?;
    ctx.wait("the server to be gone")
        .until(squall::wait::ready::gone(servers.show(&server.id)))
        .await?;
    let shown = ports.show(&port.id).send().await?;
    ensure_eq!(shown.body.at("/port/device_id"), Some(&json!("")));
    Ok(())
}
