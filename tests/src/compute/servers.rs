//! Servers: made, shown, listed, changed, deleted.

use serde_json::json;
use squall::model::Microversion;
use squall::{Context, ensure, ensure_eq};

use squall::scenario::servers::{self, becomes, boot, public_image, smallest_flavor};

const NO_NETWORK: Microversion = Microversion::new(2, 37);

/// A server becomes ACTIVE and is shown as created.
#[squall::test(id = "compute.servers.boot", needs(compute, image, network), tags(smoke))]
async fn becomes_active(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    let shown = ctx.compute().servers().show(&server.id).send().await?;
    ensure_eq!(shown.value.status.as_deref(), Some("ACTIVE"));
    ensure_eq!(shown.value.name.as_deref(), Some(server.name.as_str()));
    Ok(())
}

/// Pages of one server add up to the list, each server once, in the order that is asked for.
#[squall::test(id = "compute.servers.paging", needs(compute, image))]
async fn pages_join_to_the_whole(ctx: &Context) -> squall::Result {
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(boot(ctx, json!({})).await?.id);
    }
    let servers = ctx.compute().servers();
    let all = servers.list().query("limit", 1).all().await?;
    let ids: Vec<String> = all.into_iter().map(|server| server.id).collect();
    for id in &made {
        ensure_eq!(ids.iter().filter(|found| *found == id).count(), 1, "server {id}");
    }
    let first = servers.list().query("limit", 1).send().await?;
    ensure_eq!(first.body.at("/servers_links/0/rel"), Some(&json!("next")));
    made.sort();
    for direction in ["asc", "desc"] {
        let sorted = servers.list().query("sort_key", "uuid").query("sort_dir", direction);
        let sorted = sorted.send().await?.value;
        let mut ids: Vec<String> = sorted.into_iter().map(|server| server.id).collect();
        ids.retain(|id| made.contains(id));
        ensure_eq!(ids, made, "{direction}");
        made.reverse();
    }
    Ok(())
}

/// A server can be renamed, running or stopped.
#[squall::test(id = "compute.servers.update", needs(compute, image))]
async fn renamed(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    let servers = ctx.compute().servers();
    for (status, name) in [("ACTIVE", "b"), ("SHUTOFF", "c")] {
        if status == "SHUTOFF" {
            servers.stop(&server.id).send().await?;
        }
        becomes(ctx, &server.id, status).await?;
        let name = format!("{}-{name}", server.name);
        servers.update(&server.id, json!({ "name": name })).send().await?;
        let shown = servers.show(&server.id).send().await?;
        ensure_eq!(shown.value.name.as_deref(), Some(name.as_str()));
    }
    Ok(())
}

/// A deleted server is not found.
#[squall::test(id = "compute.servers.delete", needs(compute, image))]
async fn deleted_is_not_found(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    let servers = ctx.compute().servers();
    servers.delete(&server.id).send().await?;
    ctx.wait("the server to be gone")
        .until(squall::wait::ready::gone(servers.show(&server.id)))
        .await?;
    Ok(())
}

/// A server without networks has no address.
#[squall::test(id = "compute.servers.no-network", needs(compute >= "2.37", image))]
async fn no_network_no_address(ctx: &Context) -> squall::Result {
    let (flavor, image) = (smallest_flavor(ctx).await?, public_image(ctx).await?);
    let servers = ctx.compute().servers();
    let body = json!({ "flavorRef": flavor, "imageRef": image, "networks": "none" });
    let made = ctx.create(servers.create(body).at(NO_NETWORK)).await?;
    servers::active(ctx, &made.id).await?;
    let addresses = ctx.compute().server_ips().list(&made.id).send().await?;
    ensure_eq!(addresses.body.at("/addresses"), Some(&json!({})));
    Ok(())
}

/// A server with an unknown flavor is refused.
#[squall::test(id = "compute.servers.bad-flavor", needs(compute, image), tags(negative))]
async fn an_unknown_flavor_is_refused(ctx: &Context) -> squall::Result {
    let image = public_image(ctx).await?;
    let servers = ctx.compute().servers();
    ctx.expect_refusal(
        400,
        servers.create(json!({
            "flavorRef": "6f0c1a52-9d5e-4c3b-8a43-5a1d0c8e7f04",
            "imageRef": image,
            "networks": "none",
        })),
    )
    .await?;
    Ok(())
}

/// A field that the microversion lacks is refused.
#[squall::test(id = "compute.servers.bad-body", needs(compute, image), tags(negative))]
async fn a_field_of_a_later_version_is_refused(ctx: &Context) -> squall::Result {
    let (flavor, image) = (smallest_flavor(ctx).await?, public_image(ctx).await?);
    let servers = ctx.compute().servers();
    let refused = ctx
        .expect_refusal(
            400,
            servers
                .create(json!({
                    "flavorRef": flavor,
                    "imageRef": image,
                    "description": "since 2.19",
                }))
                .at(Microversion::new(2, 1)),
        )
        .await?;
    ensure!(refused.message().is_some(), "the error has no message");
    Ok(())
}

/// An unknown id is not found.
#[squall::test(id = "compute.servers.unknown", tags(negative))]
async fn an_unknown_id_is_not_found(ctx: &Context) -> squall::Result {
    let id = "6f0c1a52-9d5e-4c3b-8a43-5a1d0c8e7f05";
    ctx.compute().servers().show(id).expect_error(404).await?;
    Ok(())
}

/// A wrong token is refused.
#[squall::test(id = "compute.servers.wrong-token", tags(negative))]
async fn a_wrong_token_is_refused(ctx: &Context) -> squall::Result {
    ctx.compute().servers().list().with_token("no-such-token").expect_error(401).await?;
    Ok(())
}
