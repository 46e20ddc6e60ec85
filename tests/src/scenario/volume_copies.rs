//! What is made of a volume, and what a volume is made of.

use serde_json::json;
use squall::scenario::servers::public_image;
use squall::scenario::volumes;
use squall::{Context, ensure, ensure_eq};

/// A volume is backed up, and the backup is restored over a volume with other bytes.
#[squall::test(id = "scenario.volume.backup", features("volume.backup"), timeout = 600)]
async fn is_backed_up_and_restored(ctx: &Context) -> squall::Result {
    let volume = volumes::from_image(ctx, &public_image(ctx).await?).await?;
    let backup = volumes::backup(ctx, &volume.id, json!({})).await?;
    let size = volumes::available(ctx, &volume.id).await?.size;
    let into = volumes::create(ctx, json!({ "size": size })).await?;
    let digest = volumes::content(ctx, &volume.id).await?;
    let before = volumes::content(ctx, &into.id).await?;
    ensure!(before != digest, "an empty volume and one of an image have the same bytes");
    volumes::restore(ctx, &backup.id, &into.id).await?;
    let shown = ctx.volume().backups().show(&backup.id).send().await?;
    ensure_eq!(shown.value.volume_id.as_deref(), Some(volume.id.as_str()));
    ensure_eq!(volumes::content(ctx, &into.id).await?, digest);
    Ok(())
}

/// A cloned volume names its source, has its bytes, and outlives it.
#[squall::test(id = "scenario.volume.copy", features("volume.clone"))]
async fn a_copy_outlives_its_source(ctx: &Context) -> squall::Result {
    let source = volumes::from_image(ctx, &public_image(ctx).await?).await?;
    let digest = volumes::content(ctx, &source.id).await?;
    let copy = volumes::copy(ctx, &source.id).await?;
    let shown = ctx.volume().volumes().show(&copy.id).send().await?;
    ensure_eq!(shown.value.source_volid.as_deref(), Some(source.id.as_str()));
    volumes::delete(ctx, &source.id).await?;
    volumes::available(ctx, &copy.id).await?;
    ensure_eq!(volumes::content(ctx, &copy.id).await?, digest);
    Ok(())
}
