//! Keypairs: made by the service or brought along.

use serde_json::json;
use squall::model::Microversion;
use squall::{Context, ensure_eq};

const PUBLIC_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHqk1pjGQ5hoOgq4m2XJ0yD7f0oQ0m1jW3v6bqvFhB0c squall";

/// A generated keypair is returned with its private key only once.
#[squall::test(id = "compute.keypairs.generate", needs(compute >= "2.2"))]
async fn a_made_key_is_private_once(ctx: &Context) -> squall::Result {
    let version = Microversion::new(2, 2);
    let keypairs = ctx.compute().keypairs();
    let made = ctx.create(keypairs.create(json!({})).at(version)).await?;
    let shown = keypairs.show(&made.name).at(version).send().await?;
    ensure_eq!(shown.value.private_key, None);
    ensure_eq!(shown.value.type_.as_deref(), Some("ssh"));
    Ok(())
}

/// An imported public key is shown unchanged.
#[squall::test(id = "compute.keypairs.import", tags(smoke))]
async fn an_imported_key_is_kept(ctx: &Context) -> squall::Result {
    let keypairs = ctx.compute().keypairs();
    let made = ctx.create(keypairs.create(json!({ "public_key": PUBLIC_KEY }))).await?;
    let shown = keypairs.show(&made.name).send().await?;
    let key = shown.body.at("/keypair/public_key").and_then(|k| k.as_str());
    ensure_eq!(key.map(str::trim), Some(PUBLIC_KEY));
    Ok(())
}

/// A deleted keypair is not found.
#[squall::test(id = "compute.keypairs.delete")]
async fn deleted_is_not_found(ctx: &Context) -> squall::Result {
    let keypairs = ctx.compute().keypairs();
    let body = json!({ "public_key": PUBLIC_KEY });
    let made = ctx.create(keypairs.create(body)).await?;
    keypairs.delete(&made.name).send().await?;
    keypairs.show(&made.name).expect_error(404).await?;
    Ok(())
}

/// An invalid public key is refused.
#[squall::test(id = "compute.keypairs.bad-key", tags(negative))]
async fn what_is_no_key_is_refused(ctx: &Context) -> squall::Result {
    let keypairs = ctx.compute().keypairs();
    ctx.expect_refusal(400, keypairs.create(json!({ "public_key": "not a key" }))).await?;
    Ok(())
}

/// A list has the user's own keypairs alone.
#[squall::test(
    id = "compute.keypairs.wrong-user",
    tags(negative),
    identities(member, other = member)
)]
async fn another_user_does_not_see_it(ctx: &Context) -> squall::Result {
    let keypairs = ctx.compute().keypairs();
    let body = json!({ "public_key": PUBLIC_KEY });
    let made = ctx.create(keypairs.create(body)).await?;
    let other = ctx.identity_named("other")?.compute().keypairs();
    for (listed, there) in
        [(keypairs.list().send().await?, true), (other.list().send().await?, false)]
    {
        let all = listed.body.at("/keypairs").and_then(|keypairs| keypairs.as_array());
        let mut names = all.into_iter().flatten().map(|one| &one["keypair"]["name"]);
        ensure_eq!(names.any(|name| *name == made.name), there);
    }
    other.show(&made.name).expect_error(404).await?;
    Ok(())
}
