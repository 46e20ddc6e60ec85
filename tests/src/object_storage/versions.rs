//! Versions: what is replaced or deleted is kept, and can be had again.

use squall::object_storage::Keep;
use squall::object_storage::types::Object;
use squall::{Context, ensure, ensure_eq};

use super::container;

/// A container that keeps versions, with the object `letter` written twice.
async fn written_twice(ctx: &Context) -> squall::Result<String> {
    ctx.store().needs(&["object_versioning"]).await?;
    let name = container(ctx).await?;
    ctx.store().container(&name).keep_versions(Keep::On).send().await?;
    for text in ["first", "second"] {
        ctx.object_storage().objects().create(&name, "letter", text).send().await?;
    }
    Ok(name)
}

async fn versions(ctx: &Context, container: &str) -> squall::Result<Vec<Object>> {
    Ok(ctx.store().container(container).versions().send().await?.value)
}

fn id(version: &Object) -> &str {
    version.version_id.as_deref().unwrap_or_default()
}

/// Both versions are listed, the newest first, and each can be read.
#[squall::test(id = "object-storage.versions.list", tags(smoke))]
async fn each_version_can_be_read(ctx: &Context) -> squall::Result {
    let name = written_twice(ctx).await?;
    let listed = versions(ctx, &name).await?;
    let latest: Vec<Option<bool>> = listed.iter().map(|version| version.is_latest).collect();
    ensure_eq!(latest, [Some(true), Some(false)]);
    let letter = ctx.store().object(&name, "letter");
    for (version, text) in listed.iter().zip(["second", "first"]) {
        let came = letter.version(id(version)).send().await?;
        ensure!(came.value == text, "the object has {:?}", came.value);
        ensure_eq!(came.header("x-object-version-id"), Some(id(version)));
    }
    Ok(())
}

/// A container shows whether it keeps versions.
#[squall::test(id = "object-storage.versions.enabled")]
async fn a_container_says_that_it_keeps_them(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["object_versioning"]).await?;
    let name = container(ctx).await?;
    let containers = ctx.object_storage().containers();
    ensure_eq!(containers.check(&name).send().await?.header("x-versions-enabled"), None);
    for (keep, said) in [(Keep::On, "True"), (Keep::Suspended, "False")] {
        ctx.store().container(&name).keep_versions(keep).send().await?;
        let shown = containers.check(&name).send().await?;
        ensure_eq!(shown.header("x-versions-enabled"), Some(said));
    }
    Ok(())
}

/// A deletion leaves a delete marker, and keeps the versions.
#[squall::test(id = "object-storage.versions.mark")]
async fn a_deletion_leaves_a_mark(ctx: &Context) -> squall::Result {
    let name = written_twice(ctx).await?;
    ctx.object_storage().objects().delete(&name, "letter").send().await?;
    ctx.object_storage().objects().show(&name, "letter").expect_error(404).await?;
    let listed = versions(ctx, &name).await?;
    ensure_eq!(listed.len(), 3);
    let mark = listed[0].content_type.as_deref().unwrap_or_default();
    ensure!(mark.starts_with("application/x-deleted"), "{mark}");
    let letter = ctx.store().object(&name, "letter");
    letter.version(id(&listed[0])).expect_error(404).await?;
    let came = letter.version(id(&listed[1])).send().await?;
    ensure!(came.value == "second", "the object has {:?}", came.value);
    Ok(())
}

/// An old version can be restored.
#[squall::test(id = "object-storage.versions.restore")]
async fn an_old_version_is_the_object_again(ctx: &Context) -> squall::Result {
    let name = written_twice(ctx).await?;
    let listed = versions(ctx, &name).await?;
    ctx.store().object(&name, "letter").restore_version(id(&listed[1])).send().await?;
    let came = ctx.object_storage().objects().show(&name, "letter").send().await?;
    ensure!(came.value == "first", "the object has {:?}", came.value);
    ensure_eq!(versions(ctx, &name).await?.len(), 2);
    Ok(())
}

/// Deleting the newest version deletes the object; older versions stay.
#[squall::test(id = "object-storage.versions.delete")]
async fn the_newest_takes_the_object_along(ctx: &Context) -> squall::Result {
    let name = written_twice(ctx).await?;
    let listed = versions(ctx, &name).await?;
    ctx.store().object(&name, "letter").delete_version(id(&listed[0])).send().await?;
    ctx.object_storage().objects().show(&name, "letter").expect_error(404).await?;
    let left = versions(ctx, &name).await?;
    ensure_eq!(left.len(), 1);
    ensure_eq!(id(&left[0]), id(&listed[1]));
    Ok(())
}

/// While versioning is suspended, replaced objects are lost.
#[squall::test(id = "object-storage.versions.suspended")]
async fn suspended_it_keeps_nothing_more(ctx: &Context) -> squall::Result {
    let name = written_twice(ctx).await?;
    ctx.store().container(&name).keep_versions(Keep::Suspended).send().await?;
    for text in ["third", "fourth"] {
        ctx.object_storage().objects().create(&name, "letter", text).send().await?;
    }
    let listed = versions(ctx, &name).await?;
    let plain = listed.iter().filter(|version| id(version) == "null").count();
    ensure_eq!((listed.len(), plain), (3, 1));
    Ok(())
}

/// A container with versions cannot be deleted.
#[squall::test(id = "object-storage.versions.not-empty", tags(negative))]
async fn with_versions_a_container_stays(ctx: &Context) -> squall::Result {
    let name = written_twice(ctx).await?;
    let objects = ctx.object_storage().objects();
    objects.delete(&name, "letter").send().await?;
    objects.check(&name, "letter").expect_error(404).await?;
    ctx.object_storage().containers().delete(&name).expect_error(409).await?;
    Ok(())
}

/// An unknown version is not found.
#[squall::test(id = "object-storage.versions.unknown", tags(negative))]
async fn an_unknown_version_is_not_found(ctx: &Context) -> squall::Result {
    let name = written_twice(ctx).await?;
    ctx.store().object(&name, "letter").version("1000000000.00000").expect_error(404).await?;
    ctx.object_storage().objects().check(&name, "letter").send().await?;
    Ok(())
}
