//! What is done to a server while it lives.

use serde_json::{Value, json};
use squall::model::Microversion;
use squall::{Context, ensure_eq};

use squall::scenario::servers::{self, boot};

/// A server stops and starts.
#[squall::test(id = "compute.servers.stop-start", needs(compute, image))]
async fn stops_and_starts(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    servers::stop(ctx, &server.id).await?;
    servers::start(ctx, &server.id).await?;
    Ok(())
}

/// A rebooted server becomes ACTIVE again.
#[squall::test(id = "compute.servers.reboot", needs(compute, image))]
async fn reboots(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    servers::reboot(ctx, &server.id, servers::Reboot::Hard).await?;
    Ok(())
}

/// A running server cannot be started.
#[squall::test(id = "compute.servers.start-active", needs(compute, image), tags(negative))]
async fn what_runs_is_not_started(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    ctx.compute().servers().start(&server.id).expect_error(409).await?;
    Ok(())
}

/// A server is paused and unpaused.
#[squall::test(id = "compute.servers.pause", needs(compute, image), features("compute.pause"))]
async fn pauses(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    servers::pause(ctx, &server.id).await?;
    servers::unpause(ctx, &server.id).await?;
    Ok(())
}

/// A locked server cannot be stopped by its owner until it is unlocked.
#[squall::test(id = "compute.servers.lock", needs(compute >= "2.9", image))]
async fn a_lock_holds(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    let version = Microversion::new(2, 9);
    let locking = ctx.compute().servers();
    locking.lock(&server.id, Value::Null).at(version).send().await?;
    let shown = locking.show(&server.id).at(version).send().await?;
    ensure_eq!(shown.value.locked, Some(true));
    locking.stop(&server.id).expect_error(409).await?;
    locking.unlock(&server.id).at(version).send().await?;
    let shown = locking.show(&server.id).at(version).send().await?;
    ensure_eq!(shown.value.locked, Some(false));
    servers::stop(ctx, &server.id).await?;
    servers::start(ctx, &server.id).await?;
    Ok(())
}

/// A server's actions are listed, the latest first.
#[squall::test(id = "compute.instance-actions.list", needs(compute, image))]
async fn actions_are_remembered(ctx: &Context) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    servers::reboot(ctx, &server.id, servers::Reboot::Hard).await?;
    let actions = ctx.compute().server_instance_actions().list(&server.id).send().await?;
    ensure_eq!(actions.body.at("/instanceActions/0/action"), Some(&json!("reboot")));
    ensure_eq!(actions.body.at("/instanceActions/1/action"), Some(&json!("create")));
    Ok(())
}
