//! Requests on a condition.

use squall::{Context, ensure_eq};

use super::container;

/// The MD5 of `meow`.
const ETAG: &str = "4a4be40c96ac6314e91d93f38043a634";
const OTHER: &str = "00000000000000000000000000000000";

async fn stored(ctx: &Context) -> squall::Result<String> {
    let name = container(ctx).await?;
    ctx.object_storage().objects().create(&name, "cat", "meow").send().await?;
    Ok(name)
}

/// A request conditional on the object's etag succeeds, on another it does not.
#[squall::test(id = "object-storage.conditions.match", tags(negative))]
async fn only_its_own_etag_matches(ctx: &Context) -> squall::Result {
    let name = stored(ctx).await?;
    let show = || ctx.object_storage().objects().show(&name, "cat");
    show().header("if-match", ETAG).send().await?;
    show().header("if-match", OTHER).expect_error(412).await?;
    show().header("if-none-match", OTHER).send().await?;
    show().header("if-none-match", ETAG).expect_error(304).await?;
    Ok(())
}

/// A request conditional on a date before the change returns the object, after it does not.
#[squall::test(id = "object-storage.conditions.since", tags(negative))]
async fn a_date_tells_what_is_new(ctx: &Context) -> squall::Result {
    let name = stored(ctx).await?;
    let show = || ctx.object_storage().objects().show(&name, "cat");
    let (before, after) = ("Sun, 09 Sep 2001 01:46:40 GMT", "Tue, 02 Oct 2096 07:06:40 GMT");
    show().header("if-modified-since", before).send().await?;
    show().header("if-modified-since", after).expect_error(304).await?;
    show().header("if-unmodified-since", after).send().await?;
    show().header("if-unmodified-since", before).expect_error(412).await?;
    Ok(())
}

/// An upload can require that the object does not exist yet.
#[squall::test(id = "object-storage.conditions.new-only", tags(negative))]
async fn an_upload_may_be_for_new_ones_alone(ctx: &Context) -> squall::Result {
    let name = stored(ctx).await?;
    let put = |object: &str| {
        ctx.object_storage().objects().create(&name, object, "other").header("if-none-match", "*")
    };
    put("cat").expect_error(412).await?;
    put("dog").send().await?;
    let shown = ctx.object_storage().objects().check(&name, "cat").send().await?;
    ensure_eq!(shown.header("content-length"), Some("4"));
    Ok(())
}
