//! Trusts: a user acts with roles of another.

use serde_json::{Value, json};
use squall::context::{Actor, Made};
use squall::identity::types::Trust;
use squall::scenario::users::{self, HeldToken, UserLogin, on_project};
use squall::{Context, ensure, ensure_eq};

use super::{Member, is_void, member, opens};

/// A trustor with a role of its own in its project, and a trustee.
struct Parties {
    trustor: UserLogin,
    project: String,
    /// The name and id of the role, beside `member`.
    role: (String, String),
    /// The trustor's identity.
    actor: Actor,
    trustee: UserLogin,
}

async fn parties(ctx: &Context) -> squall::Result<Parties> {
    let Member { login: trustor, project, .. } = member(ctx).await?;
    let role = ctx.create(ctx.identity().roles().create(json!({}))).await?;
    users::grant(ctx, &trustor.id, &project, &role.id).await?;
    let actor = ctx.log_in("trustor", trustor.on_project(&project)).await?;
    let trustee = users::create(ctx, json!({})).await?;
    Ok(Parties { trustor, project, role: (role.name, role.id), actor, trustee })
}

impl Parties {
    /// Returns what a trust with the one role says.
    fn described(&self, further: Value) -> Value {
        let mut body = json!({
            "trustor_user_id": self.trustor.id,
            "trustee_user_id": self.trustee.id,
            "project_id": self.project,
            "impersonation": false,
            "roles": [{ "id": self.role.1 }],
        });
        if let (Value::Object(body), Value::Object(further)) = (&mut body, further) {
            body.extend(further);
        }
        body
    }

    async fn trust(&self, ctx: &Context, further: Value) -> squall::Result<Made<Trust>> {
        Ok(ctx.create(self.actor.identity().trusts().create(self.described(further))).await?)
    }
}

fn by_trust(login: &UserLogin, trust: &str) -> Value {
    users::by_password(login, json!({ "OS-TRUST:trust": { "id": trust } }))
}

async fn token(ctx: &Context, login: &UserLogin, trust: &str) -> squall::Result<HeldToken> {
    users::held(&ctx.identity().auth_tokens().create(by_trust(login, trust)).send().await?)
}

/// Expects that a trust does not let a user in.
async fn refused(ctx: &Context, login: &UserLogin, trust: &str, status: u16) -> squall::Result {
    ctx.identity().auth_tokens().create(by_trust(login, trust)).expect_error(status).await?;
    Ok(())
}

/// A trustee acts with the roles of the trust alone, in its project: as itself, or as the
/// trustor where the trust says so.
#[squall::test(id = "identity.sessions.trust", features("identity.trusts"))]
async fn acts_with_the_roles_of_the_trust(ctx: &Context) -> squall::Result {
    let parties = parties(ctx).await?;
    for impersonation in [false, true] {
        let trust = parties.trust(ctx, json!({ "impersonation": impersonation })).await?;
        let held = token(ctx, &parties.trustee, &trust.id).await?;
        let who = if impersonation { &parties.trustor } else { &parties.trustee };
        ensure_eq!(held.document["user"]["id"], json!(who.id));
        ensure_eq!(held.document["project"]["id"], json!(parties.project));
        ensure_eq!(held.roles(), [parties.role.0.as_str()]);
        let said = &held.document["OS-TRUST:trust"];
        ensure_eq!(said["id"], json!(trust.id));
        ensure_eq!(said["trustor_user"]["id"], json!(parties.trustor.id));
        ensure_eq!(said["trustee_user"]["id"], json!(parties.trustee.id));
        ensure_eq!(said["impersonation"], json!(impersonation));
        let actor = ctx.log_in("trustee", parties.trustee.trusted(&trust.id)).await?;
        ensure_eq!(actor.user_id(), who.id);
        let exchange = json!({
            "identity": { "methods": ["token"], "token": { "id": held.secret() } },
            "scope": on_project(&parties.project),
        });
        ctx.identity().auth_tokens().create(exchange).expect_error(403).await?;
    }
    Ok(())
}

/// Only the trustee is let in by a trust.
#[squall::test(
    id = "identity.sessions.trust-of-another",
    features("identity.trusts"),
    tags(negative)
)]
async fn good_for_the_trustee_alone(ctx: &Context) -> squall::Result {
    let parties = parties(ctx).await?;
    let trust = parties.trust(ctx, json!({})).await?;
    let other = users::create(ctx, json!({})).await?;
    refused(ctx, &other, &trust.id, 403).await?;
    refused(ctx, &parties.trustor, &trust.id, 403).await?;
    opens(ctx, &token(ctx, &parties.trustee, &trust.id).await?).await
}

