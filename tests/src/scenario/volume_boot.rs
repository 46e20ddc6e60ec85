//! Volumes made of images.

use squall::scenario::servers::public_image;
use squall::scenario::volumes;
use squall::{Context, ensure_eq};

/// A server boots from a volume created from an image.
#[squall::test(id = "scenario.volume.from-image")]
async fn a_volume_of_an_image_is_bootable(ctx: &Context) -> squall::Result {
    let image = public_image(ctx).await?;
    let made = volumes::from_image(ctx, &image).await?;
    let shown = ctx.volume().volumes().show(&made.id).send().await?;
    ensure_eq!(shown.value.bootable.as_deref(), Some("true"));
    Ok(())
}
