//! Quotas of containers and accounts.

use squall::object_storage::{Quota, sent_as};
use squall::{Context, ensure_eq};

use super::container;

/// An upload beyond the container's byte quota is refused, one within is stored.
#[squall::test(id = "object-storage.quotas.bytes", tags(negative))]
async fn too_many_bytes_are_refused(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["container_quotas"]).await?;
    let name = container(ctx).await?;
    let quota = Quota { bytes: Some(10), ..Quota::default() };
    ctx.store().container(&name).set_quota(quota).send().await?;
    let objects = ctx.object_storage().objects();
    objects.create(&name, "big", "01234567890").expect_error(413).await?;
    objects.create(&name, "small", "0123456789").send().await?;
    objects.check(&name, "small").send().await?;
    Ok(())
}

/// An upload beyond the container's object quota is refused.
#[squall::test(id = "object-storage.quotas.count", tags(negative))]
async fn a_container_that_may_hold_none_takes_none(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["container_quotas"]).await?;
    let name = container(ctx).await?;
    let at = ctx.store().container(&name);
    at.set_quota(Quota { count: Some(0), ..Quota::default() }).send().await?;
    let objects = ctx.object_storage().objects();
    objects.create(&name, "cat", "meow").expect_error(413).await?;
    at.set_quota(Quota::default()).send().await?;
    objects.create(&name, "cat", "meow").send().await?;
    objects.check(&name, "cat").send().await?;
    Ok(())
}

/// A quota that is not a number is refused.
#[squall::test(id = "object-storage.quotas.no-number", tags(negative))]
async fn a_quota_is_a_number(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["container_quotas"]).await?;
    let name = container(ctx).await?;
    let update = ctx.object_storage().containers().update(&name);
    update.header("x-container-meta-quota-bytes", "many").expect_error(400).await?;
    ensure_eq!(ctx.store().container(&name).metadata().await?.get("quota-bytes"), None);
    Ok(())
}

/// An account's owner cannot set its quota.
#[squall::test(id = "object-storage.quotas.own-account", tags(negative))]
async fn nobody_sets_their_own(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["account_quotas"]).await?;
    ctx.store().account().set_quota(Some(1)).expect_error(403).await?;
    ensure_eq!(ctx.store().account().metadata().await?.get("quota-bytes"), None);
    Ok(())
}

/// A reseller administrator sets an account's quota, which binds its owner.
#[squall::test(
    id = "object-storage.quotas.reseller",
    identities(member, reseller = "ResellerAdmin"),
    tags(negative)
)]
async fn a_reseller_sets_the_quota(ctx: &Context) -> squall::Result {
    ctx.store().needs(&["account_quotas"]).await?;
    let name = container(ctx).await?;
    let reseller = ctx.identity_named("reseller")?;
    let quota = |bytes: Option<u64>| ctx.store().account().set_quota(bytes);
    let away = sent_as(reseller, quota(None)).await?;
    let deferred = away.clone();
    ctx.defer(async move {
        deferred.send().await?;
        Ok(())
    });
    sent_as(reseller, quota(Some(10))).await?.send().await?;
    let objects = ctx.object_storage().objects();
    objects.create(&name, "big", "01234567890").expect_error(413).await?;
    ensure_eq!(ctx.store().account().metadata().await?.get("quota-bytes"), Some("10"));
    away.send().await?;
    objects.create(&name, "big", "01234567890").send().await?;
    objects.check(&name, "big").send().await?;
    Ok(())
}
