//! Images with given data.

use serde_json::{Value, json};

use super::with;
use crate::context::Made;
use crate::image::types::Image;
use crate::wait::ready;
use crate::{Context, Result};

/// Creates an image with the given bytes and waits until it is active (`POST /images`,
/// `PUT /images/{id}/file`); unless `further` says otherwise its formats are raw and bare.
pub async fn upload(ctx: &Context, bytes: &'static [u8], further: Value) -> Result<Made<Image>> {
    let images = ctx.image().images();
    let body = with(json!({ "disk_format": "raw", "container_format": "bare" }), further);
    let made = ctx.create(images.create(body)).await?;
    images.upload(&made.id, bytes).send().await?;
    let waiting = ctx.wait("the image to be active");
    let value = waiting
        .until(ready::state(ctx.actor(), ctx.image().images().show(&made.id), "active"))
        .await?;
    Ok(Made { value, id: made.id, name: made.name })
}
