//! Floating IPs: addresses of an external network that lead to a port.

use serde_json::json;
use squall::network::types::Port;
use squall::scenario::networks;
use squall::{Context, ensure, ensure_eq, kinds};

use super::addresses::subnet;
use super::routers::external_network;

/// A floating IP is associated with one port, then another, then none, and deleted.
#[squall::test(id = "network.floating-ips.move", tags(smoke))]
async fn an_address_moves_between_ports(ctx: &Context) -> squall::Result {
    let outside = external_network(ctx).await?;
    let (network, subnet) = subnet(ctx, "10.11.14.0/24").await?;
    let routers = ctx.network().routers();
    let router = ctx
        .create(routers.create(json!({
            "external_gateway_info": { "network_id": outside },
        })))
        .await?;
    let plug = routers.add_router_interface(&router.id, json!({ "subnet_id": subnet }));
    ctx.change(&kinds::network::ROUTER_INTERFACE, plug).await?;
    let mut ports = Vec::new();
    for _ in 0..2 {
        ports.push(networks::port(ctx, &network, json!({})).await?);
    }
    let fixed_ip = |port: &Port| {
        let fixed_ips = port.fixed_ips.as_deref().unwrap_or_default();
        fixed_ips.first().and_then(|fixed_ip| fixed_ip.ip_address.clone())
    };

    let addresses = ctx.network().floating_ips();
    let address = ctx
        .create(addresses.create(json!({
            "floating_network_id": outside,
            "port_id": ports[0].id,
        })))
        .await?;
    ensure!(address.project_id.is_some(), "the floating IP has no project");
    ensure!(address.floating_ip_address.is_some(), "the floating IP has no address");
    ensure_eq!(address.floating_network_id.as_deref(), Some(outside.as_str()));
    ensure_eq!(address.port_id.as_ref(), Some(&ports[0].id));
    ensure_eq!(address.fixed_ip_address, fixed_ip(&ports[0]));
    ensure_eq!(address.router_id.as_ref(), Some(&router.id));
    let shown = addresses.show(&address.id).send().await?.value;
    ensure_eq!(shown.id.as_ref(), Some(&address.id));
    ensure_eq!(shown.floating_network_id, address.floating_network_id);
    ensure_eq!(shown.project_id, address.project_id);
    ensure_eq!(shown.floating_ip_address, address.floating_ip_address);
    ensure_eq!(shown.port_id, address.port_id);
    let listed = addresses.list().send().await?.value;
    let found = listed.iter().any(|other| other.id.as_ref() == Some(&address.id));
    ensure!(found, "the floating IP is not listed");

    let moved = networks::associate(ctx, &address.id, &ports[1].id).await?;
    let shown = addresses.show(&address.id).send().await?.value;
    for now in [&moved, &shown] {
        ensure_eq!(now.port_id.as_ref(), Some(&ports[1].id));
        ensure_eq!(now.fixed_ip_address, fixed_ip(&ports[1]));
        ensure_eq!(now.router_id.as_ref(), Some(&router.id));
    }
    let freed = addresses.update(&address.id, json!({ "port_id": null })).send().await?;
    let shown = addresses.show(&address.id).send().await?;
    for field in ["port_id", "fixed_ip_address", "router_id"] {
        let pointer = format!("/floatingip/{field}");
        ensure_eq!(freed.body.at(&pointer), Some(&json!(null)), "{field}");
        ensure_eq!(shown.body.at(&pointer), Some(&json!(null)), "{field}");
    }
    addresses.delete(&address.id).send().await?;
    addresses.show(&address.id).expect_error(404).await?;
    Ok(())
}
