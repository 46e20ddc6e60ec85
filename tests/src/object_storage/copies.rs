//! Copies that the service makes.

use squall::object_storage::{CopyHow, Metadata, Of};
use squall::{Context, ensure, ensure_eq};

use super::container;

/// A container with a blue object `a cat`.
async fn stored(ctx: &Context) -> squall::Result<String> {
    let name = container(ctx).await?;
    let put = ctx.object_storage().objects().create(&name, "a cat", "meow");
    Metadata::from_iter([("colour", "blue")]).on(Of::Object, put).send().await?;
    Ok(name)
}

/// A copy by COPY or PUT has the bytes and the metadata.
#[squall::test(id = "object-storage.copies.whole")]
async fn a_copy_has_bytes_and_metadata(ctx: &Context) -> squall::Result {
    let name = stored(ctx).await?;
    let store = ctx.store();
    store.object(&name, "a cat").copy_to(&name, "to", CopyHow::Whole).send().await?;
    store.object(&name, "from").copy_from(&name, "a cat", CopyHow::Whole).send().await?;
    for copy in ["to", "from"] {
        let came = ctx.object_storage().objects().show(&name, copy).send().await?;
        ensure!(came.value == "meow", "{copy}: the object has {:?}", came.value);
        ensure_eq!(came.header("x-object-meta-colour"), Some("blue"), "{copy}");
    }
    Ok(())
}

/// A copy may omit the metadata.
#[squall::test(id = "object-storage.copies.fresh")]
async fn a_copy_may_leave_the_metadata(ctx: &Context) -> squall::Result {
    let name = stored(ctx).await?;
    let cat = ctx.store().object(&name, "a cat");
    cat.copy_to(&name, "fresh", CopyHow::FreshMetadata).send().await?;
    ensure_eq!(ctx.store().object(&name, "fresh").metadata().await?, Metadata::default());
    Ok(())
}

/// A copy of a large object has its content, unless its manifest is requested.
#[squall::test(id = "object-storage.copies.large")]
async fn a_copy_of_a_large_one_is_put_together(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["slo"]).await?;
    let name = container(ctx).await?;
    let manifest = ctx.store().container(&name).upload_segments("s", ["abc", "de"]).await?;
    let whole = ctx.store().object(&name, "whole");
    whole.put_static(&manifest).send().await?;
    whole.copy_to(&name, "plain", CopyHow::Whole).send().await?;
    whole.copy_to(&name, "large", CopyHow::Manifest).send().await?;
    let objects = ctx.object_storage().objects();
    let plain = objects.show(&name, "plain").send().await?;
    ensure!(plain.value == "abcde", "the object has {:?}", plain.value);
    ensure_eq!(plain.header("x-static-large-object"), None);
    ensure_eq!(ctx.store().object(&name, "large").manifest().send().await?.value.len(), 2);
    Ok(())
}

/// A missing object cannot be copied, nor any object to a missing container.
#[squall::test(id = "object-storage.copies.unknown", tags(negative))]
async fn what_is_not_there_is_not_copied(ctx: &Context) -> squall::Result {
    let name = stored(ctx).await?;
    let store = ctx.store();
    let missing = store.object(&name, "never-created");
    missing.copy_to(&name, "copy", CopyHow::Whole).expect_error(404).await?;
    let cat = store.object(&name, "a cat");
    cat.copy_to("squall-never-created", "copy", CopyHow::Whole).expect_error(404).await?;
    cat.copy_to(&name, "copy", CopyHow::Whole).send().await?;
    ctx.object_storage().objects().check(&name, "copy").send().await?;
    Ok(())
}
