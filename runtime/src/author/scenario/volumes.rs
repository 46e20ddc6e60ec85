//! Volumes, and their snapshots, backups and images.

use serde_json::{Value, json};

use super::with;
use crate::context::{Actor, Made};
use crate::volume::types::{Backup, Snapshot, Volume, VolumeType};
use crate::wait::{Poll, ready};
use crate::{Context, Failure, Result, kinds};

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

/// Creates a backup of a volume and waits until it is available (`POST /backups`): a full one,
/// unless `further` has `"incremental": true`.
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

/// Restores a backup into a volume that this creates, and waits until it is available
/// (`POST /backups/{id}/restore` without a volume).
pub async fn restore_anew(ctx: &Context, backup: &str) -> Result<Made<Volume>> {
    let name = ctx.unique_name(&kinds::volume::VOLUME);
    ctx.record(&kinds::volume::VOLUME, ctx.actor(), &name, None).await?;
    let call = ctx.volume().backups().restore(backup, json!({ "name": name }));
    let restored = call.send().await?;
    let id = restored.body.at("/restore/volume_id").and_then(Value::as_str).unwrap_or_default();
    let value = available(ctx, id).await?;
    let waiting = ctx.wait("the backup to be read");
    waiting
        .until(ready::state(ctx.actor(), ctx.volume().backups().show(backup), "available"))
        .await?;
    Ok(Made { value, id: id.to_owned(), name })
}

/// Overwrites a volume with an image and waits until it is available (action `os-reimage`,
/// from microversion 3.68).
pub async fn reimage(ctx: &Context, volume: &str, image: &str) -> Result {
    ctx.volume().volumes().reimage(volume, json!({ "image_id": image })).send().await?;
    available(ctx, volume).await.map(drop)
}

/// Takes a volume back to its latest snapshot and waits until it is available (action
/// `revert`).
pub async fn revert(ctx: &Context, volume: &str, snapshot: &str) -> Result {
    ctx.volume().volumes().revert(volume, json!({ "snapshot_id": snapshot })).send().await?;
    available(ctx, volume).await.map(drop)
}

/// Whether a volume may move to another back end for its new type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Migration {
    /// It stays where it is, or keeps its type.
    Never,
    /// It moves if its back end does not serve the type.
    OnDemand,
}

/// Asks for another type of a volume, and waits until that was decided (action `os-retype`).
/// Where no back end can serve it, the volume keeps its type.
pub async fn retype(
    ctx: &Context,
    volume: &str,
    volume_type: &str,
    migration: Migration,
) -> Result<Volume> {
    let policy = if migration == Migration::Never { "never" } else { "on-demand" };
    let body = json!({ "new_type": volume_type, "migration_policy": policy });
    ctx.volume().volumes().retype(volume, body).send().await?;
    available(ctx, volume).await
}

/// Moves a volume to another host and waits until it is there, as the admin (action
/// `os-migrate_volume`).
pub async fn migrate(ctx: &Context, volume: &str, host: &str) -> Result {
    let volumes = ctx.admin().volume().volumes();
    let body = json!({ "host": host, "force_host_copy": false, "lock_volume": true });
    volumes.migrate_volume(volume, body).send().await?;
    let waiting = ctx.wait("the volume to move");
    waiting.until(ready::volume_migrated(ctx.admin(), volume, host)).await?;
    available(ctx, volume).await.map(drop)
}

/// Returns the host of another back end than a volume's, and the name by which types ask for
/// it, as the admin (`GET /scheduler-stats/get_pools`); skips where there is none.
pub async fn another_host(ctx: &Context, volume: &str) -> Result<(String, String)> {
    let here = host(ctx, volume).await?;
    let pools = ctx.admin().volume().scheduler_stats().get_pools().query("detail", true);
    let pools = pools.send().await?;
    let pools = pools.body.at("/pools").and_then(Value::as_array);
    let service = |host: &str| host.split('#').next().map(str::to_owned);
    let mut others = pools.into_iter().flatten().filter_map(|pool| {
        let name = pool.pointer("/capabilities/volume_backend_name")?.as_str()?;
        Some((pool["name"].as_str()?.to_owned(), name.to_owned()))
    });
    let other = others.find(|(host, _)| service(host) != service(&here));
    other.ok_or_else(|| ctx.skip("the cloud has one volume back end only"))
}

