//! A server and the ports it is on.

use serde_json::json;
use squall::scenario::networks;
use squall::scenario::servers::{self, boot};
use squall::{Context, ensure_eq};

/// A server boots on an existing port, which outlives it.
#[squall::test(id = "scenario.server.own-port")]
async fn a_port_of_ones_own_outlives_it(ctx: &Context) -> squall::Result {
    let networks::NetworkAndSubnet { network, .. } =
        networks::with_subnet(ctx, "10.22.0.0/24").await?;
    let port = networks::port(ctx, &network.id, json!({})).await?;
    let ports = ctx.network().ports();
    let server = boot(ctx, json!({ "networks": [{ "port": port.id }] })).await?;
    let shown = ports.show(&port.id).send().await?;
    ensure_eq!(shown.value.device_id.as_deref(), Some(server.id.as_str()));
    let interfaces = ctx.compute().server_interfaces().list(&server.id).send().await?;
    ensure_eq!(interfaces.body.at("/interfaceAttachments/0/port_id"), Some(&json!(port.id)));
    servers::delete(ctx, &server.id).await?;
    let shown = ports.show(&port.id).send().await?;
    ensure_eq!(shown.value.device_id.as_deref(), Some(""));
    Ok(())
}
