//! Passwords, and what a new one ends.

use serde_json::json;
use squall::Context;
use squall::scenario::users::{self, on_project};

use super::{is_void, lets_in, member, opens, stays_out};

/// A user changes its password with the old one; then that and the tokens of before are void.
#[squall::test(id = "identity.sessions.password-changed")]
async fn changed_by_its_user(ctx: &Context) -> squall::Result {
    let member = member(ctx).await?;
    let scope = || on_project(&member.project);
    let before = users::token(ctx, &member.login, scope()).await?;
    let renewed = member.login.with_password(&users::password());
    let change = |original: &str| {
        let body = json!({ "original_password": original, "password": renewed.password() });
        ctx.identity().users().change_password(&member.login.id, body)
    };
    change("not the password 1").with_token(before.secret()).expect_error(401).await?;
    opens(ctx, &before).await?;
    change(member.login.password()).with_token(before.secret()).send().await?;
    is_void(ctx, &before).await?;
    stays_out(ctx, &member.login, scope()).await?;
    lets_in(ctx, &renewed, scope()).await?;
    Ok(())
}

/// An admin sets another password; then the old one and the tokens of before are void.
#[squall::test(id = "identity.sessions.password-set")]
async fn set_by_an_admin(ctx: &Context) -> squall::Result {
    let member = member(ctx).await?;
    let scope = || on_project(&member.project);
    let before = users::token(ctx, &member.login, scope()).await?;
    let renewed = member.login.with_password(&users::password());
    let set = json!({ "password": renewed.password() });
    ctx.identity().users().update(&member.login.id, set).send().await?;
    is_void(ctx, &before).await?;
    stays_out(ctx, &member.login, scope()).await?;
    lets_in(ctx, &renewed, scope()).await?;
    Ok(())
}

/// A user who is not an admin sets no password, neither another's nor its own.
#[squall::test(id = "identity.sessions.password-of-another", tags(negative))]
async fn not_set_by_a_member(ctx: &Context) -> squall::Result {
    let (one, other) = (member(ctx).await?, member(ctx).await?);
    let theirs = users::token(ctx, &other.login, on_project(&other.project)).await?;
    let users = ctx.identity().users();
    for login in [&one.login, &other.login] {
        let set = json!({ "password": users::password() });
        users.update(&login.id, set).with_token(theirs.secret()).expect_error(403).await?;
        lets_in(ctx, login, json!("unscoped")).await?;
    }
    Ok(())
}
