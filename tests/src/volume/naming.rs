//! Volumes that are named and described anew, of nothing and of an image.

use serde_json::{Value, json};
use squall::wait::ready;
use squall::{Context, ensure_eq};

use squall::scenario::servers::public_image;

/// A volume is renamed and keeps its metadata; another may take its old name.
#[squall::test(id = "volume.volumes.names", tags(smoke))]
async fn a_name_is_free_again(ctx: &Context) -> squall::Result {
    renamed(ctx, json!({})).await
}

/// A volume created from an image is renamed and keeps its metadata.
#[squall::test(id = "volume.volumes.names-of-image", needs(volume, image), tags(smoke))]
async fn a_name_is_free_again_with_an_image(ctx: &Context) -> squall::Result {
    let image = public_image(ctx).await?;
    renamed(ctx, json!({ "imageRef": image })).await
}

async fn renamed(ctx: &Context, further: Value) -> squall::Result {
    let of_an_image = further.get("imageRef").is_some();
    let bootable = json!(of_an_image.to_string());
    let volumes = ctx.volume().volumes();
    let metadata = json!({ "colour": "blue" });
    let mut body = json!({ "size": 1, "metadata": metadata });
    if let (Some(body), Value::Object(further)) = (body.as_object_mut(), further) {
        body.extend(further);
    }
    let volume = available(ctx, body).await?;
    let shown = volumes.show(&volume.id).send().await?;
    ensure_eq!(shown.value.name.as_deref(), Some(volume.name.as_str()));
    ensure_eq!(shown.body.at("/volume/metadata"), Some(&metadata));
    ensure_eq!(shown.body.at("/volume/bootable"), Some(&bootable));

    let name = format!("{}-b", volume.name);
    for change in
        [json!({ "name": volume.name }), json!({ "name": name, "description": "renewed" })]
    {
        volumes.update(&volume.id, change).send().await?;
    }
    let shown = volumes.show(&volume.id).send().await?;
    ensure_eq!(shown.value.name.as_deref(), Some(name.as_str()));
    ensure_eq!(shown.value.description.as_deref(), Some("renewed"));
    ensure_eq!(shown.body.at("/volume/metadata"), Some(&metadata));

    let other = available(ctx, json!({ "size": 1, "description": "another" })).await?;
    let change = json!({ "name": volume.name, "description": "renewed" });
    volumes.update(&other.id, change).send().await?;
    let shown = volumes.show(&other.id).send().await?;
    ensure_eq!(shown.value.name.as_deref(), Some(volume.name.as_str()));
    ensure_eq!(shown.value.bootable.as_deref(), Some("false"));
    Ok(())
}

struct Volume {
    id: String,
    name: String,
}

async fn available(ctx: &Context, body: Value) -> squall::Result<Volume> {
    let made = ctx.create(ctx.volume().volumes().create(body)).await?;
    ctx.wait("the volume to be available")
        .until(ready::state(ctx.actor(), ctx.volume().volumes().show(&made.id), "available"))
        .await?;
    Ok(Volume { id: made.id, name: made.name })
}
