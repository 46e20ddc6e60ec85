//! Credentials: keys that identity keeps for others.

use serde_json::{Value, json};
use squall::{Context, ensure_eq, kinds};

/// A credential's keys are replaced by an update.
#[squall::test(id = "identity.credentials.update", tags(smoke))]
async fn keys_are_replaced(ctx: &Context) -> squall::Result {
    let keys = |access: &str| json!({ "access": access, "secret": "squall" });
    let identity = ctx.identity();
    let credentials = identity.credentials();
    let project = ctx.create(identity.projects().create(json!({}))).await?;
    let user = ctx.create(identity.users().create(json!({}))).await?;
    let credential = ctx
        .create_named(&kinds::identity::CREDENTIAL, |name| {
            credentials.create(json!({
                "type": "ec2",
                "blob": keys(name).to_string(),
                "user_id": user.id,
                "project_id": project.id,
            }))
        })
        .await?;
    let renewed = keys(&format!("{}-b", credential.name));
    credentials.update(&credential.id, json!({ "blob": renewed.to_string() })).send().await?;
    let shown = credentials.show(&credential.id).send().await?;
    // The service may write the document its own way.
    let blob = shown.body.at("/credential/blob").and_then(Value::as_str).unwrap_or_default();
    ensure_eq!(serde_json::from_str::<Value>(blob).ok(), Some(renewed), "{blob}");
    ensure_eq!(shown.value.user_id.as_deref(), Some(user.id.as_str()));
    Ok(())
}
