//! What is done to a server while it lives.

use serde_json::{Value, json};
use squall::model::Microversion;
use squall::scenario::networks;
use squall::scenario::servers::{self, boot};
use squall::wait::Poll;
use squall::{Case, Context, Failure, ensure, ensure_eq};

/// A server stops and starts, and keeps its host, its address and the time of its launch.
#[squall::test(id = "compute.servers.stop-start", needs(compute, image, network))]
async fn stops_and_starts(ctx: &Context) -> squall::Result {
    let networks::NetworkAndSubnet { network, .. } =
        networks::with_subnet(ctx, "10.48.0.0/24").await?;
    let server = boot(ctx, json!({ "networks": [{ "uuid": network.id }] })).await?;
    let show = || ctx.admin().compute().servers().show(&server.id).send();
    let before = show().await?;
    ensure_eq!(before.body.at("/server/OS-EXT-STS:power_state"), Some(&json!(1)));
    let networks = before.body.at("/server/addresses").and_then(Value::as_object);
    let addressed = |networks: &serde_json::Map<_, _>| networks.values().any(|of| *of != json!([]));
    ensure!(networks.is_some_and(addressed), "it has no address");
    servers::stop(ctx, &server.id).await?;
    let stopped = show().await?;
    servers::start(ctx, &server.id).await?;
    let started = show().await?;
    for (seen, power) in [(&stopped, 4), (&started, 1)] {
        ensure_eq!(seen.body.at("/server/OS-EXT-STS:power_state"), Some(&json!(power)));
        for same in
            ["addresses", "created", "hostId", "OS-EXT-SRV-ATTR:host", "OS-SRV-USG:launched_at"]
        {
            let pointer = format!("/server/{same}");
            ensure_eq!(seen.body.at(&pointer), before.body.at(&pointer), "{same}");
        }
    }
    let actions = ctx.compute().server_instance_actions().list(&server.id).send().await?;
    for (index, action) in ["start", "stop", "create"].into_iter().enumerate() {
        let name = actions.body.at(&format!("/instanceActions/{index}/action"));
        ensure_eq!(name, Some(&json!(action)));
    }
    Ok(())
}

/// A rebooted server becomes ACTIVE again, and what was done to it has succeeded.
#[squall::test(
    id = "compute.servers.reboot",
    needs(compute >= "2.58", image),
    cases = reboots_of_both_kinds
)]
async fn reboots(ctx: &Context, how: &servers::Reboot) -> squall::Result {
    let server = boot(ctx, json!({})).await?;
    servers::reboot(ctx, &server.id, *how).await?;
    let shown = ctx.compute().servers().show(&server.id).send().await?;
    ensure_eq!(shown.body.at("/server/OS-EXT-STS:power_state"), Some(&json!(1)));
    let actions = ctx.compute().server_instance_actions();
    let listed = actions.list(&server.id).send().await?;
    let reboot = listed.body.at("/instanceActions/0").cloned().unwrap_or_default();
    ensure_eq!(reboot["action"], "reboot");
    let request = reboot["request_id"].as_str().unwrap_or_default();
    // The event ends shortly after the server has its new status.
    ctx.wait("the reboot to be recorded as done")
        .until(|| async {
            let shown = actions.show(&server.id, request).send().await?;
            let event = shown.body.at("/instanceAction/events/0");
            let ended = event.is_some_and(|event| event["finish_time"].is_string());
            let result = event.and_then(|event| event["result"].as_str()).unwrap_or("no result");
            Ok(match result {
                "Success" if ended => Poll::ready(()),
                "Error" => Poll::dead_end(result),
                result => Poll::not_yet(result),
            })
        })
        .await?;
    Ok(())
}

fn reboots_of_both_kinds() -> [Case<servers::Reboot>; 2] {
    [Case::new("hard", servers::Reboot::Hard), Case::new("soft", servers::Reboot::Soft)]
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
    let power = || async {
        let shown = ctx.compute().servers().show(&server.id).send().await?;
        Ok::<_, Failure>(shown.body.at("/server/OS-EXT-STS:power_state").cloned())
    };
    servers::pause(ctx, &server.id).await?;
    ensure_eq!(power().await?, Some(json!(3)));
    servers::unpause(ctx, &server.id).await?;
    ensure_eq!(power().await?, Some(json!(1)));
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
