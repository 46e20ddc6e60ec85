//! Large objects: static ones hold their segments to what the manifest says, dynamic
//! ones are whatever has a prefix; `/info` does not tell of the latter (swift 2.38.3,
//! `swift.common.middleware.dlo`).

use squall::object_storage::{BulkReport, SegmentManifest};
use squall::{Context, ensure, ensure_eq};

use super::container;

const ABSENT_ETAG: &str = "00000000000000000000000000000000";

/// Segments are downloaded as one object, in the manifest's order.
#[squall::test(id = "object-storage.large.static", tags(smoke))]
async fn segments_come_back_as_one(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["slo"]).await?;
    let name = container(ctx).await?;
    let manifest = ctx.store().container(&name).upload_segments("s", ["one ", "two"]).await?;
    let whole = ctx.store().object(&name, "whole");
    whole.put_static(&manifest).send().await?;
    let came = ctx.object_storage().objects().show(&name, "whole").send().await?;
    ensure!(came.value == "one two", "the object has {:?}", came.value);
    ensure_eq!(came.header("x-static-large-object"), Some("True"));
    Ok(())
}

/// A range may span two segments.
#[squall::test(id = "object-storage.large.static-range")]
async fn a_range_goes_across_segments(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["slo"]).await?;
    let name = container(ctx).await?;
    let manifest = ctx.store().container(&name).upload_segments("s", ["0123", "4567"]).await?;
    ctx.store().object(&name, "whole").put_static(&manifest).send().await?;
    let show = ctx.object_storage().objects().show(&name, "whole");
    let came = show.header("range", "bytes=2-5").send().await?;
    ensure_eq!(came.status, 206);
    ensure!(came.value == "2345", "the object has {:?}", came.value);
    Ok(())
}

/// A manifest may use a byte range of a segment.
#[squall::test(id = "object-storage.large.static-part")]
async fn a_manifest_takes_parts(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["slo"]).await?;
    let name = container(ctx).await?;
    ctx.store().container(&name).upload_segments("s", ["0123456789"]).await?;
    let manifest =
        SegmentManifest::new().part(&name, "s/000000", "2-4").part(&name, "s/000000", "-2");
    ctx.store().object(&name, "parts").put_static(&manifest).send().await?;
    let came = ctx.object_storage().objects().show(&name, "parts").send().await?;
    ensure!(came.value == "23489", "the object has {:?}", came.value);
    Ok(())
}

/// The manifest shows each segment with its etag and size.
#[squall::test(id = "object-storage.large.manifest")]
async fn the_manifest_shows_its_segments(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["slo"]).await?;
    let name = container(ctx).await?;
    let manifest = ctx.store().container(&name).upload_segments("s", ["abc", "de"]).await?;
    let whole = ctx.store().object(&name, "whole");
    whole.put_static(&manifest).send().await?;
    let segments = whole.manifest().send().await?.value;
    let sizes: Vec<u64> = segments.iter().map(|segment| segment.bytes).collect();
    ensure_eq!(sizes, [3, 2]);
    ensure_eq!(segments[0].name, format!("/{name}/s/000000"));
    ensure_eq!(segments[0].hash, "900150983cd24fb0d6963f7d28e17f72");
    Ok(())
}

/// A listing has the size of the whole object, not of the manifest.
#[squall::test(id = "object-storage.large.listed")]
async fn the_listing_tells_the_whole_size(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["slo"]).await?;
    let name = container(ctx).await?;
    let manifest = ctx.store().container(&name).upload_segments("s", ["abc", "de"]).await?;
    ctx.store().object(&name, "whole").put_static(&manifest).send().await?;
    let list = ctx.object_storage().objects().list(&name).query("format", "json");
    let listed = list.query("prefix", "whole").send().await?.value.unwrap_or_default();
    ensure_eq!(listed.len(), 1);
    ensure_eq!(listed[0].bytes, Some(5));
    ensure!(listed[0].slo_etag.is_some(), "no slo_etag in {:?}", listed[0]);
    Ok(())
}

/// A manifest with a missing segment is refused.
#[squall::test(id = "object-storage.large.segment-missing", tags(negative))]
async fn a_missing_segment_is_refused(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["slo"]).await?;
    let name = container(ctx).await?;
    let manifest = SegmentManifest::new().segment(&name, "never-created");
    ctx.store().object(&name, "whole").put_static(&manifest).expect_error(400).await?;
    ctx.object_storage().objects().check(&name, "whole").expect_error(404).await?;
    Ok(())
}

