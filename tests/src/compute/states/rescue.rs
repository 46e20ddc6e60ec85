//! Rescues: what a rescued server keeps, and what cannot be rescued.

use serde_json::{Value, json};
use squall::scenario::{images, servers, volumes};
use squall::{Context, Result, ensure_eq};

use super::{ensure_actions, equipment, equipped, shown, text};

/// A rescued server gives nothing away, and comes back with what it had.
#[squall::test(id = "compute.states.rescued", needs(network, volume), features("compute.rescue"))]
async fn what_is_rescued_keeps_what_it_has(ctx: &Context) -> Result {
    let server = equipped(ctx, "10.44.0.0/24").await?;
    let has = equipment(ctx, &server.id).await?;
    let rescue = json!({ "adminPass": "correct horse" });
    let answer = ctx.compute().servers().rescue(&server.id, rescue).send().await?;
    ensure_eq!(answer.body.at("/adminPass"), Some(&json!("correct horse")));
    servers::settles(ctx, &server.id, "RESCUE").await?;
    let (port, volume) = (text(&has, "/ports/0/id"), text(&has, "/volumes/0/id"));
    let compute = ctx.compute();
    for refused in [
        compute.server_interfaces().delete(&server.id, port),
        compute.server_volume_attachments().delete(&server.id, volume),
    ] {
        refused.expect_error(409).await?;
    }
    servers::unrescue(ctx, &server.id).await?;
    ensure_eq!(equipment(ctx, &server.id).await?, has);
    ensure_actions(ctx, &server.id, &["create", "attach_volume", "rescue", "unrescue"]).await
}

/// A server is rescued by another image, and is one of its own image all the same.
#[squall::test(id = "compute.states.rescue-image", features("compute.rescue"))]
async fn the_image_that_rescues_is_not_the_servers(ctx: &Context) -> Result {
    let server = servers::boot(ctx, json!({})).await?;
    let before = shown(ctx, &server.id).await?;
    let unknown = json!({ "rescue_image_ref": "6f0c1a52-9d5e-4c3b-8a43-5a1d0c8e7f08" });
    ctx.compute().servers().rescue(&server.id, unknown).expect_error(400).await?;
    ensure_eq!(text(&shown(ctx, &server.id).await?, "/status"), "ACTIVE");
    let image = images::upload(ctx, b"first aid", json!({})).await?;
    servers::rescue(ctx, &server.id, json!({ "rescue_image_ref": image.id })).await?;
    ensure_eq!(shown(ctx, &server.id).await?["image"], before["image"]);
    servers::unrescue(ctx, &server.id).await?;
    ensure_eq!(shown(ctx, &server.id).await?["image"], before["image"]);
    Ok(())
}

/// A server that boots from a volume is not rescued by an image that is not made for that.
#[squall::test(
    id = "compute.states.rescue-from-volume",
    needs(volume),
    features("compute.rescue"),
    tags(negative)
)]
async fn a_root_volume_is_not_rescued(ctx: &Context) -> Result {
    let image = servers::public_image(ctx).await?;
    let volume = volumes::from_image(ctx, &image).await?;
    let server = servers::boot_from_volume(ctx, &volume.id).await?;
    for body in [json!({}), json!({ "rescue_image_ref": image })] {
        ctx.compute().servers().rescue(&server.id, body).expect_error(400).await?;
    }
    let after = shown(ctx, &server.id).await?;
    ensure_eq!(text(&after, "/status"), "ACTIVE");
    ensure_eq!(after["OS-EXT-STS:task_state"], Value::Null);
    ensure_actions(ctx, &server.id, &["create"]).await
}
