//! Quotas of block storage, whose refusals are 413.

use serde_json::{Value, json};
use squall::scenario::{quotas, volumes};
use squall::wait::ready;
use squall::{Case, Context, Result, ensure_eq};

use super::ensure_names;

/// Returns how much a project uses of what there is a quota of.
async fn used(ctx: &Context, quota: &str) -> Result<Option<u64>> {
    let project = ctx.actor().project_id().unwrap_or_default();
    let shown = ctx.volume().quota_sets().show(project).query("usage", "true").send().await?;
    Ok(shown.body.at(&format!("/quota_set/{quota}/in_use")).and_then(Value::as_u64))
}

/// A project has as many volumes, and as much in them, as it may.
#[squall::test(id = "quotas.volume.volumes", needs(volume), cases = of_volumes)]
async fn one_volume_fits(ctx: &Context, quota: &&'static str) -> Result {
    quotas::volume(ctx, json!({ *quota: 1 })).await?;
    let first = volumes::create(ctx, json!({})).await?;
    ensure_eq!(used(ctx, quota).await?, Some(1));
    let create = || ctx.volume().volumes().create(json!({ "size": 1 }));
    let refused = ctx.expect_refusal(413, create()).await?;
    ensure_names(&refused, quota)?;
    ensure_eq!(used(ctx, quota).await?, Some(1));
    volumes::delete(ctx, &first.id).await?;
    ensure_eq!(used(ctx, quota).await?, Some(0));
    volumes::create(ctx, json!({})).await?;
    Ok(())
}

fn of_volumes() -> [Case<&'static str>; 2] {
    ["volumes", "gigabytes"].map(|quota| Case::new(quota, quota))
}

/// A project has as many snapshots as it may.
#[squall::test(id = "quotas.volume.snapshots", needs(volume))]
async fn one_snapshot_fits(ctx: &Context) -> Result {
    quotas::volume(ctx, json!({ "snapshots": 1 })).await?;
    let volume = volumes::create(ctx, json!({})).await?;
    let first = volumes::snapshot(ctx, &volume.id, json!({})).await?;
    ensure_eq!(used(ctx, "snapshots").await?, Some(1));
    let snapshots = ctx.volume().snapshots();
    let refused = snapshots.create(json!({ "volume_id": volume.id }));
    let refused = ctx.expect_refusal(413, refused).await?;
    ensure_names(&refused, "snapshots")?;
    snapshots.delete(&first.id).send().await?;
    ctx.wait("the snapshot to be gone").until(ready::gone(snapshots.show(&first.id))).await?;
    ensure_eq!(used(ctx, "snapshots").await?, Some(0));
    volumes::snapshot(ctx, &volume.id, json!({})).await?;
    Ok(())
}

/// A project has as many backups as it may.
#[squall::test(id = "quotas.volume.backups", needs(volume), features("volume.backup"))]
async fn one_backup_fits(ctx: &Context) -> Result {
    quotas::volume(ctx, json!({ "backups": 1 })).await?;
    let volume = volumes::create(ctx, json!({})).await?;
    let first = volumes::backup(ctx, &volume.id, json!({})).await?;
    ensure_eq!(used(ctx, "backups").await?, Some(1));
    let backups = ctx.volume().backups();
    let refused = backups.create(json!({ "volume_id": volume.id }));
    let refused = ctx.expect_refusal(413, refused).await?;
    ensure_names(&refused, "backups")?;
    backups.delete(&first.id).send().await?;
    ctx.wait("the backup to be gone").until(ready::gone(backups.show(&first.id))).await?;
    ensure_eq!(used(ctx, "backups").await?, Some(0));
    volumes::backup(ctx, &volume.id, json!({})).await?;
    Ok(())
}

/// A volume grows as far as its project's quota.
#[squall::test(id = "quotas.volume.extended", needs(volume))]
async fn a_volume_grows_as_far_as_it_may(ctx: &Context) -> Result {
    quotas::volume(ctx, json!({ "gigabytes": 2 })).await?;
    let volume = volumes::create(ctx, json!({})).await?;
    let extend = |size: u64| ctx.volume().volumes().extend(&volume.id, json!({ "new_size": size }));
    extend(3).expect_error(413).await?;
    volumes::available(ctx, &volume.id).await?;
    ensure_eq!(used(ctx, "gigabytes").await?, Some(1));
    volumes::extend(ctx, &volume.id, 2).await?;
    ensure_eq!(used(ctx, "gigabytes").await?, Some(2));
    extend(3).expect_error(413).await?;
    volumes::delete(ctx, &volume.id).await?;
    ensure_eq!(used(ctx, "gigabytes").await?, Some(0));
    volumes::create(ctx, json!({ "size": 2 })).await?;
    Ok(())
}
