//! Other ways to log in: EC2 keys, OAuth 1.0a, and two methods one after the other.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use squall::scenario::users::{self, HeldToken, on_project};
use squall::{Context, Failure, ensure, ensure_eq, kinds};

use super::{Member, is_void, member, opens, refused, stays_out};

/// The HMAC-SHA256 of `GET\nlocalhost\n/\nSignatureMethod=HmacSHA256&SignatureVersion=2` with
/// the key [`EC2_SECRET`], in base64: nothing in it names the access key or the time.
const EC2_SIGNATURE: &str = "rxxHlU8t9fzvF7Q40ea9e9DCuhbfx5EZ70gGG3D44eY=";
const EC2_SECRET: &str = "squall";

/// A request that is signed with an EC2 key gets a token for the key's project, with the roles of
/// its user; one with another signature, or after the key is gone, gets none.
#[squall::test(id = "identity.sessions.ec2")]
async fn by_an_ec2_key(ctx: &Context) -> squall::Result {
    let Member { login, project, .. } = member(ctx).await?;
    let identity = ctx.identity();
    let key = ctx
        .create_named(&kinds::identity::CREDENTIAL, |name| {
            let blob = json!({ "access": name, "secret": EC2_SECRET });
            identity.credentials().create(json!({
                "type": "ec2",
                "blob": blob.to_string(),
                "user_id": login.id,
                "project_id": project,
            }))
        })
        .await?;
    let signed = |signature: &str| {
        identity.ec2tokens().create(json!({ "credentials": {
            "access": key.name,
            "host": "localhost",
            "verb": "GET",
            "path": "/",
            "params": { "SignatureVersion": "2", "SignatureMethod": "HmacSHA256" },
            "signature": signature,
        }}))
    };
    let held = users::held(&signed(EC2_SIGNATURE).send().await?)?;
    ensure_eq!(held.document["user"]["id"], json!(login.id));
    ensure_eq!(held.document["project"]["id"], json!(project));
    ensure!(held.roles().contains(&"member"), "{:?}", held.roles());
    let tokens = identity.auth_tokens();
    let validated = tokens.show().header("x-subject-token", held.secret()).send().await?;
    ensure_eq!(validated.body.at("/token/audit_ids"), Some(&held.document["audit_ids"]));
    signed("cm9vdA==").expect_error(401).await?;
    identity.credentials().delete(&key.id).send().await?;
    // Keystone 30.0.0 says that there is no such key: `keystone.api._shared.EC2_S3_Resource`.
    signed(EC2_SIGNATURE).expect_error(404).await?;
    Ok(())
}

/// A user makes, sees and deletes EC2 keys of its own, and no one else's.
#[squall::test(id = "identity.sessions.ec2-keys")]
async fn keys_are_their_users(ctx: &Context) -> squall::Result {
    let Member { login, project, .. } = member(ctx).await?;
    let other = member(ctx).await?;
    let owner = ctx.log_in("owner", login.on_project(&project)).await?;
    let other = ctx.log_in("other", other.login.on_project(&other.project)).await?;
    let own = owner.identity().user_ec2_credentials();
    let create = own.create(&login.id, json!({ "tenant_id": project }));
    // It goes with its user.
    let made = create.send().await?;
    let text = |field: &str| {
        let value = made.body.at(&format!("/credential/{field}")).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    let access = text("access");
    ensure!(!access.is_empty() && !text("secret").is_empty(), "a key without its halves");
    ensure_eq!(text("tenant_id"), project);
    let shown = own.show(&login.id, &access).send().await?;
    ensure_eq!(shown.body.at("/credential/user_id"), Some(&json!(login.id)));
    let theirs = other.identity().user_ec2_credentials();
    theirs.show(&login.id, &access).expect_error(403).await?;
    theirs.delete(&login.id, &access).expect_error(403).await?;
    own.delete(&login.id, &access).send().await?;
    own.show(&login.id, &access).expect_error(404).await?;
    Ok(())
}

/// What signs the requests of OAuth: the secrets themselves, over a connection that keeps them.
struct Signer<'a> {
    consumer: (&'a str, &'a str),
    /// A token and its secret, and the verifier of a request token.
    token: Option<(&'a str, &'a str, Option<&'a str>)>,
}

impl Signer<'_> {
    /// Returns the header `Authorization`.
    fn header(&self) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let (key, secret) = self.consumer;
        let header = format!(
            "OAuth oauth_consumer_key=\"{key}\", oauth_nonce=\"{:032x}\", \
             oauth_timestamp=\"{now}\", oauth_version=\"1.0\", \
             oauth_signature_method=\"PLAINTEXT\"",
            u128::from(now)
        );
        let (fields, token_secret) = match self.token {
            None => ("oauth_callback=\"oob\"".to_owned(), ""),
            Some((token, secret, None)) => (format!("oauth_token=\"{token}\""), secret),
            Some((token, secret, Some(verifier))) => {
                let fields = format!("oauth_token=\"{token}\", oauth_verifier=\"{verifier}\"");
                (fields, secret)
            }
        };
        format!("{header}, {fields}, oauth_signature=\"{secret}%26{token_secret}\"")
    }
}

