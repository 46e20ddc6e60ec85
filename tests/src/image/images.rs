//! Images: their properties, lists and pages.

use serde_json::{Value, json};
use squall::{Context, Failure, ensure, ensure_eq};

fn description() -> Value {
    json!({ "disk_format": "raw", "container_format": "bare" })
}

/// An image is shown as created, and queued for its data.
#[squall::test(id = "image.images.show", tags(smoke))]
async fn shown_as_made(ctx: &Context) -> squall::Result {
    let made = ctx.create(ctx.image().images().create(description())).await?;
    let shown = ctx.image().images().show(&made.id).send().await?;
    ensure_eq!(shown.value.name.as_deref(), Some(made.name.as_str()));
    ensure_eq!(shown.value.status.as_deref(), Some("queued"));
    ensure_eq!(shown.value.disk_format.as_deref(), Some("raw"));
    Ok(())
}

/// Custom properties are stored as strings.
#[squall::test(id = "image.images.own-properties")]
async fn own_properties_are_kept(ctx: &Context) -> squall::Result {
    let mut body = description();
    body["squall_note"] = json!("kept");
    let made = ctx.create(ctx.image().images().create(body)).await?;
    let shown = ctx.image().images().show(&made.id).send().await?;
    ensure_eq!(shown.body.at("/squall_note"), Some(&json!("kept")));
    Ok(())
}

/// A JSON patch adds, replaces and removes properties.
#[squall::test(id = "image.images.patch")]
async fn patched(ctx: &Context) -> squall::Result {
    let made = ctx.create(ctx.image().images().create(description())).await?;
    let images = ctx.image().images();
    let patch = json!([
        { "op": "add", "path": "/squall_note", "value": "new" },
        { "op": "replace", "path": "/min_disk", "value": 3 },
    ]);
    let patched = images.update(&made.id, patch).send().await?;
    ensure_eq!(patched.body.at("/squall_note"), Some(&json!("new")));
    ensure_eq!(patched.value.min_disk, Some(3));
    let patch = json!([{ "op": "remove", "path": "/squall_note" }]);
    let patched = images.update(&made.id, patch).send().await?;
    ensure_eq!(patched.body.at("/squall_note"), None);
    let shown = images.show(&made.id).send().await?;
    ensure_eq!(shown.value.min_disk, Some(3));
    ensure_eq!(shown.body.at("/squall_note"), None);
    Ok(())
}

/// Pages of one image add up to the list.
#[squall::test(id = "image.images.paging")]
async fn pages_join_to_the_whole(ctx: &Context) -> squall::Result {
    let mut made = Vec::new();
    for _ in 0..3 {
        let images = ctx.image().images();
        made.push(ctx.create(images.create(description())).await?.id);
    }
    let first = ctx.image().images().list().query("limit", 2).query("visibility", "shared");
    let owner = ctx.actor().project_id().unwrap_or_default().to_owned();
    let all = first.query("owner", owner).all().await?;
    let ids: Vec<&str> = all.iter().filter_map(|image| image.id.as_deref()).collect();
    for id in &made {
        ensure_eq!(ids.iter().filter(|found| *found == id).count(), 1, "image {id}");
    }
    Ok(())
}

/// Tags are added and removed one by one.
#[squall::test(id = "image.images.tags")]
async fn tags_come_and_go(ctx: &Context) -> squall::Result {
    let made = ctx.create(ctx.image().images().create(description())).await?;
    let tags = ctx.image().image_tags();
    for _ in 0..2 {
        tags.add(&made.id, "blue").send().await?;
    }
    let images = ctx.image().images();
    let shown = images.show(&made.id).send().await?;
    ensure_eq!(shown.body.at("/tags"), Some(&json!(["blue"])));
    tags.remove(&made.id, "blue").send().await?;
    let shown = images.show(&made.id).send().await?;
    ensure_eq!(shown.body.at("/tags"), Some(&json!([])));
    tags.remove(&made.id, "blue").expect_error(404).await?;
    Ok(())
}

