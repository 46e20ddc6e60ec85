//! A server and the ports it is on.

use serde_json::{Value, json};
use squall::scenario::networks;
use squall::scenario::servers::{self, boot};
use squall::wait::{Poll, ProbeError, ready};
use squall::{Context, ensure, ensure_eq};

/// A server boots on an existing port, which outlives it.
#[squall::test(id = "scenario.server.own-port")]
async fn a_port_of_ones_own_outlives_it(ctx: &Context) -> squall::Result {
    let networks::NetworkAndSubnet { network, .. } =
        networks::with_subnet(ctx, "10.22.0.0/24").await?;
    let port = networks::port(ctx, &network.id, json!({})).await?;
    ensure!(port.fixed_ips.as_ref().is_some_and(|ips| !ips.is_empty()), "it has no address");
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

/// A second port is attached to a server that runs, and detached: one of its own outlives
/// that, one that compute made does not.
#[squall::test(id = "scenario.server.second-port", features("compute.interface_attach"))]
async fn a_second_port_comes_and_goes(ctx: &Context) -> squall::Result {
    let first = networks::with_subnet(ctx, "10.25.0.0/24").await?.network;
    let second = networks::with_subnet(ctx, "10.26.0.0/24").await?.network;
    let server = boot(ctx, json!({ "networks": [{ "uuid": first.id }] })).await?;
    let port = networks::port(ctx, &second.id, json!({})).await?;
    let ports = ctx.network().ports();
    let interfaces = ctx.compute().server_interfaces();

    servers::attach_port(ctx, &server.id, &port.id).await?;
    let held = ports.show(&port.id).send().await?;
    ensure_eq!(held.value.device_id.as_deref(), Some(server.id.as_str()));
    has_addresses(ctx, &server.id, Some(&second.name), 1).await?;
    // What one server has is not another one's to take.
    let taken = boot(ctx, json!({})).await?;
    let take = json!({ "port_id": port.id });
    interfaces.create(&taken.id, take).expect_error(409).await?;
    servers::detach_port(ctx, &server.id, &port.id).await?;
    let free = ports.show(&port.id).send().await?;
    ensure_eq!(free.value.device_id.as_deref(), Some(""));
    has_addresses(ctx, &server.id, Some(&second.name), 0).await?;

    let made = interfaces.create(&server.id, json!({ "net_id": second.id })).send().await?;
    let made = made.body.at("/interfaceAttachment/port_id").and_then(Value::as_str);
    let made = made.unwrap_or_default().to_owned();
    ensure_eq!(interfaces.list(&server.id).send().await?.value.len(), 2);
    servers::detach_port(ctx, &server.id, &made).await?;
    ctx.wait("the port to be gone").until(ready::gone(ports.show(&made))).await?;
    has_addresses(ctx, &server.id, None, 1).await
}

/// Waits until a server shows this many addresses: nova's record of them follows the port's.
async fn has_addresses(
    ctx: &Context,
    server: &str,
    network: Option<&str>,
    number: usize,
) -> squall::Result {
    ctx.wait("the addresses of the server to follow its ports")
        .until(|| async {
            let known = servers::addresses(ctx, server, network).await;
            let known = known.map_err(|why| ProbeError::lasting(why.to_string()))?;
            Ok(if known.len() == number {
                Poll::ready(())
            } else {
                Poll::not_yet(known.join(", "))
            })
        })
        .await?;
    Ok(())
}
