//! Accounts, and what the store says it can do.

use squall::object_storage::Metadata;
use squall::{Context, ensure, ensure_eq};

/// The store shows its version and limits without a token.
#[squall::test(id = "object-storage.info.show", tags(smoke))]
async fn the_store_tells_what_it_can_do(ctx: &Context) -> squall::Result {
    let can = ctx.store().capabilities().await?;
    ensure!(can.number("swift", "max_object_name_length").is_some(), "{can:?}");
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
