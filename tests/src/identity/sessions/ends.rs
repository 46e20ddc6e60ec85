//! What ends a session: a user, project or domain that is switched off or gone, and a role that
//! is taken away.

use serde_json::json;
use squall::scenario::users::{self, on_project};
use squall::{Context, kinds};

use super::{another_project, is_void, lets_in, member, opens, stays_out};

/// A user who is switched off is not let in, and its tokens are void; switched on again it is.
#[squall::test(id = "identity.sessions.user-off")]
async fn a_user_is_switched_off(ctx: &Context) -> squall::Result {
    let member = member(ctx).await?;
    let scope = || on_project(&member.project);
    let before = users::token(ctx, &member.login, scope()).await?;
    let switch =
        |on: bool| ctx.identity().users().update(&member.login.id, json!({ "enabled": on }));
    switch(false).send().await?;
    is_void(ctx, &before).await?;
    stays_out(ctx, &member.login, scope()).await?;
    stays_out(ctx, &member.login, json!("unscoped")).await?;
    switch(true).send().await?;
    is_void(ctx, &before).await?;
    lets_in(ctx, &member.login, scope()).await?;
    Ok(())
}

/// There is no token for a project that is switched off, and those there were are void; the
/// user's other project is as before.
#[squall::test(id = "identity.sessions.project-off")]
async fn a_project_is_switched_off(ctx: &Context) -> squall::Result {
    let member = member(ctx).await?;
    let other = another_project(ctx, &member.login, &member.role).await?;
    let scope = || on_project(&member.project);
    let before = users::token(ctx, &member.login, scope()).await?;
    let elsewhere = users::token(ctx, &member.login, on_project(&other)).await?;
    let switch =
        |on: bool| ctx.identity().projects().update(&member.project, json!({ "enabled": on }));
    switch(false).send().await?;
    is_void(ctx, &before).await?;
    stays_out(ctx, &member.login, scope()).await?;
    opens(ctx, &elsewhere).await?;
    switch(true).send().await?;
    lets_in(ctx, &member.login, scope()).await?;
    Ok(())
}

/// No user of a domain that is switched off is let in, and the tokens there were are void.
#[squall::test(id = "identity.sessions.domain-off")]
async fn a_domain_is_switched_off(ctx: &Context) -> squall::Result {
    let domains = ctx.identity().domains();
    let domain = ctx.create(domains.create(json!({}))).await?.id;
    let switch = |on: bool| domains.update(&domain, json!({ "enabled": on }));
    let login = users::create(ctx, json!({ "domain_id": domain })).await?;
    let project = users::project(ctx, json!({ "domain_id": domain })).await?;
    let role = users::role(ctx, "member").await?;
    users::grant(ctx, &login.id, &project, &role).await?;
    let before = users::token(ctx, &login, on_project(&project)).await?;
    switch(false).send().await?;
    is_void(ctx, &before).await?;
    stays_out(ctx, &login, on_project(&project)).await?;
    stays_out(ctx, &login, json!("unscoped")).await?;
    switch(true).send().await?;
    lets_in(ctx, &login, on_project(&project)).await?;
    Ok(())
}

/// The tokens of a user who is deleted are void.
#[squall::test(id = "identity.sessions.user-gone")]
async fn a_user_is_deleted(ctx: &Context) -> squall::Result {
    let member = member(ctx).await?;
    let before = users::token(ctx, &member.login, on_project(&member.project)).await?;
    opens(ctx, &before).await?;
    ctx.identity().users().delete(&member.login.id).send().await?;
    is_void(ctx, &before).await?;
    stays_out(ctx, &member.login, json!("unscoped")).await
}

/// The tokens for a project that is deleted are void; the user's others are not.
#[squall::test(id = "identity.sessions.project-gone")]
async fn a_project_is_deleted(ctx: &Context) -> squall::Result {
    let member = member(ctx).await?;
    let other = another_project(ctx, &member.login, &member.role).await?;
    let before = users::token(ctx, &member.login, on_project(&member.project)).await?;
    let elsewhere = users::token(ctx, &member.login, on_project(&other)).await?;
    opens(ctx, &before).await?;
    ctx.identity().projects().delete(&member.project).send().await?;
    is_void(ctx, &before).await?;
    opens(ctx, &elsewhere).await?;
    stays_out(ctx, &member.login, on_project(&member.project)).await
}

/// With the last role in a project, the tokens for it are void; those for another are not.
#[squall::test(id = "identity.sessions.role-gone")]
async fn a_role_is_taken_away(ctx: &Context) -> squall::Result {
    let member = member(ctx).await?;
    let other = another_project(ctx, &member.login, &member.role).await?;
    let before = users::token(ctx, &member.login, on_project(&member.project)).await?;
    let elsewhere = users::token(ctx, &member.login, on_project(&other)).await?;
    opens(ctx, &before).await?;
    users::withdraw(ctx, &member.login.id, &member.project, &member.role).await?;
    is_void(ctx, &before).await?;
    stays_out(ctx, &member.login, on_project(&member.project)).await?;
    opens(ctx, &elsewhere).await
}

/// Whoever has a role through a group loses it with the membership.
#[squall::test(id = "identity.sessions.membership-gone")]
async fn a_membership_ends(ctx: &Context) -> squall::Result {
    let identity = ctx.identity();
    let login = users::create(ctx, json!({})).await?;
    let project = users::project(ctx, json!({})).await?;
    let role = users::role(ctx, "member").await?;
    let group = ctx.create(identity.groups().create(json!({}))).await?.id;
    let roles = identity.project_group_roles();
    let grant = roles.add(&project, &group, &role);
    ctx.change(&kinds::identity::GROUP_ROLE_ASSIGNMENT, grant).await?;
    stays_out(ctx, &login, on_project(&project)).await?;
    let members = identity.group_users();
    let add = members.add(&group, &login.id);
    ctx.change(&kinds::identity::GROUP_MEMBER, add).await?;
    let token = lets_in(ctx, &login, on_project(&project)).await?;
    squall::ensure!(token.roles().contains(&"member"), "{:?}", token.roles());
    members.remove(&group, &login.id).send().await?;
    is_void(ctx, &token).await?;
    stays_out(ctx, &login, on_project(&project)).await
}
