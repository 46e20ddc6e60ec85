//! Routers and what is plugged into them.

use serde_json::json;
use squall::scenario::networks::{self, NetworkAndSubnet};
use squall::{Context, ensure, ensure_eq};

/// A router has a port on a subnet while its interface is attached.
#[squall::test(id = "network.routers.interface")]
async fn an_interface_is_a_port(ctx: &Context) -> squall::Result {
    let NetworkAndSubnet { subnet, .. } = networks::with_subnet(ctx, "10.11.13.0/24").await?;
    let router = networks::router(ctx, None).await?;
    networks::join(ctx, &router.id, &subnet.id).await?;
    let ports = ctx.network().ports().list().query("device_id", &router.id).send().await?.value;
    ensure_eq!(ports.len(), 1);
    ctx.network().routers().delete(&router.id).expect_error(409).await?;
    Ok(())
}

/// A router with a gateway is shown, listed, and renamed.
#[squall::test(id = "network.routers.gateway", tags(smoke))]
async fn a_router_leads_outside(ctx: &Context) -> squall::Result {
    let outside = external_network(ctx).await?;
    let routers = ctx.network().routers();
    let router = ctx
        .create(routers.create(json!({
            "admin_state_up": false,
            "external_gateway_info": { "network_id": outside },
        })))
        .await?;
    let shown = routers.show(&router.id).send().await?;
    let gateway = shown.body.at("/router/external_gateway_info/network_id");
    ensure_eq!(gateway, Some(&json!(outside)));
    ensure_eq!(shown.value.admin_state_up, Some(false));
    let listed = routers.list().send().await?.value;
    let found = listed.iter().any(|other| other.id.as_ref() == Some(&router.id));
    ensure!(found, "the router is not listed");
    let renamed = format!("{}-b", router.name);
    routers.update(&router.id, json!({ "name": renamed })).send().await?;
    let shown = routers.show(&router.id).send().await?.value;
    ensure_eq!(shown.name, Some(renamed));
    Ok(())
}

/// Returns the id of an external network.
pub(super) async fn external_network(ctx: &Context) -> squall::Result<String> {
    let networks = ctx.network().networks().list().query("router:external", true);
    let id = networks.send().await?.value.into_iter().find_map(|network| network.id);
    id.ok_or_else(|| ctx.skip("the cloud has no external network"))
}

/// A router is switched off and keeps its name and its interface; its revision rises.
#[squall::test(id = "network.routers.update")]
async fn a_router_is_switched_off(ctx: &Context) -> squall::Result {
    let NetworkAndSubnet { subnet, .. } = networks::with_subnet(ctx, "10.11.14.0/24").await?;
    let router = networks::router(ctx, None).await?;
    networks::join(ctx, &router.id, &subnet.id).await?;
    let routers = ctx.network().routers();
    let before = routers.show(&router.id).send().await?.value;
    let updated = routers.update(&router.id, json!({ "admin_state_up": false })).send().await?;
    let shown = routers.show(&router.id).send().await?.value;
    for now in [&updated.value, &shown] {
        ensure_eq!(now.admin_state_up, Some(false));
        ensure_eq!(now.name.as_deref(), Some(router.name.as_str()));
        ensure!(
            before.revision_number < now.revision_number,
            "the revision was {:?}, and is {:?}",
            before.revision_number,
            now.revision_number
        );
    }
    let ports = ctx.network().ports().list().query("device_id", &router.id).send().await?.value;
    ensure_eq!(ports.len(), 1);
    Ok(())
}

/// An empty gateway clears the router's gateway.
#[squall::test(id = "network.routers.gateway-cleared")]
async fn an_empty_gateway_clears_it(ctx: &Context) -> squall::Result {
    let outside = external_network(ctx).await?;
    let router = networks::router(ctx, Some(&outside)).await?;
    let routers = ctx.network().routers();
    let cleared = routers.update(&router.id, json!({ "external_gateway_info": {} })).send().await?;
    ensure_eq!(cleared.body.at("/router/external_gateway_info"), Some(&json!(null)));
    let shown = routers.show(&router.id).send().await?;
    ensure_eq!(shown.body.at("/router/external_gateway_info"), Some(&json!(null)));
    Ok(())
}
