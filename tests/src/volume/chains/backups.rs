//! Backups: of a volume, a snapshot, a volume in use; full and incremental; and what they are
//! restored to.

use serde_json::json;
use squall::scenario::{servers, volumes};
use squall::wait::ready;
use squall::{Context, ensure, ensure_eq};

use super::Fillings;

/// A backup outlives its volume, and is restored to a new one with the same bytes.
#[squall::test(id = "volume.chains.backup", features("volume.backup"))]
async fn restored_anew(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let backup = volumes::backup(ctx, &volume.id, json!({})).await?;
    volumes::delete(ctx, &volume.id).await?;
    let restored = volumes::restore_anew(ctx, &backup.id).await?;
    ensure!(restored.id != volume.id, "the deleted volume is back");
    ensure_eq!(restored.value.name.as_deref(), Some(restored.name.as_str()));
    ensure_eq!(volumes::content(ctx, &restored.id).await?, first.digest);
    Ok(())
}

/// A backup is restored over the bytes of a larger volume.
#[squall::test(id = "volume.chains.backup-larger", features("volume.backup"))]
async fn restored_over_a_larger_one(ctx: &Context) -> squall::Result {
    let Fillings { first, first_grown, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let backup = volumes::backup(ctx, &volume.id, json!({})).await?;
    let larger = volumes::create(ctx, json!({ "size": 2 })).await?;
    volumes::restore(ctx, &backup.id, &larger.id).await?;
    ensure_eq!(ctx.volume().volumes().show(&larger.id).send().await?.value.size, Some(2));
    ensure_eq!(&volumes::content(ctx, &larger.id).await?, first_grown);
    Ok(())
}

/// A backup is not restored to a volume that is too small for it, which keeps its bytes.
#[squall::test(id = "volume.chains.backup-smaller", features("volume.backup"), tags(negative))]
async fn not_restored_to_a_smaller_one(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let large = volumes::create(ctx, json!({ "size": 2 })).await?;
    let backup = volumes::backup(ctx, &large.id, json!({})).await?;
    let small = volumes::from_image(ctx, &first.image).await?;
    let restore = json!({ "volume_id": small.id });
    ctx.volume().backups().restore(&backup.id, restore).expect_error(400).await?;
    ensure_eq!(volumes::content(ctx, &small.id).await?, first.digest);
    Ok(())
}

/// A backup of a snapshot has the bytes of the snapshot, and not those of the volume.
#[squall::test(
    id = "volume.chains.backup-of-snapshot",
    needs(volume >= "3.68", image),
    features("volume.backup", "volume.snapshot")
)]
async fn of_a_snapshot(ctx: &Context) -> squall::Result {
    let Fillings { first, second, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let snapshot = volumes::snapshot(ctx, &volume.id, json!({})).await?;
    volumes::reimage(ctx, &volume.id, &second.image).await?;
    ensure_eq!(volumes::content(ctx, &volume.id).await?, second.digest);
    let further = json!({ "snapshot_id": snapshot.id });
    let backup = volumes::backup(ctx, &volume.id, further).await?;
    let shown = ctx.volume().backups().show(&backup.id).send().await?;
    ensure_eq!(shown.value.snapshot_id.as_deref(), Some(snapshot.id.as_str()));
    let restored = volumes::restore_anew(ctx, &backup.id).await?;
    ensure_eq!(volumes::content(ctx, &restored.id).await?, first.digest);
    let shown = ctx.volume().snapshots().show(&snapshot.id).send().await?;
    ensure_eq!(shown.value.status.as_deref(), Some("available"));
    Ok(())
}

/// A volume that a server has is backed up only if that is forced, and stays the server's.
#[squall::test(
    id = "volume.chains.backup-in-use",
    needs(volume, image, compute),
    features("volume.backup", "compute.volume_attach")
)]
async fn in_use(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let server = servers::boot(ctx, json!({})).await?;
    servers::attach_volume(ctx, &server.id, &volume.id).await?;
    let unforced = ctx.volume().backups().create(json!({ "volume_id": volume.id }));
    ctx.expect_refusal(400, unforced).await?;
    let backup = volumes::backup(ctx, &volume.id, json!({ "force": true })).await?;
    ctx.wait("the volume to be the server's again")
        .until(ready::volume_attached(ctx.actor(), &volume.id, &server.id))
        .await?;
    let restored = volumes::restore_anew(ctx, &backup.id).await?;
    ensure_eq!(volumes::content(ctx, &restored.id).await?, first.digest);
    servers::detach_volume(ctx, &server.id, &volume.id).await?;
    Ok(())
}

