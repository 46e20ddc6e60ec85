//! Floating IPs: addresses of an external network that lead to a port.

use serde_json::json;
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
        .create(&kinds::ROUTER, |name| {
            routers.create(json!({
                "name": name,
                "external_gateway_info": { "network_id": outside },
            }))
        })
        .await?;
    let plug = routers.add_router_interface(&router.id, json!({ "subnet_id": subnet }));
    ctx.change(&kinds::ROUTER_INTERFACE, plug).await?;
    let mut ports = Vec::new();
    for _ in 0..2 {
        let body = |name: &str| json!({ "name": name, "network_id": network });
        let port = ctx.create(&kinds::PORT, |name| ctx.network().ports().create(body(name)));
        ports.push(port.await?.id);
    }

    let addresses = ctx.network().floating_ips();
    let address = ctx
        .create(&kinds::FLOATING_IP, |name| {
            addresses.create(json!({
                "description": name,
                "floating_network_id": outside,
                "port_id": ports[0],
            }))
        })
        .await?;
    let shown = addresses.show(&address.id).send().await?;
    ensure_eq!(shown.body.at("/floatingip/port_id"), Some(&json!(ports[0])));
    ensure_eq!(shown.body.at("/floatingip/router_id"), Some(&json!(router.id)));
    let listed = addresses.list().send().await?.value;
    let found = listed.iter().any(|other| other.id.as_ref() == Some(&address.id));
    ensure!(found, "the address is not listed");
    for port in [json!(ports[1]), json!(null)] {
        let moved = addresses.update(&address.id, json!({ "port_id": port })).send().await?;
        ensure_eq!(moved.body.at("/floatingip/port_id"), Some(&port));
    }
    addresses.delete(&address.id).send().await?;
    addresses.show(&address.id).expect_error(404).await?;
    Ok(())
}
