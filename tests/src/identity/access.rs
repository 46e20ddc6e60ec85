//! What a new user's answer leaves out, and access rules.

use serde_json::{Value, json};
use squall::{Context, ensure, ensure_eq};

const PASSWORD: &str = "a long enough password 1";

/// The response to creating a user does not contain its password.
#[squall::test(id = "identity.users.create")]
async fn a_new_user_has_no_password_to_show(ctx: &Context) -> squall::Result {
    let users = ctx.identity().users();
    let create = users.create(json!({ "password": PASSWORD }));
    let create = create.decoded_by(|body| Ok(body.json.cloned().unwrap_or_default()));
    let made = ctx.create(create).await?;
    ensure_eq!(made.value.get("name"), Some(&json!(made.name)));
    ensure!(made.value.get("password").is_none(), "the response has a password");
    let shown = users.show(&made.id).send().await?;
    ensure_eq!(shown.value.name.as_deref(), Some(made.name.as_str()));
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
