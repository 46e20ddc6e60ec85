//! What is made of a volume, and what a volume is made of.

use serde_json::json;
use squall::scenario::volumes;
use squall::{Context, ensure_eq};

/// A volume is backed up, and the backup is restored to a new volume.
#[squall::test(id = "scenario.volume.backup", features("volume.backup"))]
async fn is_backed_up_and_restored(ctx: &Context) -> squall::Result {
    let volume = volumes::create(ctx, json!({})).await?;
    let backup = volumes::backup(ctx, &volume.id, json!({})).await?;
    let into = volumes::create(ctx, json!({})).await?;
    volumes::restore(ctx, &backup.id, &into.id).await?;
    let shown = ctx.volume().backups().show(&backup.id).send().await?;
    ensure_eq!(shown.value.volume_id.as_deref(), Some(volume.id.as_str()));
    Ok(())
}

/// A cloned volume names its source, and outlives it.
#[squall::test(id = "scenario.volume.copy", features("volume.clone"))]
async fn a_copy_outlives_its_source(ctx: &Context) -> squall::Result {
    let source = volumes::create(ctx, json!({})).await?;
    let copy = volumes::copy(ctx, &source.id).await?;
    let shown = ctx.volume().volumes().show(&copy.id).send().await?;
    ensure_eq!(shown.value.source_volid.as_deref(), Some(source.id.as_str()));
    volumes::delete(ctx, &source.id).await?;
    volumes::available(ctx, &copy.id).await?;
    Ok(())
}
