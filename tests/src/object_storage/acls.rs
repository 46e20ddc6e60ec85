//! Access lists: who else may read from a container, or write to it.

use squall::object_storage::{Acl, Grant, sent_as};
use squall::{Context, ensure, ensure_eq};

use super::container;

/// A container with an object `cat`.
async fn stored(ctx: &Context) -> squall::Result<String> {
    let name = container(ctx).await?;
    ctx.object_storage().objects().create(&name, "cat", "meow").send().await?;
    Ok(name)
}

/// Without an access list an object is private: 401 without a token.
#[squall::test(id = "object-storage.acls.closed", tags(negative))]
async fn without_a_list_it_is_closed(ctx: &Context) -> squall::Result {
    let name = stored(ctx).await?;
    let objects = ctx.object_storage().objects();
    objects.show(&name, "cat").send().await?;
    objects.show(&name, "cat").without_token().expect_error(401).await?;
    objects.list(&name).without_token().expect_error(401).await?;
    Ok(())
}

/// With `.r:*` anyone can read objects, and cannot list them.
#[squall::test(id = "object-storage.acls.everyone", tags(smoke))]
async fn everyone_reads_and_does_not_list(ctx: &Context) -> squall::Result {
    let name = stored(ctx).await?;
    let list = Acl::from_iter([Grant::referrer("*")]);
    ctx.store().container(&name).set_read_acl(&list).send().await?;
    let objects = ctx.object_storage().objects();
    let came = objects.show(&name, "cat").without_token().send().await?;
    ensure!(came.value == "meow", "the object has {:?}", came.value);
    objects.list(&name).without_token().expect_error(401).await?;
    Ok(())
}

/// Listing needs `.rlistings` as well.
#[squall::test(id = "object-storage.acls.listings")]
async fn listings_are_a_grant_of_their_own(ctx: &Context) -> squall::Result {
    let name = stored(ctx).await?;
    let list = Acl::from_iter([Grant::referrer("*"), Grant::Listings]);
    ctx.store().container(&name).set_read_acl(&list).send().await?;
    let call = ctx.object_storage().objects().list(&name).query("format", "json");
    ensure_eq!(call.without_token().send().await?.value.unwrap_or_default().len(), 1);
    Ok(())
}

/// A referrer is allowed by its host, another one is not.
#[squall::test(id = "object-storage.acls.referrer")]
async fn a_referrer_is_let_in_by_its_host(ctx: &Context) -> squall::Result {
    let name = stored(ctx).await?;
    let list = Acl::from_iter([Grant::referrer(".good.test")]);
    ctx.store().container(&name).set_read_acl(&list).send().await?;
    let show = || ctx.object_storage().objects().show(&name, "cat").without_token();
    show().header("referer", "http://www.good.test/page").send().await?;
    show().header("referer", "http://www.evil.test/page").expect_error(401).await?;
    show().expect_error(401).await?;
    Ok(())
}

/// Another project can read once it is allowed to, and not before.
#[squall::test(id = "object-storage.acls.project", identities(member, other = member))]
async fn another_project_is_let_in(ctx: &Context) -> squall::Result {
    let name = stored(ctx).await?;
    let other = ctx.identity_named("other")?;
    let show = || ctx.object_storage().objects().show(&name, "cat");
    sent_as(other, show()).await?.expect_error(403).await?;
    let list = Acl::from_iter([Grant::project(other.project_id().unwrap_or_default())]);
    ctx.store().container(&name).set_read_acl(&list).send().await?;
    sent_as(other, show()).await?.send().await?;
    let put = ctx.object_storage().objects().create(&name, "dog", "woof");
    sent_as(other, put).await?.expect_error(403).await?;
    Ok(())
}

/// A user who is allowed to write can write, and cannot read.
#[squall::test(id = "object-storage.acls.user", identities(member, other = member))]
async fn another_user_writes_and_does_not_read(ctx: &Context) -> squall::Result {
    let name = stored(ctx).await?;
    let other = ctx.identity_named("other")?;
    let project = other.project_id().unwrap_or_default();
    let list = Acl::from_iter([Grant::user(project, other.user_id())]);
    ctx.store().container(&name).set_write_acl(&list).send().await?;
    let objects = ctx.object_storage().objects();
    sent_as(other, objects.create(&name, "dog", "woof")).await?.send().await?;
    sent_as(other, objects.show(&name, "dog")).await?.expect_error(403).await?;
    let came = objects.show(&name, "dog").send().await?;
    ensure!(came.value == "woof", "the object has {:?}", came.value);
    Ok(())
}

/// Access lists are returned as set, and removed when set empty.
#[squall::test(id = "object-storage.acls.shown")]
async fn lists_come_back_as_they_were_set(ctx: &Context) -> squall::Result {
    let name = container(ctx).await?;
    let at = ctx.store().container(&name);
    let read: Acl = ".r:*,.r:-.evil.test,.rlistings".parse()?;
    let write = Acl::from_iter([Grant::project("77ac")]);
    at.set_read_acl(&read).send().await?;
    at.set_write_acl(&write).send().await?;
    let shown = at.acls().await?;
    ensure_eq!((shown.read, shown.write), (read, write));
    at.set_read_acl(&Acl::default()).send().await?;
    ensure_eq!(at.acls().await?.read, Acl::default());
    Ok(())
}

/// A referrer cannot be allowed to write.
#[squall::test(id = "object-storage.acls.referrer-writes", tags(negative))]
async fn a_referrer_is_no_writer(ctx: &Context) -> squall::Result {
    let name = container(ctx).await?;
    let list = Acl::from_iter([Grant::referrer("*")]);
    ctx.store().container(&name).set_write_acl(&list).expect_error(400).await?;
    let kept = ctx.object_storage().containers().check(&name).send().await?;
    ensure_eq!(kept.header("x-container-write"), None);
    Ok(())
}
