//! An address that leads to a server, and away from it.

use serde_json::json;
use squall::scenario::{networks, servers};
use squall::wait::{Poll, ready};
use squall::{Context, ensure_eq};

/// A floating IP is associated with the port of a server, and disassociated.
#[squall::test(id = "scenario.server.floating-ip", features("network.external"))]
async fn leads_to_a_server_and_away(ctx: &Context) -> squall::Result {
    let external = networks::external(ctx).await?;
    let place = networks::routed(ctx, "10.23.0.0/24").await?;
    let group = networks::loginable(ctx).await?;
    let port = networks::port(ctx, &place.network.id, json!({ "security_groups": [group.id] }));
    let port = port.await?;
    let server = servers::boot(ctx, json!({ "networks": [{ "port": port.id }] })).await?;
    let address = networks::floating_ip(ctx, &external).await?;
    let outside = address.floating_ip_address.clone().unwrap_or_default();
    let led = networks::associate(ctx, &address.id, &port.id).await?;
    ensure_eq!(led.port_id.as_deref(), Some(port.id.as_str()));
    ensure_eq!(led.fixed_ip_address.is_some(), true, "it leads to no address");
    ctx.wait("the floating IP to be active")
        .until(ready::state(ctx.actor(), ctx.network().floating_ips().show(&address.id), "ACTIVE"))
        .await?;
    // Compute hears of it from the network.
    ctx.wait("the server to have the floating IP")
        .until(ready::server_address(ctx.actor(), &server.id, &outside))
        .await?;
    let free = networks::dissociate(ctx, &address.id).await?;
    ensure_eq!((free.port_id, free.fixed_ip_address), (None, None));
    ctx.wait("the server to be without the floating IP")
        .until(|| async {
            let known = ctx.compute().servers().show(&server.id).send().await?;
            let known = known.body.at("/server/addresses").map(ToString::to_string);
            Ok(match known.filter(|known| known.contains(&outside)) {
                None => Poll::ready(()),
                Some(known) => Poll::not_yet(known),
            })
        })
        .await?;
    Ok(())
}
