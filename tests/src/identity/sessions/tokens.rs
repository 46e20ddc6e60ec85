//! Tokens: what they say, what they open, how one is exchanged for another.

use serde_json::{Value, json};
use squall::scenario::users::{self, on_project};
use squall::{Context, ensure, ensure_eq};

use super::{another_project, is_void, member, opens, refused};

/// A revoked token is refused by every service; another of the same user is not.
#[squall::test(id = "identity.sessions.revoked", tags(negative))]
async fn revoked_is_refused_everywhere(ctx: &Context) -> squall::Result {
    let member = member(ctx).await?;
    let good = users::token(ctx, &member.login, on_project(&member.project)).await?;
    let revoked = users::token(ctx, &member.login, on_project(&member.project)).await?;
    let tokens = ctx.identity().auth_tokens();
    tokens.delete().header("x-subject-token", revoked.secret()).send().await?;
    opens(ctx, &good).await?;
    is_void(ctx, &revoked).await?;
    let actor = ctx.actor();
    // No request of the two asks for more than a member may, where the service has members.
    macro_rules! refused_by {
        ($($service:ident: $call:expr;)+) => {$(
            if ctx.facts().has(stringify!($service)) {
                $call.with_token(good.secret()).send().await?;
                refused($call.with_token(revoked.secret())).await?;
            }
        )+};
    }
    refused_by! {
        compute: actor.compute().servers().list();
        image: actor.image().images().list();
        network: actor.network().networks().list();
        volume: actor.volume().volume_types().list();
    }
    Ok(())
}

/// A token is exchanged for one of another scope, which ends when the first would have, names
/// the first in its audit ids, and is revoked alone.
#[squall::test(id = "identity.sessions.rescoped")]
async fn exchanged_for_another_scope(ctx: &Context) -> squall::Result {
    let member = member(ctx).await?;
    let second = another_project(ctx, &member.login, &member.role).await?;
    let unscoped = users::token(ctx, &member.login, json!("unscoped")).await?;
    ensure!(unscoped.document.get("project").is_none(), "a token without a scope has a project");
    ensure!(unscoped.document.get("roles").is_none(), "a token without a scope has roles");
    let exchange = |with: &str, project: &str| {
        ctx.identity().auth_tokens().create(json!({
            "identity": { "methods": ["token"], "token": { "id": with } },
            "scope": { "project": { "id": project } },
        }))
    };
    let mut held = unscoped.clone();
    for project in [&member.project, &second] {
        let exchanged = users::held(&exchange(held.secret(), project).send().await?)?;
        let document = &exchanged.document;
        ensure_eq!(document["project"]["id"], json!(project));
        ensure_eq!(document["user"]["id"], json!(member.login.id));
        ensure_eq!(document["expires_at"], unscoped.document["expires_at"]);
        ensure_eq!(document["audit_ids"][1], unscoped.document["audit_ids"][0]);
        let methods = document["methods"].as_array().cloned().unwrap_or_default();
        ensure!(methods.contains(&json!("password")), "{methods:?}");
        ensure!(methods.contains(&json!("token")), "{methods:?}");
        held = exchanged;
    }
    let tokens = ctx.identity().auth_tokens();
    tokens.delete().header("x-subject-token", held.secret()).send().await?;
    is_void(ctx, &held).await?;
    opens(ctx, &unscoped).await?;
    let elsewhere = users::project(ctx, json!({})).await?;
    exchange(unscoped.secret(), &elsewhere).expect_error(401).await?;
    Ok(())
}

