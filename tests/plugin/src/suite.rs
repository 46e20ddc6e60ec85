//! Tests of the key ring.

use squall::model::Microversion;
use squall::{Context, ensure, ensure_eq};

use crate::client::{KeyRing, NewKey, NewRing, Ring, RingChange};

/// The key ring.
#[squall::suite(id = "key_ring.keys", needs("key-ring" >= "1.1"), identities(member))]
pub struct Keys;

fn key_ring(ctx: &Context) -> KeyRing {
    KeyRing::of(ctx.actor().session())
}

async fn ring(ctx: &Context) -> squall::Result<Ring> {
    Ok(ctx.create(key_ring(ctx).create_ring(&NewRing::default())).await?.value)
}

fn new_key() -> NewKey {
    NewKey { public_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5".to_owned(), ..NewKey::default() }
}

/// A ring is open, listed and can be described.
#[squall::test(id = "key_ring.keys.ring")]
async fn a_ring_is_open(ctx: &Context) -> squall::Result {
    let rings = key_ring(ctx);
    let ring = ring(ctx).await?;
    ensure_eq!(ring.status, "open");
    let change = RingChange { description: "for the shed".to_owned() };
    let changed = rings.update_ring(&ring.id, &change).send().await?.value;
    ensure_eq!(changed.description, Some(change.description));
    let listed = rings.list_rings(Some(&ring.name)).all().await?;
    ensure_eq!(listed.iter().map(|other| &other.id).collect::<Vec<_>>(), [&ring.id]);
    Ok(())
}

/// A key on a ring is shown and listed.
#[squall::test(id = "key_ring.keys.life")]
async fn a_key_hangs_on_its_ring(ctx: &Context) -> squall::Result {
    let keys = key_ring(ctx);
    let ring = ring(ctx).await?;
    let made = ctx.create(keys.create_key(&ring.id, &new_key())).await?;
    let shown = keys.show_key(&ring.id, &made.id).send().await?.value;
    ensure_eq!(shown, made.value);
    ensure!(!shown.fingerprint.is_empty(), "the service computes a fingerprint");
    ensure_eq!(keys.list_keys(&ring.id).send().await?.value, [shown]);
    Ok(())
}

/// What is no public key is refused.
#[squall::test(id = "key_ring.keys.refused")]
async fn what_is_no_key_is_refused(ctx: &Context) -> squall::Result {
    let ring = ring(ctx).await?;
    let wrong = NewKey { public_key: "none".to_owned(), ..NewKey::default() };
    ctx.expect_refusal(400, key_ring(ctx).create_key(&ring.id, &wrong)).await?;
    Ok(())
}

/// A key shows its algorithm from 1.1 on.
#[squall::test(id = "key_ring.keys.algorithm")]
async fn a_key_shows_its_algorithm(ctx: &Context) -> squall::Result {
    let keys = key_ring(ctx);
    let ring = ring(ctx).await?;
    let made = ctx.create(keys.create_key(&ring.id, &new_key())).await?;
    let early = keys.show_key(&ring.id, &made.id).at(Microversion::new(1, 0)).send().await?;
    ensure_eq!(early.value.algorithm, None);
    let late = keys.show_key(&ring.id, &made.id).send().await?;
    ensure_eq!(late.version, Some(Microversion::new(1, 2)), "the newest that both support");
    ensure_eq!(late.value.algorithm.as_deref(), Some("ssh-ed25519"));
    Ok(())
}

/// An unknown ring has no keys.
#[squall::test(id = "key_ring.keys.unknown")]
async fn an_unknown_ring_is_not_found(ctx: &Context) -> squall::Result {
    key_ring(ctx).list_keys("never-made").expect_error(404).await?;
    Ok(())
}
