//! Volumes made of images, and servers that boot from them.

use serde_json::{Value, json};
use squall::scenario::servers::{self, public_image};
use squall::scenario::volumes;
use squall::{Context, ensure_eq};

/// A server boots from a volume created from an image; the volume outlives it, and another
/// one boots from it.
#[squall::test(id = "scenario.volume.from-image")]
async fn a_volume_of_an_image_is_bootable(ctx: &Context) -> squall::Result {
    let image = public_image(ctx).await?;
    let made = volumes::from_image(ctx, &image).await?;
    let show = || ctx.volume().volumes().show(&made.id).send();
    let shown = show().await?;
    ensure_eq!(shown.value.bootable.as_deref(), Some("true"));
    let source = ctx.image().images().show(&image).send().await?;
    let of_image = |key: &str| shown.body.at(&format!("/volume/volume_image_metadata/{key}"));
    ensure_eq!(of_image("image_id"), Some(&json!(image)));
    ensure_eq!(of_image("checksum"), source.body.at("/checksum"));
    for _ in 0..2 {
        let server = servers::boot_from_volume(ctx, &made.id).await?;
        let booted = ctx.compute().servers().show(&server.id).send().await?;
        ensure_eq!(booted.body.at("/server/image"), Some(&json!("")));
        let held = booted.body.at("/server/os-extended-volumes:volumes_attached/0/id");
        ensure_eq!(held, Some(&json!(made.id)));
        let held = show().await?;
        ensure_eq!(held.body.at("/volume/status"), Some(&json!("in-use")));
        ensure_eq!(held.body.at("/volume/attachments/0/server_id"), Some(&json!(server.id)));
        servers::delete(ctx, &server.id).await?;
        let free = volumes::available(ctx, &made.id).await?;
        ensure_eq!(free.bootable.as_deref(), Some("true"));
    }
    let kept = show().await?;
    ensure_eq!(
        kept.body.at("/volume/attachments").and_then(Value::as_array).map(Vec::len),
        Some(0)
    );
    Ok(())
}
