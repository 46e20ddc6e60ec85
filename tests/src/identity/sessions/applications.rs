//! Application credentials: whose roles they have, what they are good for, and what ends them.

use serde_json::{Value, json};
use squall::client::auth::Credential;
use squall::context::{Actor, Made};
use squall::identity::types::UserApplicationCredential;
use squall::model::Method;
use squall::scenario::users::{self, HeldToken, on_project};
use squall::{Context, ensure, ensure_eq};

use super::{Member, is_void, member, opens, refused};

/// Creates an application credential of a member, who keeps it.
async fn credential(
    ctx: &Context,
    owner: &Actor,
    further: Value,
) -> squall::Result<Made<UserApplicationCredential>> {
    let own = owner.identity().user_application_credentials();
    Ok(ctx.create(own.create(owner.user_id(), further)).await?)
}

/// Returns the credential to log in with.
fn of(made: &Made<UserApplicationCredential>) -> Credential {
    let secret = made.value.secret.clone().unwrap_or_default();
    Credential::ApplicationCredential { id: made.id.clone(), secret: secret.into() }
}

/// Requests a token with an application credential.
async fn token(ctx: &Context, made: &Made<UserApplicationCredential>) -> squall::Result<HeldToken> {
    users::held(&ctx.identity().auth_tokens().create(body(made)).send().await?)
}

fn body(made: &Made<UserApplicationCredential>) -> Value {
    let own = json!({ "id": made.id, "secret": made.value.secret });
    let methods = json!(["application_credential"]);
    json!({ "identity": { "methods": methods, "application_credential": own } })
}

async fn stays_out(ctx: &Context, made: &Made<UserApplicationCredential>) -> squall::Result {
    refused(ctx.identity().auth_tokens().create(body(made))).await
}

/// An application credential has the roles that it was given of its user's, in one project; it
/// makes no other, and its token is not exchanged.
#[squall::test(id = "identity.sessions.application", features("identity.application_credentials"))]
async fn has_what_it_was_given(ctx: &Context) -> squall::Result {
    let Member { login, project, .. } = member(ctx).await?;
    let roles = ctx.identity().roles();
    let role = ctx.create(roles.create(json!({}))).await?;
    users::grant(ctx, &login.id, &project, &role.id).await?;
    let owner = ctx.log_in("owner", login.on_project(&project)).await?;
    let given = json!({ "roles": [{ "id": role.id }] });
    let made = credential(ctx, &owner, given).await?;
    let held = token(ctx, &made).await?;
    ensure_eq!(held.roles(), [role.name.as_str()]);
    ensure_eq!(held.document["project"]["id"], json!(project));
    ensure_eq!(held.document["user"]["id"], json!(login.id));
    ensure_eq!(held.document["methods"], json!(["application_credential"]));
    let application = ctx.log_in("application", of(&made)).await?;
    let own = application.identity().user_application_credentials();
    ctx.expect_refusal(403, own.create(&login.id, json!({}))).await?;
    own.delete(&login.id, &made.id).expect_error(403).await?;
    let exchange = json!({
        "identity": { "methods": ["token"], "token": { "id": held.secret() } },
        "scope": on_project(&project),
    });
    ctx.identity().auth_tokens().create(exchange).expect_error(403).await?;
    let elsewhere = json!({
        "identity": body(&made)["identity"],
        "scope": on_project(&users::project(ctx, json!({})).await?),
    });
    ctx.identity().auth_tokens().create(elsewhere).expect_error(401).await?;
    Ok(())
}

/// An application credential that is not restricted makes and deletes others.
#[squall::test(
    id = "identity.sessions.application-unrestricted",
    features("identity.application_credentials")
)]
async fn makes_others(ctx: &Context) -> squall::Result {
    let Member { login, project, .. } = member(ctx).await?;
    let owner = ctx.log_in("owner", login.on_project(&project)).await?;
    let made = credential(ctx, &owner, json!({ "unrestricted": true })).await?;
    let application = ctx.log_in("application", of(&made)).await?;
    let second = credential(ctx, &application, json!({})).await?;
    opens(ctx, &token(ctx, &second).await?).await?;
    let own = application.identity().user_application_credentials();
    own.delete(&login.id, &second.id).send().await?;
    stays_out(ctx, &second).await
}

/// A user gives an application credential no role that it lacks.
#[squall::test(
    id = "identity.sessions.application-more",
    features("identity.application_credentials"),
    tags(negative)
)]
async fn gets_no_more_than_its_user_has(ctx: &Context) -> squall::Result {
    let Member { login, project, .. } = member(ctx).await?;
    let owner = ctx.log_in("owner", login.on_project(&project)).await?;
    let own = owner.identity().user_application_credentials();
    let more = json!({ "roles": [{ "name": "admin" }] });
    ctx.expect_refusal(400, own.create(&login.id, more)).await?;
    Ok(())
}