/// A segment whose etag or size differs from the manifest is refused.
#[squall::test(id = "object-storage.large.segment-differs", tags(negative))]
async fn a_segment_that_differs_is_refused(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["slo"]).await?;
    let name = container(ctx).await?;
    ctx.store().container(&name).upload_segments("s", ["abc"]).await?;
    let whole = ctx.store().object(&name, "whole");
    let etag = SegmentManifest::new().checked(&name, "s/000000", ABSENT_ETAG, 3);
    whole.put_static(&etag).expect_error(400).await?;
    let right = "900150983cd24fb0d6963f7d28e17f72";
    let size = SegmentManifest::new().checked(&name, "s/000000", right, 4);
    whole.put_static(&size).expect_error(400).await?;
    let same = SegmentManifest::new().checked(&name, "s/000000", right, 3);
    whole.put_static(&same).send().await?;
    Ok(())
}

/// A large object with a deleted segment cannot be downloaded.
#[squall::test(id = "object-storage.large.segment-gone", tags(negative))]
async fn without_a_segment_there_is_no_object(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["slo"]).await?;
    let name = container(ctx).await?;
    let manifest = ctx.store().container(&name).upload_segments("s", ["abc", "de"]).await?;
    ctx.store().object(&name, "whole").put_static(&manifest).send().await?;
    let objects = ctx.object_storage().objects();
    objects.delete(&name, "s/000000").send().await?;
    objects.show(&name, "whole").expect_error(409).await?;
    Ok(())
}

/// A large object can be deleted together with its segments.
#[squall::test(id = "object-storage.large.delete")]
async fn deleted_with_its_segments_it_leaves_nothing(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["slo", "bulk_delete"]).await?;
    let name = container(ctx).await?;
    let manifest = ctx.store().container(&name).upload_segments("s", ["abc", "de"]).await?;
    let whole = ctx.store().object(&name, "whole");
    whole.put_static(&manifest).send().await?;
    let report = whole.delete_with_segments().await?;
    ensure_eq!(report.deleted, Some(3));
    let objects = ctx.object_storage().objects();
    for gone in ["whole", "s/000000", "s/000001"] {
        objects.check(&name, gone).expect_error(404).await?;
    }
    Ok(())
}

/// A plain object cannot be deleted as a large one.
#[squall::test(id = "object-storage.large.delete-plain", tags(negative))]
async fn a_plain_object_is_not_deleted_as_a_large_one(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["slo"]).await?;
    let name = container(ctx).await?;
    ctx.object_storage().objects().create(&name, "plain", "abc").send().await?;
    let failed = ctx.store().object(&name, "plain").delete_with_segments().await;
    let code = failed.err().and_then(|error| error.report().and_then(BulkReport::code));
    ensure_eq!(code, Some(400));
    ctx.object_storage().objects().check(&name, "plain").send().await?;
    Ok(())
}

/// A dynamic large object consists of all objects with its prefix, later ones too.
#[squall::test(id = "object-storage.large.dynamic")]
async fn a_dynamic_one_grows_with_its_prefix(ctx: &Context) -> squall::Result {
    let name = container(ctx).await?;
    let objects = ctx.object_storage().objects();
    for (segment, bytes) in [("part/1", "one "), ("part/2", "two"), ("other", "no")] {
        objects.create(&name, segment, bytes).send().await?;
    }
    ctx.store().object(&name, "whole").put_dynamic(&name, "part/").send().await?;
    let came = objects.show(&name, "whole").send().await?;
    ensure!(came.value == "one two", "the object has {:?}", came.value);
    let manifest = format!("{name}/part/");
    ensure_eq!(came.header("x-object-manifest"), Some(manifest.as_str()));
    objects.create(&name, "part/3", " three").send().await?;
    let came = objects.show(&name, "whole").send().await?;
    ensure!(came.value == "one two three", "the object has {:?}", came.value);
    Ok(())
}

/// A dynamic manifest without a prefix is refused.
#[squall::test(id = "object-storage.large.dynamic-wrong", tags(negative))]
async fn a_dynamic_one_needs_a_prefix(ctx: &Context) -> squall::Result {
    let name = container(ctx).await?;
    let put = ctx.object_storage().objects().create(&name, "whole", "");
    put.header("x-object-manifest", "no-prefix").expect_error(400).await?;
    Ok(())
}

/// A dynamic manifest whose own name has the prefix counts as one of its segments.
#[squall::test(id = "object-storage.large.dynamic-self")]
async fn a_dynamic_one_may_be_its_own_segment(ctx: &Context) -> squall::Result {
    let name = container(ctx).await?;
    let objects = ctx.object_storage().objects();
    objects.create(&name, "part/1", "one").send().await?;
    ctx.store().object(&name, "part/").put_dynamic(&name, "part/").send().await?;
    let came = objects.show(&name, "part/").send().await?;
    ensure!(came.value == "one", "the object has {:?}", came.value);
    Ok(())
}