/// Reads a token and its secret from a form.
fn pair(form: &[u8]) -> squall::Result<(String, String)> {
    let form = String::from_utf8_lossy(form);
    let field = |name: &str| {
        let found = form.split('&').find_map(|part| part.strip_prefix(&format!("{name}=")));
        found.map(str::to_owned).ok_or_else(|| Failure::new(format!("no `{name}` in the answer")))
    };
    Ok((field("oauth_token")?, field("oauth_token_secret")?))
}

/// A consumer gets a token with the roles that a user consented to, in its project, until the
/// user takes that back.
#[squall::test(id = "identity.sessions.oauth1")]
async fn by_a_users_consent(ctx: &Context) -> squall::Result {
    let Member { login, project, .. } = member(ctx).await?;
    let identity = ctx.identity();
    let role = ctx.create(identity.roles().create(json!({}))).await?;
    users::grant(ctx, &login.id, &project, &role.id).await?;
    // Who consents has to be an admin (`identity:authorize_request_token`).
    users::grant(ctx, &login.id, &project, &users::role(ctx, "admin").await?).await?;
    let user = ctx.log_in("user", login.on_project(&project)).await?;
    let consumer = ctx.create(identity.consumers().create(json!({}))).await?;
    let secret = consumer.value.secret.clone().unwrap_or_default();
    let consumer = (consumer.id.as_str(), secret.as_str());

    let asked = identity
        .oauth1_request_token()
        .create()
        .header("requested-project-id", &project)
        .header("authorization", Signer { consumer, token: None }.header())
        .without_token()
        .send()
        .await?;
    let (request, request_secret) = pair(&asked.value)?;
    let consent = user.identity().oauth1_request_token();
    let lacked = ctx.create(identity.roles().create(json!({}))).await?;
    let roles = |id: &str| json!([{ "id": id }]);
    consent.authorize(&request, roles(&lacked.id)).expect_error(401).await?;
    let consent = consent.authorize(&request, roles(&role.id)).send().await?;
    let verifier = consent.body.at("/token/oauth_verifier").and_then(Value::as_str);
    let verifier = verifier.unwrap_or_default().to_owned();

    let exchange = |verifier: &str| {
        let token = Some((request.as_str(), request_secret.as_str(), Some(verifier)));
        let signed = Signer { consumer, token }.header();
        identity.oauth1_access_token().create().header("authorization", signed).without_token()
    };
    let other: String = verifier.chars().rev().collect();
    exchange(&other).expect_error(401).await?;
    let access = exchange(&verifier).send().await?;
    let (access, access_secret) = pair(&access.value)?;
    exchange(&verifier).expect_error(404).await?;

    let log_in = || {
        let token = Some((access.as_str(), access_secret.as_str(), None));
        let signed = Signer { consumer, token }.header();
        let body = json!({ "identity": { "methods": ["oauth1"], "oauth1": {} } });
        identity.auth_tokens().create(body).header("authorization", signed)
    };
    let held: HeldToken = users::held(&log_in().send().await?)?;
    ensure_eq!(held.document["user"]["id"], json!(login.id));
    ensure_eq!(held.document["project"]["id"], json!(project));
    ensure_eq!(held.roles(), [role.name.as_str()]);
    ensure_eq!(held.document["OS-OAUTH1"]["consumer_id"], json!(consumer.0));
    ensure_eq!(held.document["OS-OAUTH1"]["access_token_id"], json!(access));
    opens(ctx, &held).await?;
    let own = user.identity().user_access_tokens();
    let listed = own.list(&login.id).send().await?;
    ensure_eq!(listed.body.at("/access_tokens/0/id"), Some(&json!(access)));
    own.delete(&login.id, &access).send().await?;
    is_void(ctx, &held).await?;
    refused(log_in()).await
}