/// An application credential with access rules is good for the requests that one of them allows,
/// and for no others.
#[squall::test(
    id = "identity.sessions.application-rules",
    needs(identity, network),
    features("identity.application_credentials")
)]
async fn good_for_what_its_rules_allow(ctx: &Context) -> squall::Result {
    let Member { login, project, .. } = member(ctx).await?;
    let owner = ctx.log_in("owner", login.on_project(&project)).await?;
    let networks = owner.network().networks();
    let subnets = owner.network().subnets();
    networks.list().send().await?;
    subnets.list().send().await?;
    // The path has whatever the address of the service has before its version.
    let rule = |service: &str, method: Method| json!({ "service": service, "method": method.as_str(), "path": "/**networks" });
    let good = credential(ctx, &owner, json!({ "access_rules": [rule("network", Method::Get)] }));
    let good = token(ctx, &good.await?).await?;
    networks.list().with_token(good.secret()).send().await?;
    refused(subnets.list().with_token(good.secret())).await?;
    if ctx.facts().has("image") {
        refused(owner.image().images().list().with_token(good.secret())).await?;
    }
    for other in [rule("compute", Method::Get), rule("network", Method::Post)] {
        let made = credential(ctx, &owner, json!({ "access_rules": [other] })).await?;
        let held = token(ctx, &made).await?;
        refused(networks.list().with_token(held.secret())).await?;
    }
    Ok(())
}

/// What ends an application credential's sessions, or the credential itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Deleted,
    RoleGone,
    UserOff,
    ProjectOff,
}

/// An application credential lets no one in any more, and its tokens are void.
async fn ends(ctx: &Context, end: End) -> squall::Result {
    let Member { login, project, role } = member(ctx).await?;
    let owner = ctx.log_in("owner", login.on_project(&project)).await?;
    let made = credential(ctx, &owner, json!({})).await?;
    let before = token(ctx, &made).await?;
    opens(ctx, &before).await?;
    let identity = ctx.identity();
    let off = json!({ "enabled": false });
    match end {
        End::Deleted => {
            let own = owner.identity().user_application_credentials();
            own.delete(&login.id, &made.id).send().await?;
        }
        End::RoleGone => users::withdraw(ctx, &login.id, &project, &role).await?,
        End::UserOff => drop(identity.users().update(&login.id, off).send().await?),
        End::ProjectOff => drop(identity.projects().update(&project, off).send().await?),
    }
    stays_out(ctx, &made).await?;
    is_void(ctx, &before).await?;
    Ok(())
}

/// A deleted application credential is good for nothing.
#[squall::test(
    id = "identity.sessions.application-deleted",
    features("identity.application_credentials")
)]
async fn ends_when_it_is_deleted(ctx: &Context) -> squall::Result {
    ends(ctx, End::Deleted).await
}

/// An application credential is good for nothing without its user's role in the project.
#[squall::test(
    id = "identity.sessions.application-role-gone",
    features("identity.application_credentials")
)]
async fn ends_with_its_users_role(ctx: &Context) -> squall::Result {
    ends(ctx, End::RoleGone).await
}

/// An application credential is good for nothing while its user is switched off.
#[squall::test(
    id = "identity.sessions.application-user-off",
    features("identity.application_credentials")
)]
async fn ends_with_its_user(ctx: &Context) -> squall::Result {
    ends(ctx, End::UserOff).await
}

/// An application credential is good for nothing while its project is switched off.
#[squall::test(
    id = "identity.sessions.application-project-off",
    features("identity.application_credentials")
)]
async fn ends_with_its_project(ctx: &Context) -> squall::Result {
    ends(ctx, End::ProjectOff).await
}

/// An application credential is not made for a time that is over.
#[squall::test(
    id = "identity.sessions.application-over",
    features("identity.application_credentials"),
    tags(negative)
)]
async fn is_not_over_before_it_begins(ctx: &Context) -> squall::Result {
    let Member { login, project, .. } = member(ctx).await?;
    let owner = ctx.log_in("owner", login.on_project(&project)).await?;
    let own = owner.identity().user_application_credentials();
    let over = json!({ "expires_at": "2020-02-29T12:00:00.000000" });
    ctx.expect_refusal(400, own.create(&login.id, over)).await?;
    let made = credential(ctx, &owner, json!({ "expires_at": "2037-02-28T12:00:00.000000" }));
    let made = made.await?;
    let shown = own.show(&login.id, &made.id).send().await?;
    let expires = shown.body.at("/application_credential/expires_at").and_then(Value::as_str);
    ensure!(expires.is_some_and(|at| at.starts_with("2037-02-28T12:00:00")), "{expires:?}");
    opens(ctx, &token(ctx, &made).await?).await
}
