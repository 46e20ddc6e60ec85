//! What is done to a server while it lives.

use serde_json::json;
use squall::model::Microversion;
use squall::{Context, ensure_eq};

use super::boot::{active, becomes, boot};

/// A server stops and starts.
#[squall::test(id = "compute.servers.stop-start", needs(compute, image))]
async fn stops_and_starts(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    let servers = ctx.compute().servers();
    servers.stop(&server.id).send().await?;
    becomes(ctx, &server.id, "SHUTOFF").await?;
    servers.start(&server.id).send().await?;
    active(ctx, &server.id).await
}

/// A server comes back from a reboot.
#[squall::test(id = "compute.servers.reboot", needs(compute, image))]
async fn reboots(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    ctx.compute().servers().reboot(&server.id, json!({ "type": "HARD" })).send().await?;
    active(ctx, &server.id).await
}

/// A server that runs cannot be started.
#[squall::test(id = "compute.servers.start-active", needs(compute, image), tags(negative))]
async fn what_runs_is_not_started(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    ctx.compute().servers().start(&server.id).expect_error(409).await?;
    Ok(())
}

/// A server pauses and goes on.
#[squall::test(id = "compute.servers.pause", needs(compute, image))]
async fn pauses(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    let admin = ctx.admin().compute().servers();
    admin.pause(&server.id).send().await?;
    becomes(ctx, &server.id, "PAUSED").await?;
    admin.unpause(&server.id).send().await?;
    active(ctx, &server.id).await
}

/// A locked server is not stopped by its owner until it is unlocked.
#[squall::test(id = "compute.servers.lock", needs(compute >= "2.9", image))]
async fn a_lock_holds(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    let version = Microversion::new(2, 9);
    let servers = ctx.compute().servers();
    servers.lock(&server.id).at(version).send().await?;
    let shown = servers.show(&server.id).at(version).send().await?;
    ensure_eq!(shown.body.at("/server/locked"), Some(&json!(true)));
    servers.stop(&server.id).expect_error(409).await?;
    servers.unlock(&server.id).at(version).send().await?;
    let shown = servers.show(&server.id).at(version).send().await?;
    ensure_eq!(shown.body.at("/server/locked"), Some(&json!(false)));
    servers.stop(&server.id).send().await?;
    becomes(ctx, &server.id, "SHUTOFF").await?;
    servers.start(&server.id).send().await?;
    active(ctx, &server.id).await
}

/// What was done to a server can be read afterwards, the last thing first.
#[squall::test(id = "compute.instance-actions.list", needs(compute, image))]
async fn actions_are_remembered(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    ctx.compute().servers().reboot(&server.id, json!({ "type": "HARD" })).send().await?;
    active(ctx, &server.id).await?;
    let actions = ctx.compute().server_instance_actions().list(&server.id).send().await?;
    ensure_eq!(actions.body.at("/instanceActions/0/action"), Some(&json!("reboot")));
    ensure_eq!(actions.body.at("/instanceActions/1/action"), Some(&json!("create")));
    Ok(())
}
