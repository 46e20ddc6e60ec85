//! Containers: listings, metadata, and what keeps one from going.

use squall::object_storage::sent_as;
use squall::{Context, ensure, ensure_eq, kinds};

use super::container;

/// The account's listing has every container, and can be filtered by prefix.
#[squall::test(id = "object-storage.containers.list", tags(smoke))]
async fn listed_in_its_account(ctx: &Context) -> squall::Result {
    let containers = ctx.object_storage().containers();
    let mut made = Vec::new();
    for _ in 0..6 {
        made.push(
            ctx.create_named(&kinds::object_storage::CONTAINER, |name| containers.create(name))
                .await?
                .name,
        );
    }
    let listed = containers.list().query("format", "json").send().await?.value.unwrap_or_default();
    let names: Vec<String> = listed.into_iter().filter_map(|container| container.name).collect();
    for name in &made {
        ensure!(names.contains(name), "`{name}` is not listed");
    }
    let listed = containers.list().query("format", "json").query("prefix", &made[0]);
    let listed = listed.send().await?.value.unwrap_or_default();
    let names: Vec<Option<String>> = listed.into_iter().map(|container| container.name).collect();
    ensure_eq!(names, [Some(made[0].clone())]);
    Ok(())
}

/// Metadata is set, kept and removed.
#[squall::test(id = "object-storage.containers.metadata")]
async fn metadata_is_kept(ctx: &Context) -> squall::Result {
    let containers = ctx.object_storage().containers();
    let made =
        ctx.create_named(&kinds::object_storage::CONTAINER, |name| containers.create(name)).await?;
    containers.update(&made.name).header("x-container-meta-colour", "blue").send().await?;
    let shown = containers.check(&made.name).send().await?;
    ensure_eq!(shown.header("x-container-meta-colour"), Some("blue"));
    containers.update(&made.name).header("x-remove-container-meta-colour", "x").send().await?;
    let shown = containers.check(&made.name).send().await?;
    ensure_eq!(shown.header("x-container-meta-colour"), None);
    Ok(())
}

/// Creating a container again answers 202 and keeps its objects.
#[squall::test(id = "object-storage.containers.again")]
async fn made_again_it_stays(ctx: &Context) -> squall::Result {
    let containers = ctx.object_storage().containers();
    let objects = ctx.object_storage().objects();
    let made =
        ctx.create_named(&kinds::object_storage::CONTAINER, |name| containers.create(name)).await?;
    let object = ctx
        .create_named(&kinds::object_storage::OBJECT, |name| {
            objects.create(&made.name, name, "bytes")
        })
        .await?;
    ensure_eq!(containers.create(&made.name).send().await?.status, 202);
    objects.check(&made.name, &object.name).send().await?;
    let listed = objects.list(&made.name).query("format", "json").send().await?.value;
    let listed = listed.unwrap_or_default();
    ensure_eq!(listed.len(), 1);
    Ok(())
}

/// A container with an object cannot be deleted.
#[squall::test(id = "object-storage.containers.not-empty", tags(negative))]
async fn one_that_is_not_empty_stays(ctx: &Context) -> squall::Result {
    let containers = ctx.object_storage().containers();
    let made =
        ctx.create_named(&kinds::object_storage::CONTAINER, |name| containers.create(name)).await?;
    let objects = ctx.object_storage().objects();
    ctx.create_named(&kinds::object_storage::OBJECT, |name| {
        objects.create(&made.name, name, "bytes")
    })
    .await?;
    containers.delete(&made.name).expect_error(409).await?;
    Ok(())
}

/// An unknown container is not found.
#[squall::test(id = "object-storage.containers.unknown", tags(negative))]
async fn an_unknown_one_is_not_found(ctx: &Context) -> squall::Result {
    ctx.object_storage().objects().list("squall-never-created").expect_error(404).await?;
    Ok(())
}

/// An account is closed without a good token, and to the tokens of another project: it is neither
/// read, listed, nor written to.
#[squall::test(
    id = "object-storage.accounts.wrong-token",
    tags(negative),
    identities(member, other = member)
)]
async fn a_wrong_token_opens_no_account(ctx: &Context) -> squall::Result {
    let name = container(ctx).await?;
    let (containers, objects) = (ctx.object_storage().containers(), ctx.object_storage().objects());
    objects.create(&name, "cat", "meow").send().await?;
    containers.list().with_token("no-such-token").expect_error(401).await?;
    let other = ctx.identity_named("other")?;
    sent_as(other, containers.list()).await?.expect_error(403).await?;
    sent_as(other, objects.list(&name)).await?.expect_error(403).await?;
    sent_as(other, objects.show(&name, "cat")).await?.expect_error(403).await?;
    sent_as(other, objects.create(&name, "cat", "woof")).await?.expect_error(403).await?;
    sent_as(other, objects.delete(&name, "cat")).await?.expect_error(403).await?;
    let came = objects.show(&name, "cat").send().await?;
    ensure!(came.value == "meow", "the object has {:?}", came.value);
    Ok(())
}
