//! Snapshots, clones and extended volumes: what becomes of the bytes when the source or the copy
//! changes, grows or goes.

use futures_util::future::try_join_all;
use serde_json::json;
use squall::scenario::{images, volumes};
use squall::{Context, ensure_eq};

use super::{BYTES, Fillings};

/// A volume has the bytes of its image, and an image made of it fills another with the same.
#[squall::test(id = "volume.chains.image", needs(volume, image))]
async fn an_image_comes_back(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    ensure_eq!(volumes::content(ctx, &volume.id).await?, first.digest);
    let image = volumes::upload_as_image(ctx, &volume.id).await?;
    let again = volumes::from_image(ctx, &image).await?;
    ensure_eq!(volumes::content(ctx, &again.id).await?, first.digest);
    Ok(())
}

/// A volume is overwritten with an image, and has its bytes alone.
#[squall::test(id = "volume.chains.reimage", needs(volume >= "3.68", image))]
async fn overwritten(ctx: &Context) -> squall::Result {
    let Fillings { first, second, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    volumes::reimage(ctx, &volume.id, &second.image).await?;
    ensure_eq!(volumes::content(ctx, &volume.id).await?, second.digest);
    Ok(())
}

/// A snapshot keeps the bytes that its volume had, whatever becomes of the volume.
#[squall::test(
    id = "volume.chains.snapshot",
    needs(volume >= "3.68", image),
    features("volume.snapshot")
)]
async fn a_snapshot_keeps_what_was(ctx: &Context) -> squall::Result {
    let Fillings { first, second, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let snapshot = volumes::snapshot(ctx, &volume.id, json!({})).await?;
    volumes::reimage(ctx, &volume.id, &second.image).await?;
    let past = volumes::from_snapshot(ctx, &snapshot.id).await?;
    ensure_eq!(volumes::content(ctx, &past.id).await?, first.digest);
    ensure_eq!(volumes::content(ctx, &volume.id).await?, second.digest);
    Ok(())
}

/// A clone and its source change each for itself.
#[squall::test(
    id = "volume.chains.clone",
    needs(volume >= "3.68", image),
    features("volume.clone")
)]
async fn a_clone_is_its_own(ctx: &Context) -> squall::Result {
    let Fillings { first, second, third, .. } = ctx.fixture()?;
    let source = volumes::from_image(ctx, &first.image).await?;
    let copy = volumes::copy(ctx, &source.id).await?;
    volumes::reimage(ctx, &source.id, &second.image).await?;
    ensure_eq!(volumes::content(ctx, &copy.id).await?, first.digest);
    volumes::reimage(ctx, &copy.id, &third.image).await?;
    ensure_eq!(volumes::content(ctx, &source.id).await?, second.digest);
    ensure_eq!(volumes::content(ctx, &copy.id).await?, third.digest);
    Ok(())
}

/// A clone that is larger than its source has the same bytes; the source stays as it is.
#[squall::test(id = "volume.chains.clone-larger", features("volume.clone"))]
async fn a_clone_is_larger(ctx: &Context) -> squall::Result {
    let Fillings { first, first_grown, .. } = ctx.fixture()?;
    let source = volumes::from_image(ctx, &first.image).await?;
    let copy = volumes::create(ctx, json!({ "source_volid": source.id, "size": 2 })).await?;
    let volumes = ctx.volume().volumes();
    ensure_eq!(volumes.show(&copy.id).send().await?.value.size, Some(2));
    ensure_eq!(&volumes::content(ctx, &copy.id).await?, first_grown);
    ensure_eq!(volumes.show(&source.id).send().await?.value.size, Some(1));
    ensure_eq!(volumes::content(ctx, &source.id).await?, first.digest);
    Ok(())
}

/// A volume of a snapshot that is larger than it has the same bytes.
#[squall::test(id = "volume.chains.snapshot-larger", features("volume.snapshot"))]
async fn a_volume_of_a_snapshot_is_larger(ctx: &Context) -> squall::Result {
    let Fillings { first, first_grown, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let snapshot = volumes::snapshot(ctx, &volume.id, json!({})).await?;
    let larger = volumes::create(ctx, json!({ "snapshot_id": snapshot.id, "size": 2 })).await?;
    ensure_eq!(&volumes::content(ctx, &larger.id).await?, first_grown);
    let shown = ctx.volume().snapshots().show(&snapshot.id).send().await?;
    ensure_eq!(shown.value.size, Some(1));
    Ok(())
}

/// Nothing is made of a volume or a snapshot that is smaller than it.
#[squall::test(
    id = "volume.chains.smaller",
    features("volume.snapshot", "volume.clone"),
    tags(negative)
)]
async fn nothing_is_smaller_than_its_source(ctx: &Context) -> squall::Result {
    let source = volumes::create(ctx, json!({ "size": 2 })).await?;
    let snapshot = volumes::snapshot(ctx, &source.id, json!({})).await?;
    let volumes = ctx.volume().volumes();
    for origin in [json!({ "source_volid": source.id }), json!({ "snapshot_id": snapshot.id })] {
        let mut body = origin;
        body["size"] = json!(1);
        ctx.expect_refusal(400, volumes.create(body)).await?;
    }
    Ok(())
}

