//! Volumes that another project takes over.

use serde_json::{Value, json};
use squall::context::Actor;
use squall::scenario::{servers, volumes};
use squall::wait::ready;
use squall::{Context, ensure_eq};

use super::Fillings;

/// Returns how many volumes and gigabytes count for an identity's project.
async fn used(actor: &Actor) -> squall::Result<[Option<Value>; 2]> {
    let limits = actor.volume().limits().show().send().await?;
    let used = |what: &str| limits.body.at(&format!("/limits/absolute/{what}")).cloned();
    Ok([used("totalVolumesUsed"), used("totalGigabytesUsed")])
}

/// An accepted volume is the other project's, counts there, has its bytes, and is not seen by
/// the first any more.
#[squall::test(id = "volume.chains.transfer", identities(fresh member, other = fresh member))]
async fn it_is_anothers(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let other = ctx.identity_named("other")?;
    let volume = volumes::from_image(ctx, &first.image).await?;
    ensure_eq!(used(ctx.actor()).await?, [1, 1].map(|used| Some(json!(used))));
    let before = volumes::content(ctx, &volume.id).await?;
    ensure_eq!(before, first.digest);
    volumes::transfer(ctx, &volume, other, json!({})).await?;
    let shown = other.volume().volumes().show(&volume.id).send().await?;
    let project = shown.body.at("/volume/os-vol-tenant-attr:tenant_id");
    ensure_eq!(project, Some(&json!(other.project_id())));
    ensure_eq!(shown.value.user_id.as_deref(), Some(other.user_id()));
    ctx.volume().volumes().show(&volume.id).expect_error(404).await?;
    ensure_eq!(used(ctx.actor()).await?, [0, 0].map(|used| Some(json!(used))));
    ensure_eq!(used(other).await?, [1, 1].map(|used| Some(json!(used))));
    ensure_eq!(volumes::content_for(ctx, other, &volume.id).await?, first.digest);
    Ok(())
}

/// A volume on offer is given to no one with another key, is neither deleted nor offered again,
/// and is its project's as before once the offer is withdrawn.
#[squall::test(
    id = "volume.chains.transfer-withdrawn",
    identities(member, other = member),
    tags(negative)
)]
async fn it_stays_where_it_was(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let other = ctx.identity_named("other")?.volume().volume_transfers();
    let volume = volumes::from_image(ctx, &first.image).await?;
    let transfers = ctx.volume().volume_transfers();
    let offer = || transfers.create(json!({ "volume_id": volume.id }));
    let offered = ctx.create(offer()).await?;
    let shown = ctx.volume().volumes().show(&volume.id).send().await?;
    ensure_eq!(shown.value.status.as_deref(), Some("awaiting-transfer"));
    ctx.volume().volumes().delete(&volume.id).expect_error(400).await?;
    ctx.expect_refusal(400, offer()).await?;
    let wrong = json!({ "auth_key": "c0ffee11c0ffee11" });
    other.accept(&offered.id, wrong).expect_error(400).await?;
    other.show(&offered.id).expect_error(404).await?;
    transfers.delete(&offered.id).send().await?;
    let key = json!({ "auth_key": offered.value.auth_key });
    other.accept(&offered.id, key).expect_error(404).await?;
    volumes::available(ctx, &volume.id).await?;
    ensure_eq!(volumes::content(ctx, &volume.id).await?, first.digest);
    Ok(())
}

/// A volume that a server has is not given away.
#[squall::test(
    id = "volume.chains.transfer-in-use",
    needs(volume, image, compute),
    features("compute.volume_attach"),
    tags(negative)
)]
async fn not_while_in_use(ctx: &Context) -> squall::Result {
    let volume = volumes::create(ctx, json!({})).await?;
    let server = servers::boot(ctx, json!({})).await?;
    servers::attach_volume(ctx, &server.id, &volume.id).await?;
    let transfers = ctx.volume().volume_transfers();
    ctx.expect_refusal(400, transfers.create(json!({ "volume_id": volume.id }))).await?;
    let shown = ctx.volume().volumes().show(&volume.id).send().await?;
    ensure_eq!(shown.value.status.as_deref(), Some("in-use"));
    servers::detach_volume(ctx, &server.id, &volume.id).await
}

/// Snapshots go with their volume, unless they are to stay: then they keep the volume from being
/// deleted by its new owner.
#[squall::test(
    id = "volume.chains.transfer-snapshots",
    needs(volume >= "3.55", image),
    features("volume.snapshot"),
    identities(member, other = member)
)]
async fn snapshots_go_along_or_stay(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let other = ctx.identity_named("other")?;
    for stay in [false, true] {
        let volume = volumes::from_image(ctx, &first.image).await?;
        let snapshot = volumes::snapshot(ctx, &volume.id, json!({})).await?;
        // Its first owner cannot delete it any more: cinder does not find the volume for it.
        let all = ctx.admin().volume().snapshots();
        let (kind, id) = (&squall::kinds::volume::SNAPSHOT, &snapshot.id);
        ctx.record(kind, ctx.admin(), &snapshot.name, Some(id)).await?;
        volumes::transfer(ctx, &volume, other, json!({ "no_snapshots": stay })).await?;
        let (own, theirs) = (ctx.volume().snapshots(), other.volume().snapshots());
        let (has, lacks) = if stay { (own, theirs) } else { (theirs, own) };
        has.show(id).send().await?;
        lacks.show(id).expect_error(404).await?;
        other.volume().volumes().delete(&volume.id).expect_error(400).await?;
        all.delete(id).send().await?;
        ctx.wait("the snapshot to be gone").until(ready::gone(all.show(id))).await?;
    }
    Ok(())
}
