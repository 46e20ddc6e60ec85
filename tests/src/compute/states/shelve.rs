//! Shelved servers: what is left of them, and what comes back.

use serde_json::{Value, json};
use squall::scenario::{servers, volumes};
use squall::wait::ready;
use squall::{Context, Result, ensure, ensure_eq, kinds};

use super::{allocated, becomes_allocated, ensure_actions, equipment, equipped, shown, text};

/// Returns the images that a server is made of while it is shelved.
async fn images_of(ctx: &Context, id: &str) -> Result<Vec<Value>> {
    let images = ctx.image().images().list().query("instance_uuid", id).send().await?;
    Ok(images.body.at("/images").and_then(Value::as_array).cloned().unwrap_or_default())
}

/// A shelved server is on no host, uses nothing, and comes back with what it had.
#[squall::test(
    id = "compute.states.shelved",
    needs(network, volume, placement),
    features("compute.shelve")
)]
async fn what_is_shelved_is_on_no_host(ctx: &Context) -> Result {
    let server = equipped(ctx, "10.45.0.0/24").await?;
    let (before, has) = (shown(ctx, &server.id).await?, equipment(ctx, &server.id).await?);
    let uses = allocated(ctx, &server.id).await?;
    ensure!(uses.is_some(), "the server uses nothing");
    servers::shelve(ctx, &server.id).await?;
    let away = shown(ctx, &server.id).await?;
    ensure_eq!((text(&away, "/OS-EXT-SRV-ATTR:host"), text(&away, "/hostId")), ("", ""));
    becomes_allocated(ctx, &server.id, None).await?;

    servers::unshelve(ctx, &server.id).await?;
    let after = shown(ctx, &server.id).await?;
    ensure!(!text(&after, "/OS-EXT-SRV-ATTR:host").is_empty(), "the server is on no host");
    for same in ["/flavor", "/image", "/addresses", "/created"] {
        ensure_eq!(after.pointer(same), before.pointer(same), "{same}");
    }
    ensure_eq!(equipment(ctx, &server.id).await?, has);
    becomes_allocated(ctx, &server.id, uses.as_ref()).await?;
    ensure_actions(ctx, &server.id, &["create", "attach_volume", "shelve", "unshelve"]).await
}

/// A server that boots from a volume is shelved without an image.
#[squall::test(
    id = "compute.states.shelved-from-volume",
    needs(volume),
    features("compute.shelve")
)]
async fn a_root_volume_needs_no_image(ctx: &Context) -> Result {
    let volume = volumes::from_image(ctx, &servers::public_image(ctx).await?).await?;
    let server = servers::boot_from_volume(ctx, &volume.id).await?;
    servers::shelve(ctx, &server.id).await?;
    ensure_eq!(images_of(ctx, &server.id).await?, Vec::<Value>::new());
    let held = ctx.volume().volumes().show(&volume.id).send().await?;
    ensure!(held.value.status.as_deref() != Some("available"), "the root volume is given away");
    servers::unshelve(ctx, &server.id).await?;
    let waiting = ctx.wait("the root volume to be attached again");
    waiting.until(ready::volume_attached(ctx.actor(), &volume.id, &server.id)).await?;
    Ok(())
}

/// A volume is attached to a server that is on no host, and detached from it.
#[squall::test(id = "compute.states.shelved-volume", needs(volume), features("compute.shelve"))]
async fn a_volume_comes_and_goes_while_shelved(ctx: &Context) -> Result {
    let server = servers::boot(ctx, json!({})).await?;
    let (first, second) =
        (volumes::create(ctx, json!({})).await?, volumes::create(ctx, json!({})).await?);
    servers::attach_volume(ctx, &server.id, &first.id).await?;
    servers::shelve(ctx, &server.id).await?;
    let attachments = ctx.compute().server_volume_attachments();
    let attach = attachments.create(&server.id, json!({ "volumeId": second.id }));
    ctx.change(&kinds::compute::VOLUME_ATTACHMENT, attach).await?;
    servers::detach_volume(ctx, &server.id, &first.id).await?;
    let listed = attachments.list(&server.id).send().await?;
    ensure_eq!(listed.body.at("/volumeAttachments/0/volumeId"), Some(&json!(second.id)));
    ensure_eq!(listed.body.at("/volumeAttachments/1"), None);
    servers::unshelve(ctx, &server.id).await?;
    let waiting = ctx.wait("the volume to be attached");
    waiting.until(ready::volume_attached(ctx.actor(), &second.id, &server.id)).await?;
    volumes::available(ctx, &first.id).await?;
    Ok(())
}

/// A shelved server comes back in the zone that it is to be in, if there is such a zone.
#[squall::test(
    id = "compute.states.unshelved-zone",
    needs(compute >= "2.77"),
    features("compute.shelve")
)]
async fn it_comes_back_in_a_zone(ctx: &Context) -> Result {
    let server = servers::boot(ctx, json!({})).await?;
    let before = shown(ctx, &server.id).await?;
    let zone = text(&before, "/OS-EXT-AZ:availability_zone");
    servers::shelve(ctx, &server.id).await?;
    let unshelve = |zone: &str| {
        ctx.compute().servers().unshelve(&server.id, json!({ "availability_zone": zone }))
    };
    unshelve("squall-no-such-zone").expect_error(400).await?;
    ensure_eq!(text(&shown(ctx, &server.id).await?, "/status"), "SHELVED_OFFLOADED");
    unshelve(zone).send().await?;
    servers::settles(ctx, &server.id, "ACTIVE").await?;
    let after = shown(ctx, &server.id).await?;
    ensure_eq!(text(&after, "/OS-EXT-AZ:availability_zone"), zone);
    Ok(())
}
