//! Snapshots, and volumes made of them.

use serde_json::json;
use squall::wait::ready;
use squall::{Context, ensure_eq, kinds};

use super::volumes::available;

/// A snapshot becomes available, and a volume is made of it.
#[squall::test(id = "volume.snapshots.volume")]
async fn a_volume_is_made_of_a_snapshot(ctx: &Context) -> squall::Result {
    let volume = available(ctx).await?;
    let snapshots = ctx.volume().snapshots();
    let snapshot = ctx
        .create(&kinds::SNAPSHOT, |name| {
            snapshots.create(json!({ "name": name, "volume_id": volume }))
        })
        .await?;
    let shown = snapshots.show(&snapshot.id);
    ctx.wait("the snapshot to be available")
        .until(ready::status_of(shown, "/snapshot/status", "available", &["error"]))
        .await?;
    let volumes = ctx.volume().volumes();
    let copy = ctx
        .create(&kinds::VOLUME, |name| {
            volumes.create(json!({ "name": name, "size": 1, "snapshot_id": snapshot.id }))
        })
        .await?;
    ctx.wait("the copy to be available")
        .until(ready::volume_status(ctx.actor(), &copy.id, "available"))
        .await?;
    let shown = volumes.show(&copy.id).send().await?;
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
