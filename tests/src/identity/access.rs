//! What opens identity's door, and what does no more: passwords, tokens, access rules.

use serde_json::{Value, json};
use squall::client::Call;
use squall::identity::types::AuthToken;
use squall::{Context, ensure, ensure_eq};

const PASSWORD: &str = "a long enough password 1";
const OTHER: &str = "a long enough password 2";

/// Returns the request by which a user gets a token without a scope.
fn login(ctx: &Context, user: &str, password: &str) -> Call<AuthToken> {
    ctx.identity().auth_tokens().create(json!({ "identity": {
        "methods": ["password"],
        "password": { "user": { "id": user, "password": password } },
    }}))
}

/// Creates a user with a password and returns its id.
async fn user(ctx: &Context) -> squall::Result<String> {
    let users = ctx.identity().users();
    Ok(ctx.create(users.create(json!({ "password": PASSWORD }))).await?.id)
}

/// A revoked token is refused.
#[squall::test(id = "identity.tokens.revoked", tags(negative))]
async fn a_revoked_token_opens_nothing(ctx: &Context) -> squall::Result {
    let user = user(ctx).await?;
    let issued = login(ctx, &user, PASSWORD).send().await?;
    let token = issued.header("x-subject-token").unwrap_or_default().to_owned();
    ensure!(!token.is_empty(), "the response has no token");
    let tokens = ctx.identity().auth_tokens();
    let shown = || tokens.show().header("x-subject-token", &token);
    ensure_eq!(shown().send().await?.value.user.id, user);
    tokens.delete().header("x-subject-token", &token).send().await?;
    shown().expect_error(404).await?;
    ctx.identity().auth_projects().list().with_token(&token).expect_error(401).await?;
    Ok(())
}

/// A disabled user gets no token.
#[squall::test(id = "identity.users.disabled", tags(negative))]
async fn a_disabled_user_stays_outside(ctx: &Context) -> squall::Result {
    let user = user(ctx).await?;
    login(ctx, &user, PASSWORD).send().await?;
    ctx.identity().users().update(&user, json!({ "enabled": false })).send().await?;
    login(ctx, &user, PASSWORD).expect_error(401).await?;
    Ok(())
}

/// After a change of the password only the new one is good.
#[squall::test(id = "identity.users.password", tags(negative))]
async fn an_old_password_is_good_no_more(ctx: &Context) -> squall::Result {
    let user = user(ctx).await?;
    ctx.identity().users().update(&user, json!({ "password": OTHER })).send().await?;
    login(ctx, &user, PASSWORD).expect_error(401).await?;
    login(ctx, &user, OTHER).send().await?;
    Ok(())
}

/// The response to creating a user does not contain its password.
#[squall::test(id = "identity.users.create")]
async fn a_new_user_has_no_password_to_show(ctx: &Context) -> squall::Result {
    let users = ctx.identity().users();
    let create = users.create(json!({ "password": PASSWORD }));
    let create = create.decoded_by(|body| Ok(body.json.cloned().unwrap_or_default()));
    let made = ctx.create(create).await?;
    ensure_eq!(made.value.get("name"), Some(&json!(made.name)));
    ensure!(made.value.get("password").is_none(), "the response has a password");
    Ok(())
}

/// An application credential keeps its access rules, which are also listed for its user.
#[squall::test(id = "identity.application-credentials.access-rules", identities(member))]
async fn a_credential_says_what_it_is_for(ctx: &Context) -> squall::Result {
    let user = ctx.actor().user_id().to_owned();
    let credentials = ctx.identity().user_application_credentials();
    let rule = json!({ "service": "compute", "method": "GET", "path": "/v2.1/servers" });
    let made = ctx.create(credentials.create(&user, json!({ "access_rules": [rule] }))).await?;
    let listed = credentials.list(&user).send().await?;
    let listed = listed.body.at("/application_credentials").and_then(Value::as_array);
    let shown = listed.into_iter().flatten().find(|one| one["id"] == made.id);
    let rules = shown.and_then(|shown| shown.get("access_rules")?.as_array());
    let rules = rules.cloned().unwrap_or_default();
    ensure_eq!(rules.len(), 1);
    for key in ["service", "method", "path"] {
        ensure_eq!(rules[0].get(key), rule.get(key), "{key}");
    }
    let id = rules[0]["id"].as_str().unwrap_or_default();
    let own = ctx.identity().user_access_rules();
    let listed = own.list(&user).send().await?;
    let listed = listed.body.at("/access_rules").and_then(Value::as_array);
    let found = listed.is_some_and(|all| all.iter().any(|rule| rule["id"] == id));
    ensure!(found, "the rule is not listed");
    // While the credential has it, it stays.
    own.delete(&user, id).expect_error(403).await?;
    credentials.delete(&user, &made.id).send().await?;
    own.delete(&user, id).send().await?;
    own.show(&user, id).expect_error(404).await?;
    Ok(())
}
