//! Tests of the key ring.

use squall::model::Microversion;
use squall::{Context, ensure_eq};

use crate::key_ring::{Algorithm, KeyRing, NewKey};

/// The key ring.
#[squall::suite(id = "key_ring.keys", needs(compute >= "2.35"), identities(member))]
pub struct Keys;

fn key_ring(ctx: &Context) -> KeyRing {
    KeyRing::of(ctx.actor().session())
}

/// A stored key is shown and listed.
#[squall::test(id = "key_ring.keys.life")]
async fn a_stored_key_is_there(ctx: &Context) -> squall::Result {
    let keys = key_ring(ctx);
    let made = ctx.create(keys.create_key(&NewKey::default())).await?;
    ensure_eq!(made.value.private_key.is_some(), true, "the service generated the key");
    let shown = keys.show_key(&made.name).send().await?.value;
    ensure_eq!((shown.name, shown.fingerprint), (made.value.name, made.value.fingerprint));
    ensure_eq!(shown.public_key.is_empty(), false, "the public key is stored");
    let listed = keys.list_keys(Some(100), None).send().await?.value;
    ensure_eq!(listed.iter().any(|entry| entry.keypair.name == made.name), true, "it is listed");
    Ok(())
}

/// A key shows its algorithm from 2.2 on.
#[squall::test(id = "key_ring.keys.algorithm")]
async fn a_key_says_what_it_is_good_for(ctx: &Context) -> squall::Result {
    let keys = key_ring(ctx);
    let made = ctx.create(keys.create_key(&NewKey::default())).await?;
    let early = keys.show_key(&made.name).at(Microversion::new(2, 1)).send().await?;
    ensure_eq!(early.value.algorithm, None);
    let late = keys.show_key(&made.name).send().await?;
    ensure_eq!(late.version, Some(Microversion::new(2, 90)), "the newest version that the client supports");
    ensure_eq!(late.value.algorithm, Some(Algorithm::Ssh));
    Ok(())
}

/// An unknown key is not found.
#[squall::test(id = "key_ring.keys.unknown")]
async fn an_unknown_key_is_not_found(ctx: &Context) -> squall::Result {
    key_ring(ctx).show_key("never-stored").expect_error(404).await?;
    Ok(())
}