/// An extended volume keeps its bytes, and its snapshot from before its size.
#[squall::test(id = "volume.chains.extended", features("volume.snapshot"))]
async fn an_extended_one_keeps_its_bytes(ctx: &Context) -> squall::Result {
    let Fillings { first, first_grown, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let snapshot = volumes::snapshot(ctx, &volume.id, json!({})).await?;
    volumes::extend(ctx, &volume.id, 2).await?;
    ensure_eq!(&volumes::content(ctx, &volume.id).await?, first_grown);
    let past = volumes::from_snapshot(ctx, &snapshot.id).await?;
    ensure_eq!(ctx.volume().volumes().show(&past.id).send().await?.value.size, Some(1));
    ensure_eq!(volumes::content(ctx, &past.id).await?, first.digest);
    Ok(())
}

/// A volume goes back to its latest snapshot.
#[squall::test(
    id = "volume.chains.revert",
    needs(volume >= "3.68", image),
    features("volume.revert", "volume.snapshot")
)]
async fn goes_back(ctx: &Context) -> squall::Result {
    let Fillings { first, second, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let snapshot = volumes::snapshot(ctx, &volume.id, json!({})).await?;
    volumes::reimage(ctx, &volume.id, &second.image).await?;
    ensure_eq!(volumes::content(ctx, &volume.id).await?, second.digest);
    volumes::revert(ctx, &volume.id, &snapshot.id).await?;
    ensure_eq!(volumes::content(ctx, &volume.id).await?, first.digest);
    let shown = ctx.volume().snapshots().show(&snapshot.id).send().await?;
    ensure_eq!(shown.value.status.as_deref(), Some("available"));
    Ok(())
}

/// A volume goes back neither to an older snapshot, nor to one of before it was extended.
#[squall::test(
    id = "volume.chains.revert-older",
    needs(volume >= "3.68", image),
    features("volume.revert", "volume.snapshot"),
    tags(negative)
)]
async fn goes_back_no_further(ctx: &Context) -> squall::Result {
    let Fillings { first, second, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let older = volumes::snapshot(ctx, &volume.id, json!({})).await?;
    volumes::reimage(ctx, &volume.id, &second.image).await?;
    let newer = volumes::snapshot(ctx, &volume.id, json!({})).await?;
    let revert = |snapshot: &str| {
        ctx.volume().volumes().revert(&volume.id, json!({ "snapshot_id": snapshot }))
    };
    revert(&older.id).expect_error(400).await?;
    ensure_eq!(volumes::content(ctx, &volume.id).await?, second.digest);
    volumes::extend(ctx, &volume.id, 2).await?;
    revert(&newer.id).expect_error(400).await?;
    let shown = volumes::available(ctx, &volume.id).await?;
    ensure_eq!(shown.size, Some(2));
    Ok(())
}

/// The last of a chain keeps the bytes when the image, the volumes and the snapshot before it go,
/// the oldest first.
#[squall::test(id = "volume.chains.oldest-first", features("volume.snapshot", "volume.clone"))]
async fn the_last_outlives_the_others(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let chain = chain(ctx).await?;
    ctx.image().images().delete(&chain.image).send().await?;
    ctx.image().images().show(&chain.image).expect_error(404).await?;
    snapshot_gone(ctx, &chain.snapshot).await?;
    volumes::delete(ctx, &chain.of_image).await?;
    volumes::delete(ctx, &chain.of_snapshot).await?;
    ensure_eq!(volumes::content(ctx, &chain.of_volume).await?, first.digest);
    Ok(())
}

/// The first of a chain keeps the bytes when all that was made of it goes, the newest first.
#[squall::test(id = "volume.chains.newest-first", features("volume.snapshot", "volume.clone"))]
async fn the_first_outlives_the_others(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let chain = chain(ctx).await?;
    volumes::delete(ctx, &chain.of_volume).await?;
    volumes::delete(ctx, &chain.of_snapshot).await?;
    snapshot_gone(ctx, &chain.snapshot).await?;
    ensure_eq!(volumes::content(ctx, &chain.of_image).await?, first.digest);
    Ok(())
}

/// An image, a volume of it, its snapshot, a volume of that, and a clone of that.
struct Chain {
    image: String,
    of_image: String,
    snapshot: String,
    of_snapshot: String,
    of_volume: String,
}

async fn chain(ctx: &Context) -> squall::Result<Chain> {
    let image = images::upload(ctx, &BYTES[0], json!({})).await?.id;
    let of_image = volumes::from_image(ctx, &image).await?.id;
    let snapshot = volumes::snapshot(ctx, &of_image, json!({})).await?.id;
    let of_snapshot = volumes::from_snapshot(ctx, &snapshot).await?.id;
    let of_volume = volumes::copy(ctx, &of_snapshot).await?.id;
    Ok(Chain { image, of_image, snapshot, of_snapshot, of_volume })
}

async fn snapshot_gone(ctx: &Context, id: &str) -> squall::Result {
    let snapshots = ctx.volume().snapshots();
    snapshots.delete(id).send().await?;
    let gone = squall::wait::ready::gone(snapshots.show(id));
    Ok(ctx.wait("the snapshot to be gone").until(gone).await?)
}

/// Ten volumes are made of one snapshot at the same time, and go at the same time.
#[squall::test(id = "volume.chains.many", features("volume.snapshot"))]
async fn ten_at_once(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    let snapshot = volumes::snapshot(ctx, &volume.id, json!({})).await?;
    let made = try_join_all((0..10).map(|_| volumes::from_snapshot(ctx, &snapshot.id))).await?;
    for copy in &made {
        let shown = ctx.volume().volumes().show(&copy.id).send().await?;
        ensure_eq!(shown.value.snapshot_id.as_deref(), Some(snapshot.id.as_str()));
    }
    for copy in [&made[0], &made[9]] {
        ensure_eq!(volumes::content(ctx, &copy.id).await?, first.digest);
    }
    try_join_all(made.iter().map(|copy| volumes::delete(ctx, &copy.id))).await?;
    let shown = ctx.volume().snapshots().show(&snapshot.id).send().await?;
    ensure_eq!(shown.value.status.as_deref(), Some("available"));
    Ok(())
}
