//! Accounts: their metadata, and their containers.

use serde_json::json;

use super::listing::{self, Entry};
use super::{Account, metadata, quota};
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
];

const PREFIXES: [&str; 1] = ["x-account-meta-"];

fn check(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(described(Reply::empty(204), world.object_storage.account(context)))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    quota::check_account(context)?;
    let account = world.object_storage.account(context);
    metadata::merge(&mut account.metadata, &context.headers, &PREFIXES);
    Ok(Reply::empty(204))
}

/// Refuses, as swift does unless `allow_account_management` is set.
fn delete(_: &mut World, _: &RequestContext) -> Outcome {
    Err(Fault::new(405, "The method is not allowed for this resource."))
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let account = world.object_storage.account(context);
    let entries = account.containers.iter().map(|(name, container)| {
        Entry::new(name, move || {
            json!({
                "name": name,
                "count": container.objects.len(),
                "bytes": container.bytes(),
                "last_modified": listing::time(container.modified),
            })
        })
    });
    let reply = listing::answer(entries.collect(), context)?;
    Ok(described(reply, account))
}

fn described(reply: Reply, account: &Account) -> Reply {
    let objects: usize = account.containers.values().map(|c| c.objects.len()).sum();
    metadata::write(reply, &account.metadata)
        .header("x-account-container-count", account.containers.len().to_string())
        .header("x-account-object-count", objects.to_string())
        .header("x-account-bytes-used", account.bytes().to_string())
}
