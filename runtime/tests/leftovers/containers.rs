//! A container of a lost run goes with everything that came into it, by whatever way.

use squall::object_storage::{CopyHow, Format, Keep, Tar};
use squall::{Context, kinds, ledger};

use crate::setting::{Setting, context};

/// Creates a container and puts into it what no entry of the ledger names.
async fn fill(ctx: &Context) -> squall::Result {
    let containers = ctx.object_storage().containers();
    let made =
        ctx.create_named(&kinds::object_storage::CONTAINER, |name| containers.create(name)).await?;
    let container = ctx.store().container(&made.name);
    let tar = Tar::new().file("a/cat.txt", "meow")?.finish()?;
    container.extract(Format::Tar, tar).await?;
    let manifest = container.upload_segments("segments", ["one", "two"]).await?;
    container.object("whole").put_static(&manifest).send().await?;
    container.object("whole").copy_to(&made.name, "copy", CopyHow::Whole).send().await?;
    container.keep_versions(Keep::On).send().await?;
    let objects = ctx.object_storage().objects();
    for text in ["first", "second"] {
        objects.create(&made.name, "letter", text).send().await?;
    }
    objects.delete(&made.name, "letter").send().await?;
    let kept = container.versions().send().await?.value;
    squall::ensure_eq!(kept.len(), 8);
    Ok(())
}

#[tokio::test]
async fn a_killed_run_leaves_no_object_version_or_mark() {
    let setting = Setting::new();
    let environment = setting.enter().await;
    let ctx = context(&environment).await;
    fill(&ctx).await.unwrap();
    // The process dies: the ledger knows of the container alone.
    drop((ctx, environment));

    let outcome = setting.clean_up().await;
    assert!(outcome.is_clean(), "{outcome}");
    let removed =
        outcome.removed.iter().filter(|gone| gone.kind == kinds::object_storage::CONTAINER.name);
    assert_eq!(removed.count(), 1, "{outcome}");
    let records = ledger::read(setting.run_dir.path()).unwrap().records;
    assert_eq!(ledger::outstanding(&records), []);
}

#[tokio::test]
async fn a_test_that_ends_takes_its_container_along() {
    let setting = Setting::new();
    let environment = setting.enter().await;
    let ctx = context(&environment).await;
    fill(&ctx).await.unwrap();
    let outcome = environment.finish(&ctx).await;
    assert!(outcome.is_clean(), "{outcome}");
    environment.close().await;
}

#[tokio::test]
async fn an_object_is_not_put_into_a_container_of_others_unmarked() {
    let setting = Setting::new();
    let environment = setting.enter().await;
    let ctx = context(&environment).await;
    let objects = ctx.object_storage().objects();
    let error = objects.create("theirs", "cat", "meow").send().await.unwrap_err();
    assert!(error.to_string().contains("`ctx.create`"), "{error}");
    let archive = Tar::new().file("cat", "meow").unwrap().finish().unwrap();
    let into_theirs = ctx.store().container("theirs").extract_call(Format::Tar, archive);
    let error = into_theirs.send().await.unwrap_err();
    assert!(matches!(error.kind(), squall::client::ErrorKind::Refused(_)), "{error}");
    environment.finish(&ctx).await;
    environment.close().await;
}
