//! Accounts, and what the store says it can do.

use squall::object_storage::Metadata;
use squall::{Context, ensure, ensure_eq};

/// The store shows its version and limits without a token.
#[squall::test(id = "object-storage.info.show", tags(smoke))]
async fn the_store_tells_what_it_can_do(ctx: &Context) -> squall::Result {
    let can = ctx.store().capabilities().await?;
    for limit in [
        "max_object_name_length",
        "max_meta_name_length",
        "max_meta_value_length",
        "max_meta_count",
        "max_meta_overall_size",
        "max_header_size",
    ] {
        ensure!(can.number("swift", limit).is_some(), "no `{limit}` in {can:?}");
    }
    ctx.object_storage().info().show().without_token().send().await?;
    Ok(())
}

/// Metadata of an account is set, kept and removed.
#[squall::test(id = "object-storage.accounts.metadata")]
async fn metadata_of_an_account_is_kept(ctx: &Context) -> squall::Result {
    let account = ctx.store().account();
    let away = account.set_metadata(&Metadata::from_iter([("squall-colour", "")]));
    let deferred = away.clone();
    ctx.defer(async move {
        deferred.send().await?;
        Ok(())
    });
    account.set_metadata(&Metadata::from_iter([("squall-colour", "blue")])).send().await?;
    ensure_eq!(account.metadata().await?.get("squall-colour"), Some("blue"));
    away.send().await?;
    ensure_eq!(account.metadata().await?.get("squall-colour"), None);
    Ok(())
}

/// Metadata with too long a name or value is refused.
#[squall::test(id = "object-storage.accounts.metadata-limits", tags(negative))]
async fn metadata_has_its_limits(ctx: &Context) -> squall::Result {
    let can = ctx.store().capabilities().await?;
    let most = |limit: &str| {
        let limit = can.number("swift", limit).and_then(|limit| usize::try_from(limit).ok());
        limit.ok_or_else(|| ctx.skip("the store does not tell its limits"))
    };
    let name = "n".repeat(most("max_meta_name_length")? + 1);
    let value = "v".repeat(most("max_meta_value_length")? + 1);
    let account = ctx.store().account();
    for metadata in [(name.as_str(), "blue"), ("colour", value.as_str())] {
        account.set_metadata(&Metadata::from_iter([metadata])).expect_error(400).await?;
    }
    Ok(())
}