/// The scopes that identity lists for a user are those that it gets a token for, and no others.
#[squall::test(id = "identity.sessions.scopes")]
async fn listed_scopes_are_the_good_ones(ctx: &Context) -> squall::Result {
    let member = member(ctx).await?;
    let second = another_project(ctx, &member.login, &member.role).await?;
    let elsewhere = users::project(ctx, json!({})).await?;
    let unscoped = users::token(ctx, &member.login, json!("unscoped")).await?;
    let (identity, token) = (ctx.identity(), unscoped.secret());
    let listed = identity.auth_projects().list().with_token(token).send().await?.value;
    let mut listed: Vec<String> = listed.into_iter().filter_map(|project| project.id).collect();
    let mut own = vec![member.project.clone(), second];
    listed.sort();
    own.sort();
    ensure_eq!(listed, own);
    for project in &own {
        users::token(ctx, &member.login, on_project(project)).await?;
    }
    let domains = identity.auth_domains().list().with_token(token).send().await?;
    ensure_eq!(domains.body.at("/domains"), Some(&json!([])));
    let system = identity.auth_system().show().with_token(token).send().await?;
    ensure_eq!(system.body.at("/system"), Some(&json!([])));
    let domain = json!({ "domain": { "id": "default" } });
    let system = json!({ "system": { "all": true } });
    for scope in [on_project(&elsewhere), domain, system] {
        super::stays_out(ctx, &member.login, scope).await?;
    }
    Ok(())
}

/// A token says the same when it is validated as when it was issued; a user who is not an admin
/// validates its own alone.
#[squall::test(id = "identity.sessions.validated")]
async fn validated_as_issued(ctx: &Context) -> squall::Result {
    let (one, other) = (member(ctx).await?, member(ctx).await?);
    let token = users::token(ctx, &one.login, on_project(&one.project)).await?;
    ensure!(token.roles().contains(&"member"), "{:?}", token.roles());
    let theirs = users::token(ctx, &other.login, on_project(&other.project)).await?;
    let tokens = ctx.identity().auth_tokens();
    let validate = || tokens.show().header("x-subject-token", token.secret());
    for shown in [validate().send().await?, validate().with_token(token.secret()).send().await?] {
        let shown = shown.body.at("/token").cloned().unwrap_or_default();
        for field in
            ["user", "project", "methods", "audit_ids", "expires_at", "issued_at", "catalog"]
        {
            ensure_eq!(shown[field], token.document[field], "{field}");
        }
        ensure_eq!(role_ids(&shown), role_ids(&token.document));
    }
    let without = validate().query("nocatalog", "").send().await?;
    ensure_eq!(without.body.at("/token/catalog"), None);
    validate().with_token(theirs.secret()).expect_error(403).await?;
    let catalog = ctx.identity().auth_catalog().show().with_token(token.secret()).send().await?;
    ensure_eq!(catalog.body.at("/catalog"), Some(&token.document["catalog"]));
    Ok(())
}

fn role_ids(token: &Value) -> Vec<&str> {
    let roles = token["roles"].as_array().into_iter().flatten();
    let mut ids: Vec<&str> = roles.filter_map(|role| role["id"].as_str()).collect();
    ids.sort_unstable();
    ids
}

/// A user's default project is the scope of a token for which none was asked, while it is good.
#[squall::test(id = "identity.sessions.default-project")]
async fn the_default_project_is_the_scope(ctx: &Context) -> squall::Result {
    let member = member(ctx).await?;
    let none = users::token(ctx, &member.login, Value::Null).await?;
    ensure!(none.document.get("project").is_none(), "a user without a default project has one");
    let users = ctx.identity().users();
    let default = json!({ "default_project_id": member.project });
    users.update(&member.login.id, default).send().await?;
    let token = users::token(ctx, &member.login, Value::Null).await?;
    ensure_eq!(token.document["project"]["id"], json!(member.project));
    let unscoped = users::token(ctx, &member.login, json!("unscoped")).await?;
    ensure!(unscoped.document.get("project").is_none(), "it was to have no scope");
    users::withdraw(ctx, &member.login.id, &member.project, &member.role).await?;
    let token = users::token(ctx, &member.login, Value::Null).await?;
    ensure!(token.document.get("project").is_none(), "there is no role in the default project");
    Ok(())
}
