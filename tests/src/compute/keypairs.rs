//! Keypairs: made by the service or brought along.

use serde_json::json;
use squall::model::Microversion;
use squall::scenario::servers;
use squall::{Context, ensure, ensure_eq, kinds};

/// Until 2.91 the service generates keys.
const GENERATED: Microversion = Microversion::new(2, 2);
/// From this version on an admin names another user.
const USERS: Microversion = Microversion::new(2, 10);

const PUBLIC_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHqk1pjGQ5hoOgq4m2XJ0yD7f0oQ0m1jW3v6bqvFhB0c squall";

/// A generated keypair is returned with its private key only once; its public half and its
/// fingerprint stay.
#[squall::test(id = "compute.keypairs.generate", needs(compute >= "2.2"))]
async fn a_made_key_is_private_once(ctx: &Context) -> squall::Result {
    let keypairs = ctx.compute().keypairs();
    let made = ctx.create(keypairs.create(json!({})).at(GENERATED)).await?;
    let private = made.private_key.as_deref().unwrap_or_default();
    ensure!(
        private.starts_with("-----BEGIN ") && private.trim_end().ends_with("PRIVATE KEY-----"),
        "no private key was generated"
    );
    ensure!(made.public_key.starts_with("ssh-"), "no public key");
    let shown = keypairs.show(&made.name).at(GENERATED).send().await?;
    ensure_eq!(shown.value.private_key, None);
    ensure_eq!(shown.value.type_.as_deref(), Some("ssh"));
    ensure_eq!(shown.value.public_key, made.public_key);
    ensure_eq!(shown.value.fingerprint, made.fingerprint);
    let other = ctx.create(keypairs.create(json!({})).at(GENERATED)).await?;
    ensure!(other.public_key != made.public_key, "two keys are the same");
    ensure!(other.private_key != made.private_key, "two private keys are the same");
    ensure!(other.fingerprint != made.fingerprint, "two fingerprints are the same");
    Ok(())
}

/// A user has one keypair of a name; the first one stays.
#[squall::test(id = "compute.keypairs.twice", tags(negative))]
async fn a_name_is_taken_once(ctx: &Context) -> squall::Result {
    const OTHER: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJWFVKxgsYetLXv6VEpDkkJGQPInMW7D1VuFOSAIDVnB other";
    let keypairs = ctx.compute().keypairs();
    let made = ctx.create(keypairs.create(json!({ "public_key": PUBLIC_KEY }))).await?;
    ctx.expect_refusal_named(&kinds::compute::KEYPAIR, 409, |name| {
        // The name is taken, so that the one to clean up by stands in the key's comment.
        let key = format!("{OTHER}-{name}");
        keypairs.create(json!({ "name": made.name, "public_key": key }))
    })
    .await?;
    let shown = keypairs.show(&made.name).send().await?;
    ensure_eq!(shown.value.public_key.trim(), PUBLIC_KEY);
    Ok(())
}

/// From 2.10 on an admin creates, lists and deletes another user's keypairs.
#[squall::test(
    id = "compute.keypairs.other-user",
    needs(compute >= "2.10"),
    identities(member, other = member)
)]
async fn an_admin_acts_for_another_user(ctx: &Context) -> squall::Result {
    let (own, admin) = (ctx.compute().keypairs(), ctx.admin().compute().keypairs());
    let other = ctx.identity_named("other")?.compute().keypairs();
    let user = ctx.actor().user_id();
    let body = json!({ "public_key": PUBLIC_KEY, "user_id": user });
    ctx.expect_refusal(403, other.create(body.clone()).at(USERS)).await?;
    let made = ctx.create(admin.create(body).at(USERS)).await?;
    let shown = own.show(&made.name).at(USERS).send().await?;
    ensure_eq!(shown.value.user_id, user);
    admin.show(&made.name).at(USERS).expect_error(404).await?;
    let listed = admin.list().query("user_id", user).at(USERS).send().await?;
    let names = listed.body.at("/keypairs").and_then(|all| all.as_array());
    let mut names = names.into_iter().flatten().map(|one| &one["keypair"]["name"]);
    ensure!(names.any(|name| *name == made.name), "the admin does not see it");
    other.list().query("user_id", user).at(USERS).expect_error(403).await?;
    admin.delete(&made.name).query("user_id", user).at(USERS).send().await?;
    own.show(&made.name).at(USERS).expect_error(404).await?;
    Ok(())
}

/// A keypair that a server was created with is deleted, and no other server gets it.
#[squall::test(id = "compute.keypairs.in-use", needs(compute >= "2.37", image))]
async fn a_server_does_not_keep_a_keypair(ctx: &Context) -> squall::Result {
    let keypairs = ctx.compute().keypairs();
    let made = ctx.create(keypairs.create(json!({ "public_key": PUBLIC_KEY }))).await?;
    let server = servers::boot(ctx, json!({ "key_name": made.name })).await?;
    keypairs.delete(&made.name).send().await?;
    keypairs.show(&made.name).expect_error(404).await?;
    let shown = ctx.compute().servers().show(&server.id).send().await?;
    ensure_eq!(shown.value.key_name.as_deref(), Some(made.name.as_str()));
    let another = json!({
        "flavorRef": servers::smallest_flavor(ctx).await?,
        "imageRef": servers::public_image(ctx).await?,
        "networks": "none",
        "key_name": made.name,
    });
    ctx.expect_refusal(400, ctx.compute().servers().create(another)).await?;
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
