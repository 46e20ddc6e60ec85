//! Key pairs: they belong to a user, and are found by name.

use md5::{Digest as _, Md5};
use serde_json::{Value, json};

use super::collection::paged;
use super::policy::user;
use super::quotas;
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::{required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.keypairs.list", list),
    ("compute.keypairs.create", create),
    ("compute.keypairs.show", show),
    ("compute.keypairs.delete", delete),
];

/// A key pair.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Keypair {
    pub(crate) number: u64,
    pub(crate) name: String,
    pub(crate) user: String,
    kind: String,
    public_key: String,
    fingerprint: String,
    created: String,
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let user = user(context);
    let mut kept: Vec<&Keypair> =
        world.compute.keypairs.values().filter(|pair| pair.user == user).collect();
    kept.sort_by(|a, b| a.name.cmp(&b.name));
    let shown = |pair: &&Keypair| json!({ "keypair": brief(pair, context) });
    let body = if context.since(35) {
        paged("keypairs", "keypairs_links", kept, |pair| pair.name.as_str(), shown, context)?
    } else {
        json!({ "keypairs": kept.iter().map(shown).collect::<Vec<_>>() })
    };
    Ok(Reply::json(200, body))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("keypair")?;
    let name = required(body, "name")?.trim().to_owned();
    let user = user(context).to_owned();
    if world.compute.keypairs.contains(&key(&user, &name)) {
        return Err(Fault::conflict(format!("Key pair '{name}' already exists.")));
    }
    let own = world.compute.keypairs.values().filter(|pair| pair.user == user).count() as u64;
    quotas::one_more(world, context.project(), ("key_pairs", "key pairs"), own)?;
    let kind = Some(text(body, "type")).filter(|kind| !kind.is_empty()).unwrap_or("ssh");
    let mut private_key = None;
    let public_key = match text(body, "public_key") {
        "" if context.since(92) => {
            return Err(Fault::bad_request("'public_key' is a required property"));
        }
        "" => {
            // Nothing can be opened with it: it has the form of a key alone.
            private_key = Some(format!(
                "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----\n",
                crate::ids::secret()
            ));
            format!("ssh-rsa {} Generated-by-Nova", world.ids.word(64))
        }
        given if kind == "ssh" && !looks_like_a_key(given) => {
            return Err(Fault::bad_request(
                "Keypair data is invalid: failed to generate fingerprint",
            ));
        }
        given => given.to_owned(),
    };
    let digest = Md5::digest(public_key.as_bytes());
    let fingerprint = digest.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":");
    let pair = Keypair {
        number: world.ids.serial(),
        name: name.clone(),
        user: user.clone(),
        kind: kind.to_owned(),
        public_key,
        fingerprint,
        created: world.stamp(Stamp::MicrosBare),
    };
    let mut shown = brief(&pair, context);
    shown["user_id"] = json!(user);
    if let Some(private_key) = private_key {
        shown["private_key"] = json!(private_key);
    }
    world.compute.keypairs.insert(key(&user, &name), pair);
    Ok(Reply::json(if context.since(2) { 201 } else { 200 }, json!({ "keypair": shown })))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let pair = find(world, user(context), context.id())?;
    let mut shown = brief(pair, context);
    for (key, value) in [
        ("user_id", json!(pair.user)),
        ("id", json!(pair.number)),
        ("created_at", json!(pair.created)),
        ("deleted", json!(false)),
        ("deleted_at", Value::Null),
        ("updated_at", Value::Null),
    ] {
        shown[key] = value;
    }
    Ok(Reply::json(200, json!({ "keypair": shown })))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let user = user(context);
    find(world, user, context.id())?;
    world.compute.keypairs.remove(&key(user, context.id()));
    Ok(Reply::empty(if context.since(2) { 204 } else { 202 }))
}

/// Finds a user's key pair by name.
pub(crate) fn find<'a>(world: &'a World, user: &str, name: &str) -> Result<&'a Keypair, Fault> {
    world
        .compute
        .keypairs
        .get(&key(user, name))
        .ok_or_else(|| Fault::not_found(format!("Keypair {name} not found for user {user}")))
}

fn key(user: &str, name: &str) -> String {
    format!("{user}/{name}")
}

fn brief(pair: &Keypair, context: &RequestContext) -> Value {
    let mut out = json!({
        "name": pair.name, "public_key": pair.public_key, "fingerprint": pair.fingerprint,
    });
    if context.since(2) {
        out["type"] = json!(pair.kind);
    }
    out
}

/// Whether a text has the form of a public key: an algorithm, then what
/// base64 takes for bytes.
fn looks_like_a_key(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let algorithm = words.next().unwrap_or_default();
    let is_base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    ["ssh-", "ecdsa-", "sk-"].iter().any(|start| algorithm.starts_with(start))
        && words.next().is_some_and(|key| key.len() >= 32 && key.bytes().all(is_base64))
}
