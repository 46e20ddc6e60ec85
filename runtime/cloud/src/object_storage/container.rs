//! Containers: made, described, listed, and deleted when they are empty.

use serde_json::json;

use super::listing::{self, Entry};
use super::{Container, metadata, not_found};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("object_storage.containers.check", check),
    ("object_storage.containers.create", create),
    ("object_storage.containers.update", update),
    ("object_storage.containers.delete", delete),
    ("object_storage.objects.list", list),
];

const MAX_NAME: usize = 256;
const PREFIXES: [&str; 3] = ["x-container-meta-", "x-container-read", "x-container-write"];

fn check(world: &mut World, context: &RequestContext) -> Outcome {
    let container = world.object_storage.container(context)?;
    Ok(described(Reply::empty(204), container))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let name = context.parameter(0);
    if name.len() > MAX_NAME {
        let length = name.len();
        return Err(Fault::bad_request(format!(
            "Container name length of {length} longer than {MAX_NAME}"
        )));
    }
    let now = world.clock.now();
    let account = world.object_storage.account(context);
    let reply = if account.containers.contains_key(name) {
        super::object::accepted()
    } else {
        Reply::empty(201)
    };
    let container = account.containers.entry(name.to_owned()).or_insert_with(|| Container {
        metadata: metadata::Metadata::new(),
        objects: std::collections::BTreeMap::new(),
        modified: now,
    });
    metadata::merge(&mut container.metadata, &context.headers, &PREFIXES);
    Ok(reply)
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let container = world.object_storage.container(context)?;
    metadata::merge(&mut container.metadata, &context.headers, &PREFIXES);
    Ok(Reply::empty(204))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    if !world.object_storage.container(context)?.objects.is_empty() {
        return Err(Fault::conflict("There was a conflict when trying to complete your request."));
    }
    let account = world.object_storage.account(context);
    account.containers.remove(context.parameter(0)).ok_or_else(not_found)?;
    Ok(Reply::empty(204))
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let container = world.object_storage.container(context)?;
    let entries = container.objects.iter().map(|(name, object)| Entry {
        name: name.clone(),
        details: Some(json!({
            "name": name,
            "hash": object.etag,
            "bytes": object.data.len(),
            "content_type": object.content_type,
            "last_modified": listing::time(object.modified),
        })),
    });
    let reply = listing::answer(entries.collect(), context)?;
    Ok(described(reply, container))
}

fn described(reply: Reply, container: &Container) -> Reply {
    metadata::write(reply, &container.metadata)
        .header("x-container-object-count", container.objects.len().to_string())
        .header("x-container-bytes-used", container.bytes().to_string())
}
