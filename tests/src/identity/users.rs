//! Users and the roles they hold.

use serde_json::json;
use squall::scenario::users;
use squall::{Context, ensure, ensure_eq, kinds};

/// A user is shown as created, without its password, which lets it in as no other does.
#[squall::test(id = "identity.users.show", tags(smoke))]
async fn shown_without_its_password(ctx: &Context) -> squall::Result {
    let login = users::create(ctx, json!({ "description": "created by a test" })).await?;
    let shown = ctx.identity().users().show(&login.id).send().await?;
    ensure_eq!(shown.value.name.as_deref(), Some(login.name.as_str()));
    ensure_eq!(shown.body.at("/user/description"), Some(&json!("created by a test")));
    ensure_eq!(shown.body.at("/user/enabled"), Some(&json!(true)));
    let text = shown.body.json().map(ToString::to_string).unwrap_or_default();
    ensure!(!text.contains(login.password()), "the password is shown");
    let token = users::token(ctx, &login, json!("unscoped")).await?;
    ensure_eq!(token.document["user"]["id"], json!(login.id));
    let other = login.with_password(&users::password());
    let wrong = users::by_password(&other, json!("unscoped"));
    ctx.identity().auth_tokens().create(wrong).expect_error(401).await?;
    Ok(())
}

/// A user is switched off and on, and shown so. What that ends is for
/// `identity.sessions.user-off` to say.
#[squall::test(id = "identity.users.enable")]
async fn can_be_switched_off(ctx: &Context) -> squall::Result {
    let made = ctx.create(ctx.identity().users().create(json!({}))).await?;
    let users = ctx.identity().users();
    for enabled in [false, true] {
        let updated = users.update(&made.id, json!({ "enabled": enabled })).send().await?;
        let shown = users.show(&made.id).send().await?;
        for body in [&updated.body, &shown.body] {
            ensure_eq!(body.at("/user/enabled"), Some(&json!(enabled)));
            ensure_eq!(body.at("/user/name"), Some(&json!(made.name)));
        }
    }
    Ok(())
}

/// A list can be filtered by name.
#[squall::test(id = "identity.users.list-by-name")]
async fn listed_by_name(ctx: &Context) -> squall::Result {
    let made = ctx.create(ctx.identity().users().create(json!({}))).await?;
    let listed = ctx.identity().users().list().query("name", &made.name).send().await?.value;
    ensure_eq!(listed.len(), 1);
    Ok(())
}

/// A role assignment holds from being granted until being revoked.
#[squall::test(id = "identity.roles.assign")]
async fn a_role_is_given_and_taken(ctx: &Context) -> squall::Result {
    let identity = ctx.identity();
    let project = ctx.create(identity.projects().create(json!({}))).await?;
    let user = ctx.create(identity.users().create(json!({}))).await?;
    let role = ctx.create(identity.roles().create(json!({}))).await?;
    let roles = identity.project_user_roles();
    roles.check(&project.id, &user.id, &role.id).expect_error(404).await?;
    ctx.change(&kinds::identity::ROLE_ASSIGNMENT, roles.add(&project.id, &user.id, &role.id))
        .await?;
    roles.check(&project.id, &user.id, &role.id).send().await?;
    let held = roles.list(&project.id, &user.id).send().await?.value;
    ensure_eq!(held.len(), 1);
    ensure_eq!(held[0].id.as_deref(), Some(role.id.as_str()));
    let assignments = identity.role_assignments().list().query("user.id", &user.id).send().await?;
    ensure_eq!(assignments.value.len(), 1);
    roles.remove(&project.id, &user.id, &role.id).send().await?;
    roles.check(&project.id, &user.id, &role.id).expect_error(404).await?;
    Ok(())
}

/// A role is renamed by an update, and listed under its new name.
#[squall::test(id = "identity.roles.update", tags(smoke))]
async fn a_role_is_renamed(ctx: &Context) -> squall::Result {
    let roles = ctx.identity().roles();
    let role = ctx.create(roles.create(json!({}))).await?;
    let name = format!("{}-b", role.name);
    roles.update(&role.id, json!({ "name": name })).send().await?;
    let shown = roles.show(&role.id).send().await?.value;
    ensure_eq!(shown.name.as_deref(), Some(name.as_str()));
    let listed = roles.list().send().await?.value;
    ensure!(listed.iter().any(|role| role.name.as_ref() == Some(&name)), "`{name}` is not listed");
    Ok(())
}

/// The roles that Squall's personas use exist.
#[squall::test(id = "identity.roles.defaults", tags(smoke))]
async fn the_default_roles_are_there(ctx: &Context) -> squall::Result {
    let roles = ctx.identity().roles().list().send().await?.value;
    for wanted in ["admin", "member", "reader"] {
        ensure!(roles.iter().any(|r| r.name.as_deref() == Some(wanted)), "no role `{wanted}`");
    }
    Ok(())
}

/// A member cannot list the users of a domain.
#[squall::test(id = "identity.users.forbidden", tags(negative), identities(member))]
async fn a_member_lists_no_users(ctx: &Context) -> squall::Result {
    ctx.identity().users().list().expect_error(403).await?;
    Ok(())
}
