//! Snapshots, and volumes made of them.

use serde_json::json;
use squall::scenario::volumes;
use squall::{Context, ensure_eq, kinds};

use super::volumes::available;

/// A snapshot becomes available, and a volume is made of it.
#[squall::test(id = "volume.snapshots.volume", features("volume.snapshot"))]
async fn a_volume_is_made_of_a_snapshot(ctx: &Context) -> squall::Result {
    let volume = available(ctx).await?;
    let snapshot = volumes::snapshot(ctx, &volume, json!({})).await?;
    let copy = volumes::from_snapshot(ctx, &snapshot.id).await?;
    let shown = ctx.volume().volumes().show(&copy.id).send().await?;
    ensure_eq!(shown.body.at("/volume/snapshot_id"), Some(&json!(snapshot.id)));
    Ok(())
}

/// A snapshot of what there is not is not found.
#[squall::test(id = "volume.snapshots.unknown", tags(negative))]
async fn a_snapshot_needs_a_volume(ctx: &Context) -> squall::Result {
    let id = "6f0c1a52-9d5e-4c3b-8a43-5a1d0c8e7f03";
    let snapshots = ctx.volume().snapshots();
    ctx.expect_refusal(&kinds::SNAPSHOT, 404, |name| {
        snapshots.create(json!({ "name": name, "volume_id": id }))
    })
    .await?;
    Ok(())
}
