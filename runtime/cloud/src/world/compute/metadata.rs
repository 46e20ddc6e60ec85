//! The metadata of servers.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::quotas;
use super::server::{find, find_mut, in_state};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.server_metadata.list", list),
    ("compute.server_metadata.create", create),
    ("compute.server_metadata.replace", replace),
    ("compute.server_metadata.show", show),
    ("compute.server_metadata.update", update),
    ("compute.server_metadata.delete", delete),
];

/// The states in which metadata change (`nova.compute.api.API.update_instance_metadata`).
const CHANGEABLE: &[&str] = &["active", "paused", "suspended", "stopped"];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    Ok(Reply::json(200, json!({ "metadata": server.metadata })))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let mut items = find(&world.compute, context.id(), context)?.metadata.clone();
    items.extend(read(context.json.get("metadata")));
    set(world, items, context)?;
    list(world, context)
}

fn replace(world: &mut World, context: &RequestContext) -> Outcome {
    set(world, read(context.json.get("metadata")), context)?;
    list(world, context)
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let key = context.parameter(1);
    let server = find(&world.compute, context.id(), context)?;
    let value = server.metadata.get(key).ok_or_else(missing)?;
    Ok(Reply::json(200, json!({ "meta": { key: value } })))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let given = read(context.json.get("meta"));
    if !given.contains_key(context.parameter(1)) {
        return Err(Fault::bad_request("Request body and URI mismatch"));
    }
    let mut items = find(&world.compute, context.id(), context)?.metadata.clone();
    items.extend(given);
    set(world, items, context)?;
    show(world, context)
}

/// Writes all of a server's metadata, if it is not too much.
fn set(
    world: &mut World,
    items: BTreeMap<String, String>,
    context: &RequestContext,
) -> Result<(), Fault> {
    let server = find_mut(&mut world.compute, context.id(), context)?;
    in_state(server, "update metadata", CHANGEABLE)?;
    quotas::metadata(world, &items, context)?;
    find_mut(&mut world.compute, context.id(), context)?.metadata = items;
    Ok(())
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find_mut(&mut world.compute, context.id(), context)?;
    let key = context.parameter(1);
    server.metadata.contains_key(key).then_some(()).ok_or_else(missing)?;
    in_state(server, "delete metadata", CHANGEABLE)?;
    server.metadata.remove(key);
    Ok(Reply::empty(204))
}

/// Reads an object of texts.
pub(crate) fn read(value: Option<&Value>) -> BTreeMap<String, String> {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

fn missing() -> Fault {
    Fault::not_found("Metadata item was not found")
}
