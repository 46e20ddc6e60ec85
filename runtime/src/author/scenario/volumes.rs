//! Volumes, and their snapshots, backups and images.

use serde_json::{Value, json};

use super::with;
use crate::context::Made;
use crate::volume::types::{Backup, Snapshot, Volume, VolumeType};
use crate::wait::ready;
use crate::{Context, Failure, Result};

/// Creates a volume of one gibibyte and waits until it is available (`POST /volumes`).
pub async fn create(ctx: &Context, further: Value) -> Result<Made<Volume>> {
    let volumes = ctx.volume().volumes();
    let body = with(json!({ "size": 1 }), further);
    let made = ctx.create(volumes.create(body)).await?;
    available(ctx, &made.id).await?;
    Ok(made)
}

/// Creates a volume from an image (`POST /volumes` with `imageRef`).
pub async fn from_image(ctx: &Context, image: &str) -> Result<Made<Volume>> {
    create(ctx, json!({ "imageRef": image })).await
}

/// Creates a volume from a snapshot (`POST /volumes` with `snapshot_id`).
pub async fn from_snapshot(ctx: &Context, snapshot: &str) -> Result<Made<Volume>> {
    create(ctx, json!({ "snapshot_id": snapshot })).await
}

/// Creates a copy of a volume (`POST /volumes` with `source_volid`).
pub async fn copy(ctx: &Context, volume: &str) -> Result<Made<Volume>> {
    create(ctx, json!({ "source_volid": volume })).await
}

/// Waits until a volume is available.
pub async fn available(ctx: &Context, id: &str) -> Result<Volume> {
    let waiting = ctx.wait("the volume to be available");
    Ok(waiting
        .until(ready::state(ctx.actor(), ctx.volume().volumes().show(id), "available"))
        .await?)
}

/// Deletes a volume and waits until it is gone (`DELETE /volumes/{id}`).
pub async fn delete(ctx: &Context, id: &str) -> Result {
    let volumes = ctx.volume().volumes();
    volumes.delete(id).send().await?;
    Ok(ctx.wait("the volume to be gone").until(ready::gone(volumes.show(id))).await?)
}

/// Extends a volume and waits until it has its new size (action `os-extend`).
pub async fn extend(ctx: &Context, id: &str, gibibytes: u64) -> Result {
    ctx.volume().volumes().extend(id, json!({ "new_size": gibibytes })).send().await?;
    let waiting = ctx.wait(format!("the volume to have {gibibytes} GiB"));
    waiting.until(ready::volume_size(ctx.actor(), id, gibibytes)).await?;
    available(ctx, id).await.map(drop)
}

/// Takes a snapshot of a volume and waits until it is available (`POST /snapshots`).
pub async fn snapshot(ctx: &Context, volume: &str, further: Value) -> Result<Made<Snapshot>> {
    let snapshots = ctx.volume().snapshots();
    let body = with(json!({ "volume_id": volume }), further);
    let made = ctx.create(snapshots.create(body)).await?;
    let waiting = ctx.wait("the snapshot to be available");
    waiting
        .until(ready::state(ctx.actor(), ctx.volume().snapshots().show(&made.id), "available"))
        .await?;
    Ok(made)
}

/// Creates a backup of a volume and waits until it is available (`POST /backups`).
pub async fn backup(ctx: &Context, volume: &str, further: Value) -> Result<Made<Backup>> {
    let backups = ctx.volume().backups();
    let body = with(json!({ "volume_id": volume }), further);
    let made = ctx.create(backups.create(body)).await?;
    let waiting = ctx.wait("the backup to be available");
    waiting
        .until(ready::state(ctx.actor(), ctx.volume().backups().show(&made.id), "available"))
        .await?;
    Ok(made)
}

/// Restores a backup into a volume and waits until both are available
/// (`POST /backups/{id}/restore`).
pub async fn restore(ctx: &Context, backup: &str, into: &str) -> Result {
    ctx.volume().backups().restore(backup, json!({ "volume_id": into })).send().await?;
    let waiting = ctx.wait("the backup to be read");
    waiting
        .until(ready::state(ctx.actor(), ctx.volume().backups().show(backup), "available"))
        .await?;
    available(ctx, into).await.map(drop)
}

/// Creates a volume type, as the admin (`POST /types`).
pub async fn volume_type(ctx: &Context, further: Value) -> Result<Made<VolumeType>> {
    let types = ctx.admin().volume().volume_types();
    let made = ctx.create(types.create(further)).await?;
    Ok(made)
}

/// Creates an image from a volume and waits until it is active (action
/// `os-volume_upload_image`); returns the image's id.
pub async fn upload_as_image(ctx: &Context, volume: &str) -> Result<String> {
    let volumes = ctx.volume().volumes();
    let upload = volumes.volume_upload_image(volume, json!({ "disk_format": "raw" }));
    let made = ctx.create(upload).await?;
    let waiting = ctx.wait("the image to be active");
    waiting.until(ready::state(ctx.actor(), ctx.image().images().show(&made.id), "active")).await?;
    Ok(made.id)
}

/// Returns the host that a volume is on, as the admin (`GET /volumes/{id}`).
pub async fn host(ctx: &Context, id: &str) -> Result<String> {
    let shown = ctx.admin().volume().volumes().show(id).send().await?;
    let host = shown.body.at("/volume/os-vol-host-attr:host").and_then(Value::as_str);
    host.map(str::to_owned).ok_or_else(|| {
        Failure::new(format!("volume {id} is on no host")).with_request_id(shown.request_id.clone())
    })
}
