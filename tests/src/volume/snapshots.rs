//! Snapshots, and volumes made of them.

use serde_json::{Value, json};
use squall::scenario::volumes;
use squall::wait::ready;
use squall::{Context, ensure, ensure_eq};

use super::volumes::available;

/// A snapshot becomes available, and a larger volume is created from it.
#[squall::test(id = "volume.snapshots.volume", features("volume.snapshot"))]
async fn a_volume_is_made_of_a_snapshot(ctx: &Context) -> squall::Result {
    let volume = available(ctx).await?;
    let snapshot = volumes::snapshot(ctx, &volume, json!({})).await?;
    let copy = volumes::create(ctx, json!({ "size": 2, "snapshot_id": snapshot.id })).await?;
    let shown = ctx.volume().volumes().show(&copy.id).send().await?;
    ensure_eq!(shown.value.snapshot_id.as_deref(), Some(snapshot.id.as_str()));
    ensure_eq!(shown.value.size, Some(2));
    Ok(())
}

/// A snapshot is listed, renamed, keeps its metadata, and is deleted.
#[squall::test(id = "volume.snapshots.update")]
async fn a_snapshot_is_renamed_and_goes(ctx: &Context) -> squall::Result {
    let volume = available(ctx).await?;
    let snapshots = ctx.volume().snapshots();
    let metadata = json!({ "colour": "blue", "shade": "dark" });
    let snapshot =
        ctx.create(snapshots.create(json!({ "volume_id": volume, "metadata": metadata }))).await?;
    let show = || snapshots.show(&snapshot.id);
    ctx.wait("the snapshot to be available")
        .until(ready::status_of(show(), "/snapshot/status", "available", &["error"]))
        .await?;
    let listed = snapshots.list().send().await?;
    let listed = listed.body.at("/snapshots").and_then(Value::as_array);
    let found = listed.is_some_and(|all| all.iter().any(|other| other["id"] == snapshot.id));
    ensure!(found, "the snapshot is not listed");
    let name = format!("{}-b", snapshot.name);
    let change = json!({ "name": name, "description": "renewed" });
    snapshots.update(&snapshot.id, change).send().await?;
    let shown = show().send().await?;
    ensure_eq!(shown.value.name.as_deref(), Some(name.as_str()));
    ensure_eq!(shown.body.at("/snapshot/metadata"), Some(&metadata));
    snapshots.delete(&snapshot.id).send().await?;
    ctx.wait("the snapshot to be gone").until(ready::gone(show())).await?;
    Ok(())
}

/// A snapshot of an unknown volume is not found.
#[squall::test(id = "volume.snapshots.unknown", tags(negative))]
async fn a_snapshot_needs_a_volume(ctx: &Context) -> squall::Result {
    let id = "6f0c1a52-9d5e-4c3b-8a43-5a1d0c8e7f03";
    let snapshots = ctx.volume().snapshots();
    ctx.expect_refusal(404, snapshots.create(json!({ "volume_id": id }))).await?;
    Ok(())
}