/// A trust is not made for a role that the trustor lacks, for another trustor, or for a time
/// that is over.
#[squall::test(id = "identity.sessions.trust-refused", features("identity.trusts"), tags(negative))]
async fn not_made_of_what_is_not_there(ctx: &Context) -> squall::Result {
    let parties = parties(ctx).await?;
    let lacked = ctx.create(ctx.identity().roles().create(json!({}))).await?;
    let trusts = parties.actor.identity().trusts();
    for (further, status) in [
        (json!({ "roles": [{ "id": lacked.id }] }), 404),
        (json!({ "roles": [] }), 403),
        (json!({ "trustor_user_id": parties.trustee.id }), 403),
        (json!({ "expires_at": "2020-02-29T12:00:00.000000Z" }), 400),
        (json!({ "remaining_uses": 0 }), 400),
    ] {
        ctx.expect_refusal(status, trusts.create(parties.described(further))).await?;
    }
    Ok(())
}

/// A trust with one use lets its trustee in once.
#[squall::test(id = "identity.sessions.trust-uses", features("identity.trusts"))]
async fn uses_run_out(ctx: &Context) -> squall::Result {
    let parties = parties(ctx).await?;
    let trust = parties.trust(ctx, json!({ "remaining_uses": 1 })).await?;
    token(ctx, &parties.trustee, &trust.id).await?;
    refused(ctx, &parties.trustee, &trust.id, 401).await
}

/// With a deleted trust its tokens end, and no one is let in.
#[squall::test(id = "identity.sessions.trust-deleted", features("identity.trusts"))]
async fn ends_when_it_is_deleted(ctx: &Context) -> squall::Result {
    let parties = parties(ctx).await?;
    let trust = parties.trust(ctx, json!({})).await?;
    let held = token(ctx, &parties.trustee, &trust.id).await?;
    opens(ctx, &held).await?;
    parties.actor.identity().trusts().delete(&trust.id).send().await?;
    is_void(ctx, &held).await?;
    refused(ctx, &parties.trustee, &trust.id, 401).await
}

/// A trust is good for nothing once the trustor has lost the role or is switched off.
#[squall::test(id = "identity.sessions.trust-without-role", features("identity.trusts"))]
async fn ends_with_the_trustors_role(ctx: &Context) -> squall::Result {
    let parties = parties(ctx).await?;
    let trust = parties.trust(ctx, json!({})).await?;
    token(ctx, &parties.trustee, &trust.id).await?;
    let (trustor, project) = (&parties.trustor.id, &parties.project);
    users::withdraw(ctx, trustor, project, &parties.role.1).await?;
    refused(ctx, &parties.trustee, &trust.id, 403).await?;
    users::grant(ctx, trustor, project, &parties.role.1).await?;
    token(ctx, &parties.trustee, &trust.id).await?;
    let off = json!({ "enabled": false });
    ctx.identity().users().update(trustor, off).send().await?;
    refused(ctx, &parties.trustee, &trust.id, 403).await
}

/// A trustee hands a trust on where that is allowed, as often as it says, and with no more than
/// it has; a trust that was handed on ends with the first.
#[squall::test(id = "identity.sessions.trust-handed-on", features("identity.trusts"))]
async fn handed_on(ctx: &Context) -> squall::Result {
    let parties = parties(ctx).await?;
    let third = users::create(ctx, json!({})).await?;
    let on = |further: Value| {
        let mut body = parties.described(further);
        body["trustee_user_id"] = json!(third.id);
        body
    };
    let own = parties.trust(ctx, json!({ "impersonation": true })).await?;
    let kept = ctx.log_in("trustee", parties.trustee.trusted(&own.id)).await?;
    ctx.expect_refusal(403, kept.identity().trusts().create(on(json!({})))).await?;

    let passed = json!({
        "impersonation": true, "allow_redelegation": true, "redelegation_count": 1,
    });
    let first = parties.trust(ctx, passed).await?;
    let trustee = ctx.log_in("trustee", parties.trustee.trusted(&first.id)).await?;
    let trusts = trustee.identity().trusts();
    let more = json!({ "roles": [{ "name": "member" }] });
    ctx.expect_refusal(403, trusts.create(on(more))).await?;
    let second = ctx.create(trusts.create(on(json!({ "impersonation": true })))).await?;
    let shown = &second.value;
    ensure_eq!(shown.redelegated_trust_id.as_deref(), Some(first.id.as_str()));
    ensure_eq!(shown.redelegation_count, Some(0));
    let held = token(ctx, &third, &second.id).await?;
    ensure_eq!(held.document["user"]["id"], json!(parties.trustor.id));
    ensure!(held.roles() == [parties.role.0.as_str()], "{:?}", held.roles());
    ctx.identity().auth_projects().list().with_token(held.secret()).send().await?;
    parties.actor.identity().trusts().delete(&first.id).send().await?;
    is_void(ctx, &held).await?;
    refused(ctx, &third, &second.id, 401).await
}
