//! Accounts: their metadata, and their containers.

use serde_json::json;

use super::listing::{self, Entry};
use super::stamp::timestamp;
use super::xml::Of;
use super::{Account, POLICY, metadata, place, quota};
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

const PREFIXES: [&str; 2] = ["x-account-meta-", "x-account-quota-"];

fn check(world: &mut World, context: &RequestContext) -> Outcome {
    let reply = listing::head(context)?;
    Ok(described(reply, world.object_storage.account(context)))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    quota::check_account(context)?;
    let account = world.object_storage.account(context);
    metadata::merge(&mut account.metadata, &quota::of_account(&context.headers), &PREFIXES);
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
                "storage_policy": POLICY,
            })
        })
    });
    let name = format!("AUTH_{}", place::account(context));
    let reply = listing::answer(entries.collect(), Of::Account(&name), context)?;
    Ok(described(reply, account))
}

fn described(reply: Reply, account: &Account) -> Reply {
    let objects: usize = account.containers.values().map(|c| c.objects.len()).sum();
    let counts = [
        ("container-count", account.containers.len()),
        ("object-count", objects),
        ("bytes-used", account.bytes()),
    ];
    let reply = metadata::write(reply, &account.metadata)
        .header("x-timestamp", timestamp(account.created))
        .header("accept-ranges", "bytes");
    let of_policy = format!("storage-policy-{}-", POLICY.to_ascii_lowercase());
    // An account without containers uses no policy (`AccountBroker.get_policy_stats`).
    let parts = if account.containers.is_empty() { vec![""] } else { vec!["", &of_policy] };
    parts.into_iter().flat_map(|part| counts.map(|(name, count)| (part, name, count))).fold(
        reply,
        |reply, (part, name, count)| {
            reply.header(format!("x-account-{part}{name}"), count.to_string())
        },
    )
}
