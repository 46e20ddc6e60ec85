//! Objects: bytes, ranges, etags, metadata and copies.

use squall::{Case, Context, ensure, ensure_eq, kinds};

const BYTES: &str = "0123456789";
/// The MD5 of [`BYTES`], which is what an object's etag is.
const ETAG: &str = "781e5e245d69b566979b86e28d23f2c7";

/// A container with one object in it.
struct Stored {
    container: String,
    object: String,
}

async fn stored(ctx: &Context) -> squall::Result<Stored> {
    let containers = ctx.object_storage().containers();
    let container =
        ctx.create_named(&kinds::object_storage::CONTAINER, |name| containers.create(name)).await?;
    let objects = ctx.object_storage().objects();
    let object = ctx
        .create_named(&kinds::object_storage::OBJECT, |name| {
            objects.create(&container.name, name, BYTES)
        })
        .await?;
    Ok(Stored { container: container.name, object: object.name })
}

/// An uploaded object is downloaded unchanged, with the etag of its bytes.
#[squall::test(id = "object-storage.objects.round-trip", tags(smoke))]
async fn bytes_and_etag_come_back(ctx: &Context) -> squall::Result {
    let stored = stored(ctx).await?;
    let came =
        ctx.object_storage().objects().show(&stored.container, &stored.object).send().await?;
    ensure!(came.value == BYTES, "the object has {:?}", came.value);
    ensure_eq!(came.header("etag").map(|etag| etag.trim_matches('"')), Some(ETAG));
    Ok(())
}

/// A byte range is returned alone, with its position.
#[squall::test(id = "object-storage.objects.range", cases = ranges)]
async fn a_range_comes_alone(ctx: &Context, range: &Part) -> squall::Result {
    let stored = stored(ctx).await?;
    let objects = ctx.object_storage().objects();
    let call = objects.show(&stored.container, &stored.object).header("range", range.asked);
    let came = call.send().await?;
    ensure_eq!(came.status, 206);
    ensure!(came.value == range.bytes, "the object has {:?}", came.value);
    ensure_eq!(came.header("content-range"), Some(range.place));
    Ok(())
}

/// A range that is asked for, and what comes.
struct Part {
    asked: &'static str,
    bytes: &'static str,
    place: &'static str,
}

fn ranges() -> [Case<Part>; 3] {
    [
        Case::new("inner", Part { asked: "bytes=2-4", bytes: "234", place: "bytes 2-4/10" }),
        Case::new("rest", Part { asked: "bytes=7-", bytes: "789", place: "bytes 7-9/10" }),
        Case::new("last", Part { asked: "bytes=-2", bytes: "89", place: "bytes 8-9/10" }),
    ]
}

/// A range outside the object is refused.
#[squall::test(id = "object-storage.objects.range-outside", tags(negative))]
async fn a_range_outside_is_refused(ctx: &Context) -> squall::Result {
    let stored = stored(ctx).await?;
    let objects = ctx.object_storage().objects();
    let call = objects.show(&stored.container, &stored.object).header("range", "bytes=10-");
    call.expect_error(416).await?;
    Ok(())
}

/// Metadata is returned with the object, and an update replaces all of it.
#[squall::test(id = "object-storage.objects.metadata")]
async fn metadata_is_replaced_whole(ctx: &Context) -> squall::Result {
    let stored = stored(ctx).await?;
    let objects = ctx.object_storage().objects();
    let update =
        |name: &'static str| objects.update(&stored.container, &stored.object).header(name, "blue");
    update("x-object-meta-colour").send().await?;
    update("x-object-meta-shade").send().await?;
    let shown = objects.check(&stored.container, &stored.object).send().await?;
    ensure_eq!(shown.header("x-object-meta-shade"), Some("blue"));
    ensure_eq!(shown.header("x-object-meta-colour"), None);
    ensure_eq!(shown.header("content-length"), Some("10"));
    Ok(())
}

