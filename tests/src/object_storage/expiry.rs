//! Objects that go by themselves.

use squall::object_storage::{Expiry, Metadata};
use squall::wait::ready;
use squall::{Context, ensure, ensure_eq};

use super::container;

/// In the year 2096.
const LATER: i64 = 4_000_000_000;

/// An object shows when it expires.
#[squall::test(id = "object-storage.expiry.shown")]
async fn an_object_tells_when_it_goes(ctx: &Context) -> squall::Result {
    let name = container(ctx).await?;
    let objects = ctx.object_storage().objects();
    Expiry::At(LATER).on(objects.create(&name, "at", "bytes")).send().await?;
    let shown = objects.check(&name, "at").send().await?;
    ensure_eq!(shown.header("x-delete-at"), Some("4000000000"));
    Expiry::After(86_400).on(objects.create(&name, "after", "bytes")).send().await?;
    let shown = objects.check(&name, "after").send().await?;
    let at: i64 = shown.header("x-delete-at").unwrap_or_default().parse()?;
    ensure!((1_700_000_000..LATER).contains(&at), "it expires at {at}");
    Ok(())
}

/// An object goes when its time has come: it is neither read nor changed any more, and the others stay.
#[squall::test(id = "object-storage.expiry.gone")]
async fn an_object_goes(ctx: &Context) -> squall::Result {
    let name = container(ctx).await?;
    let objects = ctx.object_storage().objects();
    objects.create(&name, "stays", "bytes").send().await?;
    Expiry::After(2).on(objects.create(&name, "goes", "bytes")).send().await?;
    ctx.wait("the object to expire").until(ready::object_gone(ctx.actor(), &name, "goes")).await?;
    objects.show(&name, "goes").expect_error(404).await?;
    objects.check(&name, "stays").send().await?;
    objects.update(&name, "goes").expect_error(404).await?;
    Ok(())
}

/// An update without a time removes the expiry.
#[squall::test(id = "object-storage.expiry.taken-back")]
async fn an_update_takes_it_back(ctx: &Context) -> squall::Result {
    let name = container(ctx).await?;
    ctx.object_storage().objects().create(&name, "cat", "meow").send().await?;
    let cat = ctx.store().object(&name, "cat");
    cat.expire(Expiry::At(LATER)).send().await?;
    let check = || ctx.object_storage().objects().check(&name, "cat");
    ensure_eq!(check().send().await?.header("x-delete-at"), Some("4000000000"));
    cat.replace_metadata(&Metadata::from_iter([("colour", "blue")])).send().await?;
    ensure_eq!(check().send().await?.header("x-delete-at"), None);
    Ok(())
}

/// An expiry in the past is refused.
#[squall::test(id = "object-storage.expiry.past", tags(negative))]
async fn nothing_goes_in_the_past(ctx: &Context) -> squall::Result {
    let name = container(ctx).await?;
    let put = ctx.object_storage().objects().create(&name, "cat", "meow");
    Expiry::At(1_000_000_000).on(put).expect_error(400).await?;
    let put = ctx.object_storage().objects().create(&name, "cat", "meow");
    put.header("x-delete-after", "soon").expect_error(400).await?;
    Ok(())
}
