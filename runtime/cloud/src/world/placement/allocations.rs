//! Allocations: what a consumer uses of which provider.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Amounts, Consumer, State};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("placement.allocations.show", show),
    ("placement.allocations.update", update),
    ("placement.allocations.create", create),
    ("placement.allocations.delete", delete),
    ("placement.resource_provider_allocations.list", list),
];

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.placement;
    let Some(consumer) = state.consumers.get(context.id()) else {
        return Ok(Reply::json(200, json!({ "allocations": {} })));
    };
    let allocations: BTreeMap<&String, Value> = consumer
        .allocations
        .iter()
        .map(|(uuid, amounts)| {
            let generation = state.providers.get(uuid).map_or(0, |p| p.generation);
            (uuid, json!({ "resources": amounts, "generation": generation }))
        })
        .collect();
    let mut body = json!({ "allocations": allocations });
    if context.since(12) {
        body["project_id"] = json!(consumer.project);
        body["user_id"] = json!(consumer.user);
    }
    if context.since(28) {
        body["consumer_generation"] = json!(consumer.generation);
    }
    if context.since(38) {
        body["consumer_type"] = json!(consumer.kind);
    }
    Ok(Reply::json(200, body))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    claim(&mut world.placement, context.id(), &context.json, context)?;
    Ok(Reply::empty(204))
}

/// Writes the allocations of several consumers, all or none.
fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let before = world.placement.consumers.clone();
    for (consumer, body) in context.json.as_object().into_iter().flatten() {
        if let Err(fault) = claim(&mut world.placement, consumer, body, context) {
            world.placement.consumers = before;
            return Err(fault);
        }
    }
    Ok(Reply::empty(204))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    if world.placement.consumers.remove(id).is_none() {
        return Err(Fault::not_found(format!("No allocations for consumer '{id}'")));
    }
    Ok(Reply::empty(204))
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let provider = world.placement.provider(context.id())?;
    let allocations: BTreeMap<&String, Value> = world
        .placement
        .consumers
        .iter()
        .filter_map(|(id, consumer)| Some((id, consumer, consumer.allocations.get(context.id())?)))
        .map(|(id, consumer, amounts)| {
            let mut entry = json!({ "resources": amounts });
            if context.since(28) {
                entry["consumer_generation"] = json!(consumer.generation);
            }
            (id, entry)
        })
        .collect();
    let generation = provider.generation;
    Ok(Reply::json(
        200,
        json!({ "allocations": allocations, "resource_provider_generation": generation }),
    ))
}

/// Replaces what a consumer uses, if there is room for it.
fn claim(state: &mut State, id: &str, body: &Value, context: &RequestContext) -> Result<(), Fault> {
    let before = state.consumers.remove(id);
    let generation = before.as_ref().map_or(0, |consumer| consumer.generation);
    let outcome = replaced(state, body, before.as_ref(), context);
    match outcome {
        Ok(allocations) if allocations.is_empty() => Ok(()),
        Ok(allocations) => {
            let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
            let consumer = Consumer {
                project: text("project_id"),
                user: text("user_id"),
                kind: text("consumer_type"),
                generation: generation + 1,
                allocations,
            };
            state.consumers.insert(id.to_owned(), consumer);
            Ok(())
        }
        Err(fault) => {
            state.consumers.extend(before.map(|consumer| (id.to_owned(), consumer)));
            Err(fault)
        }
    }
}

fn replaced(
    state: &State,
    body: &Value,
    before: Option<&Consumer>,
    context: &RequestContext,
) -> Result<BTreeMap<String, Amounts>, Fault> {
    let known = body.get("consumer_generation").and_then(Value::as_u64);
    if context.since(28) && known != before.map(|consumer| consumer.generation) {
        return Err(
            Fault::conflict("consumer generation conflict").word("placement.concurrent_update")
        );
    }
    let allocations = read(&body["allocations"]);
    for (uuid, amounts) in &allocations {
        let provider = state.providers.get(uuid).ok_or_else(|| {
            Fault::bad_request(format!(
                "Allocation for resource provider '{uuid}' that does not exist."
            ))
        })?;
        let used = state.used(uuid);
        for (class, amount) in amounts {
            let taken = used.get(class).copied().unwrap_or_default();
            if taken + amount > provider.capacity(class) {
                return Err(Fault::conflict(format!(
                    "Unable to allocate inventory: {class} on resource provider '{uuid}'."
                )));
            }
        }
    }
    Ok(allocations)
}

/// Reads allocations: a list up to 1.11, an object by provider from 1.12 on.
fn read(value: &Value) -> BTreeMap<String, Amounts> {
    let amounts = |entry: &Value| -> Amounts {
        let resources = entry["resources"].as_object().into_iter().flatten();
        resources.filter_map(|(class, amount)| Some((class.clone(), amount.as_u64()?))).collect()
    };
    match value {
        Value::Array(list) => list
            .iter()
            .filter_map(|entry| {
                let uuid = entry["resource_provider"]["uuid"].as_str()?;
                Some((uuid.to_owned(), amounts(entry)))
            })
            .collect(),
        Value::Object(map) => map.iter().map(|(uuid, e)| (uuid.clone(), amounts(e))).collect(),
        _ => BTreeMap::new(),
    }
}