/// Hands a volume over to another identity's project and waits until it is available there
/// (`POST /volume-transfers`, `POST /volume-transfers/{id}/accept`).
pub async fn transfer(ctx: &Context, volume: &Made<Volume>, to: &Actor, further: Value) -> Result {
    let transfers = ctx.volume().volume_transfers();
    let body = with(json!({ "volume_id": volume.id }), further);
    let offered = ctx.create(transfers.create(body)).await?;
    let key = offered.value.auth_key.clone().unwrap_or_default();
    ctx.record(&kinds::volume::VOLUME, to, &volume.name, Some(&volume.id)).await?;
    let accept = to.volume().volume_transfers();
    accept.accept(&offered.id, json!({ "auth_key": key })).send().await?;
    let waiting = ctx.wait("the volume to be its new owner's");
    waiting.until(ready::state(to, to.volume().volumes().show(&volume.id), "available")).await?;
    Ok(())
}

/// Returns a digest of a volume's bytes: that of an image that is made of it, see
/// [`upload_as_image`]. Volumes of one size with the same bytes have the same digest, and others
/// another. The image is deleted at the end of the test.
pub async fn content(ctx: &Context, volume: &str) -> Result<String> {
    content_for(ctx, ctx.actor(), volume).await
}

/// Returns the digest of the bytes of another identity's volume, as [`content`] does.
pub async fn content_for(ctx: &Context, owner: &Actor, volume: &str) -> Result<String> {
    let image = upload(ctx, owner, volume).await?;
    let shown = owner.image().images().show(&image).send().await?;
    let digest = shown.body.at("/os_hash_value").or(shown.body.at("/checksum"));
    let digest = digest.and_then(Value::as_str).map(str::to_owned);
    digest.ok_or_else(|| {
        Failure::new(format!("image {image} has no digest")).with_request_id(shown.request_id)
    })
}

/// Creates a volume type, as the admin (`POST /types`).
pub async fn volume_type(ctx: &Context, further: Value) -> Result<Made<VolumeType>> {
    let types = ctx.admin().volume().volume_types();
    let made = ctx.create(types.create(further)).await?;
    Ok(made)
}

/// Creates an image from a volume and waits until it is active (action
/// `os-volume_upload_image`); returns the image's id. It is in the format `qcow2`, which leaves
/// out what is zero, so that the image of a nearly empty volume is small.
pub async fn upload_as_image(ctx: &Context, volume: &str) -> Result<String> {
    upload(ctx, ctx.actor(), volume).await
}

async fn upload(ctx: &Context, owner: &Actor, volume: &str) -> Result<String> {
    let volumes = owner.volume().volumes();
    let upload = volumes.volume_upload_image(volume, json!({ "disk_format": "qcow2" }));
    let made = ctx.create(upload).await?;
    let waiting = ctx.wait("the image to be active");
    waiting.until(ready::state(owner, owner.image().images().show(&made.id), "active")).await?;
    // The volume is `uploading` until a moment later.
    settled(ctx, owner, volume).await?;
    Ok(made.id)
}

/// Waits until nothing is done to a volume any more.
async fn settled(ctx: &Context, owner: &Actor, volume: &str) -> Result {
    let show = owner.volume().volumes().show(volume);
    let waiting = ctx.wait("the volume to be usable again");
    waiting
        .until(|| async {
            let shown = show.clone().send().await?;
            let status = shown.body.at("/volume/status").and_then(Value::as_str).unwrap_or("-");
            Ok(match status {
                "available" | "in-use" => Poll::ready(()),
                status if status.starts_with("error") => Poll::dead_end(status),
                status => Poll::not_yet(status),
            })
        })
        .await?;
    Ok(())
}

/// Returns the host that a volume is on, as the admin (`GET /volumes/{id}`).
pub async fn host(ctx: &Context, id: &str) -> Result<String> {
    let shown = ctx.admin().volume().volumes().show(id).send().await?;
    let host = shown.body.at("/volume/os-vol-host-attr:host").and_then(Value::as_str);
    host.map(str::to_owned).ok_or_else(|| {
        Failure::new(format!("volume {id} is on no host")).with_request_id(shown.request_id.clone())
    })
}
