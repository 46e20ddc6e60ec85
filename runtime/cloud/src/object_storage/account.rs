//! Accounts: their metadata, their containers, and what the store can do.

use serde_json::json;

use super::listing::{self, Entry};
use super::{Account, metadata};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("object_storage.accounts.check", check),
    ("object_storage.accounts.update", update),
    ("object_storage.accounts.delete", delete),
    ("object_storage.containers.list", list),
    ("object_storage.info.show", info),
];

const PREFIXES: [&str; 1] = ["x-account-meta-"];

fn check(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(described(Reply::empty(204), world.object_storage.account(context)))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let account = world.object_storage.account(context);
    metadata::merge(&mut account.metadata, &context.headers, &PREFIXES);
    Ok(Reply::empty(204))
}

/// Refuses, as a store does that is not told to let accounts go.
fn delete(_: &mut World, _: &RequestContext) -> Outcome {
    Err(Fault::new(405, "The method is not allowed for this resource."))
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let account = world.object_storage.account(context);
    let entries = account.containers.iter().map(|(name, container)| Entry {
        name: name.clone(),
        details: Some(json!({
            "name": name,
            "count": container.objects.len(),
            "bytes": container.bytes(),
            "last_modified": listing::time(container.modified),
        })),
    });
    let reply = listing::answer(entries.collect(), context)?;
    Ok(described(reply, account))
}

fn info(_: &mut World, _: &RequestContext) -> Outcome {
    Ok(Reply::json(
        200,
        json!({ "swift": {
            "version": env!("CARGO_PKG_VERSION"),
            "max_file_size": 5_368_709_122_u64,
            "account_listing_limit": 10_000,
            "container_listing_limit": 10_000,
            "max_container_name_length": 256,
            "max_object_name_length": 1024,
        }}),
    ))
}

fn described(reply: Reply, account: &Account) -> Reply {
    let objects: usize = account.containers.values().map(|c| c.objects.len()).sum();
    let bytes: usize = account.containers.values().map(super::Container::bytes).sum();
    metadata::write(reply, &account.metadata)
        .header("x-account-container-count", account.containers.len().to_string())
        .header("x-account-object-count", objects.to_string())
        .header("x-account-bytes-used", bytes.to_string())
}