/// A user of whom two methods are asked gets a receipt for the first, and a token with it for the
/// second; neither alone is enough, nor is another user's receipt.
#[squall::test(id = "identity.sessions.receipt", features("identity.application_credentials"))]
async fn by_two_methods(ctx: &Context) -> squall::Result {
    let (one, other) = (demanding(ctx).await?, demanding(ctx).await?);
    let tokens = ctx.identity().auth_tokens();
    let scope = || on_project(&one.member.project);
    let first = users::by_password(&one.member.login, scope());
    let refused = tokens.create(first).expect_error(401).await?;
    let receipt = receipt(&refused)?;
    let said = refused.body.json().cloned().unwrap_or_default();
    ensure_eq!(said["receipt"]["methods"], json!(["password"]));
    ensure_eq!(said["receipt"]["user"]["id"], json!(one.member.login.id));
    let required = said["required_auth_methods"][0].as_array().cloned().unwrap_or_default();
    for method in ["password", "application_credential"] {
        ensure!(required.contains(&json!(method)), "{required:?} lacks `{method}`");
    }
    let second = || tokens.create(one.application.clone());
    second().expect_error(401).await?;
    let header = "openstack-auth-receipt";
    tokens.create(other.application).header(header, &receipt).expect_error(401).await?;
    let held = users::held(&second().header(header, &receipt).send().await?)?;
    let methods = held.document["methods"].as_array().cloned().unwrap_or_default();
    for method in ["password", "application_credential"] {
        ensure!(methods.contains(&json!(method)), "{methods:?} lacks `{method}`");
    }
    opens(ctx, &held).await?;
    stays_out(ctx, &one.member.login, scope()).await
}

/// A member of whom a password and an application credential are asked.
struct Demanding {
    member: Member,
    /// The request for a token with the application credential.
    application: Value,
}

async fn demanding(ctx: &Context) -> squall::Result<Demanding> {
    let member = member(ctx).await?;
    let (login, project) = (&member.login, &member.project);
    let owner = ctx.log_in("owner", login.on_project(project)).await?;
    let own = owner.identity().user_application_credentials();
    let made = ctx.create(own.create(&login.id, json!({}))).await?;
    let rules = json!({
        "multi_factor_auth_enabled": true,
        "multi_factor_auth_rules": [["password", "application_credential"]],
    });
    ctx.identity().users().update(&login.id, json!({ "options": rules })).send().await?;
    let credential = json!({ "id": made.id, "secret": made.value.secret });
    let application = json!({ "identity": {
        "methods": ["application_credential"],
        "application_credential": credential,
    }});
    Ok(Demanding { member, application })
}

fn receipt(refused: &squall::client::ErrorResponse) -> squall::Result<String> {
    let receipt = refused.headers.get("openstack-auth-receipt").and_then(|h| h.to_str().ok());
    receipt.map(str::to_owned).ok_or_else(|| {
        Failure::new("the answer has no receipt").with_request_id(refused.request_id.clone())
    })
}