/// A full backup and two incremental ones have each the bytes of their moment; none is deleted
/// while another stands on it.
#[squall::test(
    id = "volume.chains.backup-incremental",
    needs(volume >= "3.68", image),
    features("volume.backup")
)]
async fn each_has_its_moment(ctx: &Context) -> squall::Result {
    let Fillings { first, second, third, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let mut backups = vec![volumes::backup(ctx, &volume.id, json!({})).await?.id];
    for filling in [second, third] {
        volumes::reimage(ctx, &volume.id, &filling.image).await?;
        let incremental = json!({ "incremental": true });
        backups.push(volumes::backup(ctx, &volume.id, incremental).await?.id);
    }
    let calls = ctx.volume().backups();
    for (at, (backup, filling)) in backups.iter().zip([first, second, third]).enumerate() {
        let shown = calls.show(backup).send().await?;
        let is_last = at + 1 == backups.len();
        ensure_eq!(shown.body.at("/backup/is_incremental"), Some(&json!(at > 0)), "backup {at}");
        let has_dependent = shown.body.at("/backup/has_dependent_backups");
        ensure_eq!(has_dependent, Some(&json!(!is_last)), "backup {at}");
        let into = volumes::create(ctx, json!({})).await?;
        volumes::restore(ctx, backup, &into.id).await?;
        ensure_eq!(volumes::content(ctx, &into.id).await?, filling.digest, "backup {at}");
    }
    for backup in &backups[..2] {
        calls.delete(backup).expect_error(400).await?;
    }
    for backup in backups.iter().rev() {
        calls.delete(backup).send().await?;
        ctx.wait("the backup to be gone").until(ready::gone(calls.show(backup))).await?;
    }
    Ok(())
}

/// There is no incremental backup without one that it adds to.
#[squall::test(
    id = "volume.chains.backup-incremental-alone",
    features("volume.backup"),
    tags(negative)
)]
async fn not_without_a_full_one(ctx: &Context) -> squall::Result {
    let volume = volumes::create(ctx, json!({})).await?;
    let backup = json!({ "volume_id": volume.id, "incremental": true });
    ctx.expect_refusal(400, ctx.volume().backups().create(backup)).await?;
    volumes::available(ctx, &volume.id).await?;
    Ok(())
}

/// An admin backs another project's volume up, for its own project.
#[squall::test(id = "volume.chains.backup-by-admin", features("volume.backup"), identities(member))]
async fn of_another_project(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let admin = ctx.admin();
    let backups = admin.volume().backups();
    let backup = ctx.create(backups.create(json!({ "volume_id": volume.id }))).await?;
    let shown = ctx
        .wait("the backup to be available")
        .until(ready::state(admin, backups.show(&backup.id), "available"))
        .await?;
    ensure_eq!(shown.volume_id.as_deref(), Some(volume.id.as_str()));
    ctx.volume().backups().show(&backup.id).expect_error(404).await?;
    let into = volumes::create(ctx, json!({})).await?;
    backups.restore(&backup.id, json!({ "volume_id": into.id })).send().await?;
    ctx.wait("the backup to be read")
        .until(ready::state(admin, backups.show(&backup.id), "available"))
        .await?;
    volumes::available(ctx, &into.id).await?;
    ensure_eq!(volumes::content(ctx, &into.id).await?, first.digest);
    Ok(())
}
