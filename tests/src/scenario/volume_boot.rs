//! Volumes made of images.

use serde_json::json;
use squall::wait::ready;
use squall::{Context, ensure_eq, kinds};

use crate::compute::public_image;

/// A volume made of an image can be booted from.
#[squall::test(id = "scenario.volume.from-image")]
async fn a_volume_of_an_image_is_bootable(ctx: &Context) -> squall::Result {
    let image = public_image(ctx).await?;
    let volumes = ctx.volume().volumes();
    let made = ctx
        .create(&kinds::VOLUME, |name| {
            volumes.create(json!({ "name": name, "size": 1, "imageRef": image }))
        })
        .await?;
    ctx.wait("the volume to be available")
        .until(ready::volume_status(ctx.actor(), &made.id, "available"))
        .await?;
    let shown = volumes.show(&made.id).send().await?;
    ensure_eq!(shown.body.at("/volume/bootable"), Some(&json!("true")));
    Ok(())
}
