//! Inventories: what a provider has of each resource class.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Provider, State};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("placement.resource_provider_inventories.list", list),
    ("placement.resource_provider_inventories.create", create),
    ("placement.resource_provider_inventories.replace", replace),
    ("placement.resource_provider_inventories.delete_all", delete_all),
    ("placement.resource_provider_inventories.show", show),
    ("placement.resource_provider_inventories.update", update),
    ("placement.resource_provider_inventories.delete", delete),
];

/// Fills an inventory with what it does not say.
pub(crate) fn complete(given: &Map<String, Value>) -> Map<String, Value> {
    let mut inventory = Map::new();
    for (key, default) in [
        ("total", json!(0)),
        ("reserved", json!(0)),
        ("min_unit", json!(1)),
        ("max_unit", json!(i32::MAX)),
        ("step_size", json!(1)),
        ("allocation_ratio", json!(1.0)),
    ] {
        inventory.insert(key.to_owned(), given.get(key).cloned().unwrap_or(default));
    }
    inventory
}

fn all(provider: &Provider) -> Value {
    json!({
        "inventories": provider.inventories,
        "resource_provider_generation": provider.generation,
    })
}

fn one(provider: &Provider, class: &str) -> Result<Value, Fault> {
    let mut body = provider.inventories.get(class).cloned().ok_or_else(|| {
        Fault::not_found(format!("No inventory of class {class} for {}", provider.uuid))
    })?;
    body.insert("resource_provider_generation".to_owned(), json!(provider.generation));
    Ok(Value::Object(body))
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(Reply::json(200, all(world.placement.provider(context.id())?)))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let provider = world.placement.provider(context.id())?;
    Ok(Reply::json(200, one(provider, context.parameter(1))?))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let class = context.json["resource_class"].as_str().unwrap_or_default();
    known(&world.placement, class)?;
    let provider = world.placement.at_generation(context.id(), &context.json)?;
    if provider.inventories.contains_key(class) {
        return Err(Fault::conflict(format!("Inventory of {class} exists already.")));
    }
    set(provider, class, &context.json);
    let provider_url = format!("{}/placement/resource_providers/{}", context.base, provider.uuid);
    let location = format!("{provider_url}/inventories/{class}");
    Ok(Reply::json(201, one(provider, class)?).header("location", location))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let class = context.parameter(1);
    known(&world.placement, class)?;
    let provider = world.placement.at_generation(context.id(), &context.json)?;
    if !provider.inventories.contains_key(class) {
        return Err(Fault::bad_request(format!(
            "No inventory record with resource class {class}."
        )));
    }
    set(provider, class, &context.json);
    Ok(Reply::json(200, one(provider, class)?))
}

fn replace(world: &mut World, context: &RequestContext) -> Outcome {
    let empty = Map::new();
    let given = context.json["inventories"].as_object().unwrap_or(&empty);
    for class in given.keys() {
        known(&world.placement, class)?;
    }
    let in_use = world.placement.used(context.id());
    if let Some(class) = in_use.keys().find(|class| !given.contains_key(*class)) {
        return Err(used(class, context.id(), "update conflict: "));
    }
    let provider = world.placement.at_generation(context.id(), &context.json)?;
    let inventories = given
        .iter()
        .filter_map(|(class, inventory)| Some((class.clone(), complete(inventory.as_object()?))));
    provider.inventories = inventories.collect::<BTreeMap<_, _>>();
    provider.generation += 1;
    Ok(Reply::json(200, all(provider)))
}

fn delete_all(world: &mut World, context: &RequestContext) -> Outcome {
    if let Some(class) = world.placement.used(context.id()).keys().next() {
        return Err(used(class, context.id(), ""));
    }
    let provider = world.placement.provider_mut(context.id())?;
    provider.inventories.clear();
    provider.generation += 1;
    Ok(Reply::empty(204))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let class = context.parameter(1);
    if world.placement.used(context.id()).contains_key(class) {
        return Err(used(class, context.id(), ""));
    }
    let provider = world.placement.provider_mut(context.id())?;
    one(provider, class)?;
    provider.inventories.remove(class);
    provider.generation += 1;
    Ok(Reply::empty(204))
}

fn set(provider: &mut Provider, class: &str, body: &Value) {
    if let Some(given) = body.as_object() {
        provider.inventories.insert(class.to_owned(), complete(given));
        provider.generation += 1;
    }
}

fn known(state: &State, class: &str) -> Result<(), Fault> {
    if state.classes.contains(class) {
        Ok(())
    } else {
        Err(Fault::bad_request(format!("Unknown resource class in inventory: {class}")))
    }
}

fn used(class: &str, provider: &str, lead: &str) -> Fault {
    Fault::conflict(format!(
        "{lead}Inventory for '{class}' on resource provider '{provider}' in use."
    ))
    .word("placement.inventory.inuse")
}
