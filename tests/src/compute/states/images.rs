//! Images of servers that do not run, and backups that rotate.

use std::time::Duration;

use serde_json::{Value, json};
use squall::context::Made;
use squall::image::types::Image;
use squall::scenario::{servers, volumes};
use squall::wait::ready;
use squall::{Case, Context, Result, ensure, ensure_eq};

use super::actions::State;
use super::{ensure_actions, shown, text};

/// An image is made of a server that does not run, which stays as it is.
#[squall::test(id = "compute.states.image", features("compute.snapshot"), cases = still)]
async fn what_does_not_run_is_an_image_too(ctx: &Context, state: &State) -> Result {
    let server = servers::boot(ctx, json!({})).await?;
    state.reach(ctx, &server.id, "").await?;
    let before = shown(ctx, &server.id).await?;
    let image = servers::snapshot(ctx, &server.id).await?;
    let made = ctx.image().images().show(&image.id).send().await?;
    for (property, wanted) in [
        ("instance_uuid", json!(server.id)),
        ("base_image_ref", before["image"]["id"].clone()),
        ("image_type", json!("snapshot")),
        ("owner", before["tenant_id"].clone()),
        ("name", json!(image.name)),
    ] {
        ensure_eq!(made.body.at(&format!("/{property}")), Some(&wanted), "{property}");
    }
    ensure!(made.value.size.is_some_and(|size| size > 0), "the image has no bytes");
    servers::settles(ctx, &server.id, text(&before, "/status")).await?;
    let after = shown(ctx, &server.id).await?;
    for same in ["/OS-EXT-STS:vm_state", "/OS-EXT-STS:power_state", "/image", "/flavor"] {
        ensure_eq!(after.pointer(same), before.pointer(same), "{same}");
    }
    Ok(())
}

fn still() -> Vec<Case<State>> {
    let still = [State::Stopped, State::Paused, State::Suspended];
    let all = State::ALL.into_iter().filter(|(state, ..)| still.contains(state));
    all.map(|(state, name, word, _, feature)| {
        let case = Case::new(name, state)
            .with_summary(format!("An image is made of a server that is {word}."));
        match feature {
            Some(feature) => case.with_feature(feature),
            None => case,
        }
    })
    .collect()
}

/// A new backup takes the place of the oldest one of its sort, and leaves the others.
#[squall::test(id = "compute.states.backups-rotate", features("compute.snapshot"))]
async fn the_oldest_backup_goes(ctx: &Context) -> Result {
    let server = servers::boot(ctx, json!({})).await?;
    let weekly = backup(ctx, &server.id, "weekly", 1).await?;
    let snapshot = servers::snapshot(ctx, &server.id).await?;
    let first = backup(ctx, &server.id, "daily", 2).await?;
    // The oldest one is told by the second in which it was made.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let second = backup(ctx, &server.id, "daily", 2).await?;
    let third = backup(ctx, &server.id, "daily", 2).await?;
    let images = ctx.image().images();
    ctx.wait("the oldest backup to be gone").until(ready::gone(images.show(&first.id))).await?;
    for (kept, kind) in [
        (&weekly.id, "backup"),
        (&snapshot.id, "snapshot"),
        (&second.id, "backup"),
        (&third.id, "backup"),
    ] {
        let shown = images.show(kept).send().await?;
        ensure_eq!(shown.body.at("/image_type"), Some(&json!(kind)));
        ensure_eq!(shown.body.at("/instance_uuid"), Some(&json!(server.id)));
    }
    let shown = images.show(&third.id).send().await?;
    ensure_eq!(shown.body.at("/backup_type"), Some(&json!("daily")));
    let wanted = ["create", "createBackup", "createImage"];
    let wanted: Vec<&str> = wanted.into_iter().chain(["createBackup"; 3]).collect();
    ensure_actions(ctx, &server.id, &wanted).await
}

/// Makes a backup and waits until the server is done with it.
async fn backup(ctx: &Context, server: &str, sort: &str, kept: u32) -> Result<Made<Image>> {
    let body = json!({ "backup_type": sort, "rotation": kept });
    let made = ctx.create(ctx.compute().servers().create_backup(server, body)).await?;
    let show = ctx.image().images().show(&made.id);
    let waiting = ctx.wait("the backup to be active");
    let value = waiting.until(ready::state(ctx.actor(), show, "active")).await?;
    servers::settles(ctx, server, "ACTIVE").await?;
    Ok(Made { value, id: made.id, name: made.name })
}

/// No backup is made of a server that boots from a volume.
#[squall::test(
    id = "compute.states.backup-from-volume",
    needs(volume),
    features("compute.snapshot"),
    tags(negative)
)]
async fn a_root_volume_is_not_backed_up(ctx: &Context) -> Result {
    let volume = volumes::from_image(ctx, &servers::public_image(ctx).await?).await?;
    let server = servers::boot_from_volume(ctx, &volume.id).await?;
    let body = json!({ "backup_type": "daily", "rotation": 1 });
    ctx.expect_refusal(400, ctx.compute().servers().create_backup(&server.id, body)).await?;
    let images = ctx.image().images().list().query("instance_uuid", &server.id).send().await?;
    ensure_eq!(images.value.len(), 0);
    ensure_eq!(shown(ctx, &server.id).await?["OS-EXT-STS:task_state"], Value::Null);
    ensure_actions(ctx, &server.id, &["create"]).await
}
