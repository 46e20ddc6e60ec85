//! Volumes over their life.

use serde_json::json;
use squall::scenario::servers::public_image;
use squall::scenario::volumes;
use squall::{Context, ensure, ensure_eq};

/// Creates a volume of 1 GiB and waits until it is available.
pub(crate) async fn available(ctx: &Context) -> squall::Result<String> {
    Ok(volumes::create(ctx, json!({})).await?.id)
}

/// A volume becomes available and is shown as created.
#[squall::test(id = "volume.volumes.create", tags(smoke))]
async fn becomes_available(ctx: &Context) -> squall::Result {
    let id = available(ctx).await?;
    let shown = ctx.volume().volumes().show(&id).send().await?;
    ensure_eq!(shown.value.size, Some(1));
    ensure_eq!(shown.body.at("/volume/attachments"), Some(&json!([])));
    Ok(())
}

/// A volume can be extended and cannot be shrunk.
#[squall::test(id = "volume.volumes.extend")]
async fn grows(ctx: &Context) -> squall::Result {
    let id = available(ctx).await?;
    volumes::extend(ctx, &id, 2).await?;
    ctx.volume().volumes().extend(&id, json!({ "new_size": 1 })).expect_error(400).await?;
    Ok(())
}

/// A volume can be renamed.
#[squall::test(id = "volume.volumes.update")]
async fn is_described_anew(ctx: &Context) -> squall::Result {
    let id = available(ctx).await?;
    let volumes = ctx.volume().volumes();
    volumes.update(&id, json!({ "description": "renewed" })).send().await?;
    let shown = volumes.show(&id).send().await?;
    ensure_eq!(shown.value.description.as_deref(), Some("renewed"));
    Ok(())
}

/// Metadata is set, replaced as a whole, and removed key by key.
#[squall::test(id = "volume.volumes.metadata")]
async fn metadata_is_kept(ctx: &Context) -> squall::Result {
    let id = available(ctx).await?;
    let metadata = ctx.volume().volume_metadata();
    metadata.create(&id, json!({ "colour": "blue", "shade": "dark" })).send().await?;
    let shown = metadata.list(&id).send().await?;
    ensure_eq!(shown.body.at("/metadata/shade"), Some(&json!("dark")));
    metadata.replace(&id, json!({ "colour": "green", "shade": "light" })).send().await?;
    let shown = metadata.list(&id).send().await?;
    ensure_eq!(shown.body.at("/metadata"), Some(&json!({ "colour": "green", "shade": "light" })));
    metadata.delete(&id, "shade").send().await?;
    let shown = metadata.list(&id).send().await?;
    ensure_eq!(shown.body.at("/metadata"), Some(&json!({ "colour": "green" })));
    Ok(())
}

/// Metadata that was changed since it was read is not replaced, if the request says what it was.
#[squall::test(id = "volume.volumes.metadata-outdated")]
async fn outdated_metadata_is_not_replaced(ctx: &Context) -> squall::Result {
    let id = available(ctx).await?;
    let metadata = ctx.volume().volume_metadata();
    let read = metadata.list(&id).send().await?;
    let tag = read.header("etag").unwrap_or_default().to_owned();
    let replace =
        |colour: &str| metadata.replace(&id, json!({ "colour": colour })).header("if-match", &tag);
    replace("green").send().await?;
    replace("blue").expect_error(412).await?;
    let shown = metadata.list(&id).send().await?;
    ensure_eq!(shown.body.at("/metadata"), Some(&json!({ "colour": "green" })));
    Ok(())
}

/// Pages of one volume add up to the list, each volume once.
#[squall::test(id = "volume.volumes.paging")]
async fn pages_join_to_the_whole(ctx: &Context) -> squall::Result {
    let mut made = vec![available(ctx).await?, available(ctx).await?, available(ctx).await?];
    let volumes = ctx.volume().volumes();
    let mut listed: Vec<String> = Vec::new();
    loop {
        let call = volumes.list().query("limit", 2).query_some("marker", listed.last());
        let page = call.send().await?;
        let found =
            page.body.at("/volumes").and_then(|v| v.as_array()).cloned().unwrap_or_default();
        ensure!(found.len() <= 2, "a page of two has {}", found.len());
        if found.is_empty() {
            break;
        }
        listed.extend(found.iter().filter_map(|v| v["id"].as_str()).map(str::to_owned));
    }
    listed.retain(|id| made.contains(id));
    made.sort();
    listed.sort();
    ensure_eq!(listed, made);
    Ok(())
}

/// A volume of size 0 is refused.
#[squall::test(id = "volume.volumes.bad-body", tags(negative))]
async fn no_size_is_refused(ctx: &Context) -> squall::Result {
    let volumes = ctx.volume().volumes();
    ctx.expect_refusal(400, volumes.create(json!({ "size": "many" }))).await?;
    Ok(())
}

/// An unknown id is not found.
#[squall::test(id = "volume.volumes.unknown", tags(negative))]
async fn an_unknown_id_is_not_found(ctx: &Context) -> squall::Result {
    let id = "6f0c1a52-9d5e-4c3b-8a43-5a1d0c8e7f02";
    ctx.volume().volumes().show(id).expect_error(404).await?;
    Ok(())
}

/// Another project does not find the volume.
#[squall::test(
    id = "volume.volumes.wrong-project",
    tags(negative),
    identities(member, other = member)
)]
async fn another_project_does_not_see_it(ctx: &Context) -> squall::Result {
    let id = available(ctx).await?;
    let other = ctx.identity_named("other")?.volume().volumes();
    other.show(&id).expect_error(404).await?;
    other.delete(&id).expect_error(404).await?;
    Ok(())
}

/// The response to creating a volume lacks what only the detailed view has.
#[squall::test(id = "volume.volumes.create-response", needs(volume, image))]
async fn a_new_one_is_not_shown_in_detail(ctx: &Context) -> squall::Result {
    let image = public_image(ctx).await?;
    let volumes = ctx.volume().volumes();
    let create = volumes.create(json!({ "size": 1, "imageRef": image }));
    let create = create.decoded_by(|body| Ok(body.json.cloned().unwrap_or_default()));
    let made = ctx.create(create).await?;
    ensure_eq!(made.value.get("name"), Some(&json!(made.name)));
    for detail in ["os-vol-tenant-attr:tenant_id", "os-vol-host-attr:host", "volume_image_metadata"]
    {
        ensure!(made.value.get(detail).is_none(), "the response has `{detail}`");
    }
    volumes::available(ctx, &made.id).await?;
    Ok(())
}
