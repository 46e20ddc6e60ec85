//! What keeps a volume from being deleted, and what goes with it.

use serde_json::{Value, json};
use squall::scenario::{servers, volumes};
use squall::wait::ready;
use squall::{Context, ensure_eq};

use super::Fillings;

/// A volume with a snapshot is not deleted, and neither of them is harmed by the attempt.
#[squall::test(id = "volume.chains.kept-by-snapshot", features("volume.snapshot"), tags(negative))]
async fn a_snapshot_keeps_its_volume(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let snapshot = volumes::snapshot(ctx, &volume.id, json!({})).await?;
    ctx.volume().volumes().delete(&volume.id).expect_error(400).await?;
    let shown = ctx.volume().snapshots().show(&snapshot.id).send().await?;
    ensure_eq!(shown.value.status.as_deref(), Some("available"));
    ensure_eq!(volumes::content(ctx, &volume.id).await?, first.digest);
    Ok(())
}

/// A volume takes its snapshots along where that is asked for; what was made of one stays.
#[squall::test(id = "volume.chains.cascade", features("volume.snapshot"))]
async fn snapshots_go_along(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let mut snapshots = Vec::new();
    for _ in 0..2 {
        snapshots.push(volumes::snapshot(ctx, &volume.id, json!({})).await?.id);
    }
    let child = volumes::from_snapshot(ctx, &snapshots[0]).await?;
    let volumes = ctx.volume().volumes();
    volumes.delete(&volume.id).query("cascade", true).send().await?;
    ctx.wait("the volume to be gone").until(ready::gone(volumes.show(&volume.id))).await?;
    for snapshot in &snapshots {
        ctx.volume().snapshots().show(snapshot).expect_error(404).await?;
    }
    ensure_eq!(volumes::content(ctx, &child.id).await?, first.digest);
    Ok(())
}

/// A volume that a server has is not deleted, not even with its snapshots.
#[squall::test(
    id = "volume.chains.kept-by-server",
    needs(volume, image, compute),
    features("compute.volume_attach", "volume.snapshot"),
    tags(negative)
)]
async fn a_server_keeps_its_volume(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let server = servers::boot(ctx, json!({})).await?;
    servers::attach_volume(ctx, &server.id, &volume.id).await?;
    let volumes = ctx.volume().volumes();
    volumes.delete(&volume.id).expect_error(400).await?;
    volumes.delete(&volume.id).query("cascade", true).expect_error(400).await?;
    let shown = volumes.show(&volume.id).send().await?;
    ensure_eq!(shown.body.at("/volume/attachments/0/server_id"), Some(&json!(server.id)));
    servers::detach_volume(ctx, &server.id, &volume.id).await?;
    ensure_eq!(volumes::content(ctx, &volume.id).await?, first.digest);
    Ok(())
}

/// A volume grows while a server has it, from 3.42 on; both services agree, and its bytes stay.
#[squall::test(
    id = "volume.chains.extended-in-use",
    needs(volume >= "3.42", image, compute),
    features("compute.volume_attach", "volume.extend_attached")
)]
async fn grows_in_use(ctx: &Context) -> squall::Result {
    let Fillings { first, first_grown, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let server = servers::boot(ctx, json!({})).await?;
    servers::attach_volume(ctx, &server.id, &volume.id).await?;
    let volumes = ctx.volume().volumes();
    let extend = || volumes.extend(&volume.id, json!({ "new_size": 2 }));
    extend().at(squall::model::Microversion::new(3, 41)).expect_error(400).await?;
    extend().send().await?;
    ctx.wait("the volume to grow").until(ready::volume_size(ctx.actor(), &volume.id, 2)).await?;
    let shown = ctx
        .wait("the volume to be in use again")
        .until(ready::state(ctx.actor(), volumes.show(&volume.id), "in-use"))
        .await?;
    ensure_eq!(shown.attachments.as_ref().map(Vec::len), Some(1));
    let attached = ctx.compute().server_volume_attachments().list(&server.id).send().await?;
    let attached = attached.body.at("/volumeAttachments").and_then(Value::as_array);
    let ids: Vec<&Value> = attached.into_iter().flatten().map(|one| &one["volumeId"]).collect();
    ensure_eq!(ids, [&json!(volume.id)]);
    servers::detach_volume(ctx, &server.id, &volume.id).await?;
    ensure_eq!(&volumes::content(ctx, &volume.id).await?, first_grown);
    Ok(())
}
