//! Many things in one request, and a report that tells of each failure.

use squall::object_storage::{BulkReport, Format, Tar};
use squall::{Context, ensure, ensure_eq, kinds};

use super::container;

/// An archive is extracted into objects, named by their paths.
#[squall::test(id = "object-storage.bulk.extract", tags(smoke))]
async fn an_archive_becomes_objects(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["bulk_upload"]).await?;
    let name = container(ctx).await?;
    let tar = Tar::new().file("a/cat.txt", "meow")?.file("dog.txt", "woof")?.finish()?;
    let report = ctx.store().container(&name).extract(Format::Tar, tar).await?;
    ensure_eq!(report.created, Some(2));
    for (object, text) in [("a/cat.txt", "meow"), ("dog.txt", "woof")] {
        let came = ctx.object_storage().objects().show(&name, object).send().await?;
        ensure!(came.value == text, "{object}: the object has {:?}", came.value);
    }
    Ok(())
}

/// An invalid archive is answered with 200 and a report of the failure.
#[squall::test(id = "object-storage.bulk.no-archive", tags(negative))]
async fn what_is_no_archive_fails(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["bulk_upload"]).await?;
    let name = container(ctx).await?;
    let failed = ctx.store().container(&name).extract(Format::Tar, "no archive").await;
    let code = failed.err().and_then(|error| error.report().and_then(BulkReport::code));
    ensure_eq!(code, Some(400));
    let kept = ctx.object_storage().containers().check(&name).send().await?;
    ensure_eq!(kept.header("x-container-object-count"), Some("0"));
    Ok(())
}

/// An archive beyond the quota is stored in part, and the report says so.
#[squall::test(id = "object-storage.bulk.extract-partly", tags(negative))]
async fn what_does_not_fit_is_told(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["bulk_upload", "container_quotas"]).await?;
    let name = container(ctx).await?;
    let quota = squall::object_storage::Quota { bytes: Some(10), count: None };
    ctx.store().container(&name).set_quota(quota).send().await?;
    let tar = Tar::new().file("small", "meow")?.file("big", "woof ".repeat(10))?.finish()?;
    let failed = ctx.store().container(&name).extract(Format::Tar, tar).await;
    let Some(report) = failed.err().and_then(|error| error.report().cloned()) else {
        return Err(squall::Failure::new("the archive was stored whole"));
    };
    ensure_eq!(report.created, Some(1));
    let why = report.error_of(&format!("{name}/big")).unwrap_or_default();
    ensure!(why.starts_with("413"), "{report}");
    let small = ctx.object_storage().objects().show(&name, "small").send().await?;
    ensure!(small.value == "meow", "the object has {:?}", small.value);
    ctx.object_storage().objects().check(&name, "big").expect_error(404).await?;
    Ok(())
}

/// Objects and their container are deleted in one request.
#[squall::test(id = "object-storage.bulk.delete", tags(smoke))]
async fn objects_and_their_container_go(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["bulk_delete"]).await?;
    let name = container(ctx).await?;
    for object in ["a b", "ü/x"] {
        ctx.object_storage().objects().create(&name, object, "bytes").send().await?;
    }
    let paths = [format!("{name}/a b"), format!("{name}/ü/x"), name.clone()];
    let report = ctx.store().delete_all(&paths).await?;
    ensure_eq!((report.deleted, report.not_found), (Some(3), Some(0)));
    ctx.object_storage().containers().check(&name).expect_error(404).await?;
    Ok(())
}

/// Missing objects are counted, and are not a failure.
#[squall::test(id = "object-storage.bulk.delete-missing")]
async fn what_is_not_there_is_counted(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["bulk_delete"]).await?;
    let name = container(ctx).await?;
    ctx.object_storage().objects().create(&name, "cat", "meow").send().await?;
    let paths = [format!("{name}/cat"), format!("{name}/never-created")];
    let report = ctx.store().delete_all(&paths).await?;
    ensure_eq!((report.deleted, report.not_found), (Some(1), Some(1)));
    ctx.object_storage().objects().check(&name, "cat").expect_error(404).await?;
    Ok(())
}

/// A container that is not empty is kept and reported, and the rest is deleted.
#[squall::test(id = "object-storage.bulk.delete-partly", tags(negative))]
async fn what_cannot_go_is_told(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["bulk_delete"]).await?;
    let name = container(ctx).await?;
    for object in ["stays", "goes"] {
        ctx.object_storage().objects().create(&name, object, "bytes").send().await?;
    }
    let failed = ctx.store().delete_all(&[format!("{name}/goes"), name.clone()]).await;
    let Some(report) = failed.err().and_then(|error| error.report().cloned()) else {
        return Err(squall::Failure::new("a container that is not empty was deleted"));
    };
    ensure_eq!(report.code(), Some(400));
    ensure_eq!(report.deleted, Some(1));
    ensure!(report.error_of(&name).is_some_and(|why| why.starts_with("409")), "{report}");
    ctx.object_storage().objects().check(&name, "goes").expect_error(404).await?;
    ctx.object_storage().objects().check(&name, "stays").send().await?;
    Ok(())
}

/// A request with nothing to delete fails.
#[squall::test(id = "object-storage.bulk.delete-nothing", tags(negative))]
async fn nothing_to_delete_is_a_failure(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["bulk_delete"]).await?;
    let failed = ctx.store().delete_all([""; 0]).await;
    let code = failed.err().and_then(|error| error.report().and_then(BulkReport::code));
    ensure_eq!(code, Some(400));
    Ok(())
}

/// A server-side copy is removed with its container.
#[squall::test(id = "object-storage.bulk.left-in-container")]
async fn a_container_takes_along_what_is_in_it(ctx: &Context) -> squall::Result {
    let containers = ctx.object_storage().containers();
    let made =
        ctx.create_named(&kinds::object_storage::CONTAINER, |name| containers.create(name)).await?;
    for object in ["one", "two"] {
        ctx.object_storage().objects().create(&made.name, object, "bytes").send().await?;
        ctx.object_storage().objects().check(&made.name, object).send().await?;
    }
    let outcome = ctx.finish().await;
    ensure!(outcome.is_clean(), "{outcome}");
    containers.check(&made.name).expect_error(404).await?;
    Ok(())
}
