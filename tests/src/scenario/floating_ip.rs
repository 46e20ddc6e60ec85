//! An address that leads to a server, and away from it.

use serde_json::json;
use squall::scenario::{networks, servers};
use squall::{Context, ensure_eq};

/// A floating IP is associated with the port of a server, and disassociated.
#[squall::test(id = "scenario.server.floating-ip", features("network.external"))]
async fn leads_to_a_server_and_away(ctx: &Context) -> squall::Result {
    let external = networks::external(ctx).await?;
    let place = networks::routed(ctx, "10.23.0.0/24").await?;
    let group = networks::loginable(ctx).await?;
    let port = networks::port(ctx, &place.network.id, json!({ "security_groups": [group.id] }));
    let port = port.await?;
    servers::boot(ctx, json!({ "networks": [{ "port": port.id }] })).await?;
    let address = networks::floating_ip(ctx, &external).await?;
    let led = networks::associate(ctx, &address.id, &port.id).await?;
    ensure_eq!(led.port_id.as_deref(), Some(port.id.as_str()));
    let free = networks::dissociate(ctx, &address.id).await?;
    ensure_eq!(free.port_id, None);
    Ok(())
}