/// A deleted image is neither found nor listed.
#[squall::test(id = "image.images.delete", tags(smoke))]
async fn deleted_is_not_found(ctx: &Context) -> squall::Result {
    let images = ctx.image().images();
    let made = ctx.create(images.create(description())).await?;
    images.delete(&made.id).send().await?;
    images.show(&made.id).expect_error(404).await?;
    let listed = images.list().send().await?.value;
    let left = listed.iter().any(|image| image.id.as_ref() == Some(&made.id));
    ensure!(!left, "the deleted image is listed");
    Ok(())
}

/// A protected image cannot be deleted.
#[squall::test(id = "image.images.protected", tags(negative))]
async fn a_protected_image_stays(ctx: &Context) -> squall::Result {
    let made = ctx.create(ctx.image().images().create(description())).await?;
    let images = ctx.image().images();
    let protect = |on: bool| json!([{ "op": "replace", "path": "/protected", "value": on }]);
    images.update(&made.id, protect(true)).send().await?;
    images.delete(&made.id).expect_error(403).await?;
    images.update(&made.id, protect(false)).send().await?;
    Ok(())
}

/// An unknown disk format is refused.
#[squall::test(id = "image.images.bad-body", tags(negative))]
async fn a_bad_body_is_refused(ctx: &Context) -> squall::Result {
    let images = ctx.image().images();
    ctx.expect_refusal(
        400,
        images.create(json!({ "disk_format": "floppy", "container_format": "bare" })),
    )
    .await?;
    Ok(())
}

/// The image schema describes every property of an image but those that its owner added.
#[squall::test(id = "image.schemas.image")]
async fn the_schema_names_properties(ctx: &Context) -> squall::Result {
    let mut body = description();
    body["squall_note"] = json!("kept");
    let made = ctx.create(ctx.image().images().create(body)).await?;
    let shown = ctx.image().images().show(&made.id).send().await?;
    ensure_eq!(shown.body.at("/schema"), Some(&json!("/v2/schemas/image")));
    let schema = ctx.image().schemas().show_image().send().await?;
    ensure_eq!(schema.body.at("/name"), Some(&json!("image")));
    let described = schema.body.at("/properties").and_then(Value::as_object);
    let described = described.ok_or_else(|| Failure::new("the schema has no properties"))?;
    let fields = shown.body.json().and_then(Value::as_object);
    for (field, value) in fields.into_iter().flatten() {
        let Some(property) = described.get(field) else {
            ensure!(field == "squall_note", "the schema lacks `{field}`");
            continue;
        };
        let types = match &property["type"] {
            Value::Array(types) => types.clone(),
            one => vec![one.clone()],
        };
        ensure!(types.contains(&json!(type_of(value))), "`{field}` is {value}, not {types:?}");
    }
    Ok(())
}

/// Returns the word of JSON Schema for the type of a value.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A patch in the older media type names the operation by its key.
#[squall::test(id = "image.images.patch-older")]
async fn patched_in_the_older_form(ctx: &Context) -> squall::Result {
    let made = ctx.create(ctx.image().images().create(description())).await?;
    let images = ctx.image().images();
    let patch = |patch: Value| {
        let media_type = "application/openstack-images-v2.0-json-patch";
        images.update(&made.id, patch).header("content-type", media_type)
    };
    let patched = patch(json!([
        { "add": "/squall_note", "value": "new" },
        { "replace": "/min_disk", "value": 3 },
    ]));
    let patched = patched.send().await?;
    ensure_eq!(patched.body.at("/squall_note"), Some(&json!("new")));
    ensure_eq!(patched.body.at("/min_disk"), Some(&json!(3)));
    let patched = patch(json!([{ "remove": "/squall_note" }])).send().await?;
    ensure_eq!(patched.body.at("/squall_note"), None);
    let newer = json!([{ "op": "replace", "path": "/min_disk", "value": 4 }]);
    patch(newer).expect_error(400).await?;
    Ok(())
}
