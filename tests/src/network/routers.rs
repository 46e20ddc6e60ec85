//! Routers and what is plugged into them.

use serde_json::json;
use squall::scenario::networks::{self, Place};
use squall::{Context, ensure_eq, kinds};

/// A router has a port on a subnet once it is plugged in, and goes when it is not.
#[squall::test(id = "network.routers.interface")]
async fn an_interface_is_a_port(ctx: &Context) -> squall::Result {
    let Place { subnet, .. } = networks::with_subnet(ctx, "10.11.13.0/24").await?;
    let router = networks::router(ctx, None).await?;
    networks::join(ctx, &router.id, &subnet.id).await?;
    let ports = ctx.network().ports().list().query("device_id", &router.id).send().await?.value;
    ensure_eq!(ports.len(), 1);
    ctx.network().routers().delete(&router.id).expect_error(409).await?;
    Ok(())
}

/// A router is renamed by an update.
#[squall::test(id = "network.routers.update")]
async fn a_router_is_switched_off(ctx: &Context) -> squall::Result {
    let routers = ctx.network().routers();
    let router = ctx.create(&kinds::ROUTER, |name| routers.create(json!({ "name": name }))).await?;
    let updated = routers.update(&router.id, json!({ "admin_state_up": false })).send().await?;
    ensure_eq!(updated.value.admin_state_up, Some(false));
    Ok(())
}
