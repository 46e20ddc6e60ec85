//! Images that volumes are made of: which are refused, and what a volume remembers of one.

use serde_json::{Value, json};
use squall::scenario::{images, volumes};
use squall::{Context, ensure, ensure_eq};

use super::{BYTES, Fillings};

/// An image that asks for more room than a volume has does not fill it.
#[squall::test(id = "volume.chains.image-too-large", tags(negative))]
async fn too_large(ctx: &Context) -> squall::Result {
    let image = images::upload(ctx, &BYTES[0], json!({ "min_disk": 2 })).await?;
    let create =
        |size: u64| ctx.volume().volumes().create(json!({ "imageRef": image.id, "size": size }));
    ctx.expect_refusal(400, create(1)).await?;
    let made = ctx.create(create(2)).await?;
    volumes::available(ctx, &made.id).await?;
    Ok(())
}

/// A deactivated image fills no volume.
#[squall::test(
    id = "volume.chains.image-deactivated",
    features("image.deactivate"),
    tags(negative)
)]
async fn deactivated(ctx: &Context) -> squall::Result {
    let image = images::upload(ctx, &BYTES[0], json!({})).await?;
    let admin = ctx.admin().image().images();
    admin.deactivate(&image.id).send().await?;
    let create = || ctx.volume().volumes().create(json!({ "imageRef": image.id, "size": 1 }));
    ctx.expect_refusal(400, create()).await?;
    admin.reactivate(&image.id).send().await?;
    let made = ctx.create(create()).await?;
    volumes::available(ctx, &made.id).await?;
    Ok(())
}

/// A volume remembers the image that it was made of, hands that on to its clone, and to the
/// image that is made of it.
#[squall::test(id = "volume.chains.image-metadata", features("volume.clone"))]
async fn what_it_remembers(ctx: &Context) -> squall::Result {
    let properties = json!({ "os_distro": "squall", "min_ram": 64 });
    let image = images::upload(ctx, &BYTES[0], properties).await?;
    let volume = volumes::from_image(ctx, &image.id).await?;
    let copy = volumes::copy(ctx, &volume.id).await?;
    for id in [&volume.id, &copy.id] {
        let shown = ctx.volume().volumes().show(id).send().await?;
        let metadata = shown.body.at("/volume/volume_image_metadata");
        let kept = |key: &str| metadata.and_then(|all| all[key].as_str());
        ensure_eq!(kept("image_id"), Some(image.id.as_str()), "of {id}");
        ensure_eq!(kept("os_distro"), Some("squall"), "of {id}");
        ensure_eq!(kept("min_ram"), Some("64"), "of {id}");
        ensure_eq!(shown.value.bootable.as_deref(), Some("true"), "of {id}");
    }
    let volumes = ctx.volume().volumes();
    let changed = json!({ "metadata": { "os_distro": "gale" } });
    volumes.set_image_metadata(&volume.id, changed).send().await?;
    let made = volumes::upload_as_image(ctx, &volume.id).await?;
    let shown = ctx.image().images().show(&made).send().await?;
    ensure_eq!(shown.body.at("/os_distro"), Some(&json!("gale")));
    volumes.unset_image_metadata(&volume.id, json!({ "key": "os_distro" })).send().await?;
    let shown = volumes.show(&volume.id).send().await?;
    let left = shown.body.at("/volume/volume_image_metadata").and_then(Value::as_object);
    ensure!(left.is_some_and(|left| !left.contains_key("os_distro")), "it is still there");
    Ok(())
}

/// Whether a volume can boot is changed, and its clone is as it is.
#[squall::test(id = "volume.chains.bootable", features("volume.clone"))]
async fn whether_it_boots(ctx: &Context) -> squall::Result {
    let Fillings { first, .. } = ctx.fixture()?;
    let empty = volumes::create(ctx, json!({})).await?;
    let of_image = volumes::from_image(ctx, &first.image).await?;
    let volumes = ctx.volume().volumes();
    for (volume, before) in [(&empty, false), (&of_image, true)] {
        let shown = volumes.show(&volume.id).send().await?;
        ensure_eq!(shown.value.bootable, Some(before.to_string()));
        volumes.set_bootable(&volume.id, json!({ "bootable": !before })).send().await?;
        let shown = volumes.show(&volume.id).send().await?;
        ensure_eq!(shown.value.bootable, Some((!before).to_string()));
        let copy = volumes::copy(ctx, &volume.id).await?;
        let shown = volumes.show(&copy.id).send().await?;
        ensure_eq!(shown.value.bootable, Some((!before).to_string()));
    }
    Ok(())
}