/// An upload whose etag does not match its bytes is refused.
#[squall::test(id = "object-storage.objects.wrong-etag", tags(negative))]
async fn a_wrong_etag_is_refused(ctx: &Context) -> squall::Result {
    let containers = ctx.object_storage().containers();
    let container =
        ctx.create_named(&kinds::object_storage::CONTAINER, |name| containers.create(name)).await?;
    let objects = ctx.object_storage().objects();
    ctx.expect_refusal_named(&kinds::object_storage::OBJECT, 422, |name| {
        objects
            .create(&container.name, name, BYTES)
            .header("etag", "00000000000000000000000000000000")
    })
    .await?;
    Ok(())
}

/// A listing has the size, type and etag of each object.
#[squall::test(id = "object-storage.objects.list")]
async fn the_listing_describes_objects(ctx: &Context) -> squall::Result {
    let stored = stored(ctx).await?;
    let objects = ctx.object_storage().objects();
    let listed = objects.list(&stored.container).query("format", "json").send().await?;
    ensure_eq!(listed.body.at("/0/bytes").and_then(serde_json::Value::as_u64), Some(10));
    ensure_eq!(listed.body.at("/0/hash").and_then(|h| h.as_str()), Some(ETAG));
    Ok(())
}

/// Pages of two add up to the whole listing, in order.
#[squall::test(id = "object-storage.objects.paging")]
async fn pages_join_to_the_whole(ctx: &Context) -> squall::Result {
    let containers = ctx.object_storage().containers();
    let container =
        ctx.create_named(&kinds::object_storage::CONTAINER, |name| containers.create(name)).await?;
    let objects = ctx.object_storage().objects();
    let mut names = Vec::new();
    for _ in 0..5 {
        let made = ctx.create_named(&kinds::object_storage::OBJECT, |name| {
            objects.create(&container.name, name, "x")
        });
        names.push(made.await?.name);
    }
    names.sort();
    let mut listed = Vec::new();
    loop {
        let page = objects
            .list(&container.name)
            .query("format", "json")
            .query("limit", 2)
            .query_some("marker", listed.last())
            .send()
            .await?;
        let found = page.body.json().and_then(|body| body.as_array()).cloned().unwrap_or_default();
        if found.is_empty() {
            break;
        }
        ensure!(found.len() <= 2, "a page of two has {}", found.len());
        listed.extend(found.iter().filter_map(|o| o["name"].as_str()).map(str::to_owned));
    }
    ensure_eq!(listed, names);
    Ok(())
}

/// A deleted object is not found.
#[squall::test(id = "object-storage.objects.delete")]
async fn deleted_is_not_found(ctx: &Context) -> squall::Result {
    let stored = stored(ctx).await?;
    let objects = ctx.object_storage().objects();
    objects.delete(&stored.container, &stored.object).send().await?;
    objects.show(&stored.container, &stored.object).expect_error(404).await?;
    Ok(())
}

/// A delimiter folds what lies behind it into one entry, and a listing can be reversed.
#[squall::test(id = "object-storage.objects.folders")]
async fn a_delimiter_folds_the_listing(ctx: &Context) -> squall::Result {
    let containers = ctx.object_storage().containers();
    let container =
        ctx.create_named(&kinds::object_storage::CONTAINER, |name| containers.create(name)).await?;
    let objects = ctx.object_storage().objects();
    for name in ["a", "b/1", "b/2", "c"] {
        objects.create(&container.name, name, "x").send().await?;
    }
    let names = |listed: &serde_json::Value| -> Vec<String> {
        let entries = listed.as_array().into_iter().flatten();
        let name = |entry: &serde_json::Value| {
            entry.get("name").or(entry.get("subdir"))?.as_str().map(str::to_owned)
        };
        entries.filter_map(name).collect()
    };
    let list = || objects.list(&container.name).query("format", "json");
    let folded = list().query("delimiter", "/").send().await?;
    ensure_eq!(folded.body.json().map(names), Some(vec!["a".into(), "b/".into(), "c".into()]));
    ensure_eq!(folded.body.at("/1/subdir"), Some(&serde_json::json!("b/")));
    let reversed = list().query("reverse", "true").send().await?;
    let expected = ["c", "b/2", "b/1", "a"].map(str::to_owned).to_vec();
    ensure_eq!(reversed.body.json().map(names), Some(expected));
    Ok(())
}
