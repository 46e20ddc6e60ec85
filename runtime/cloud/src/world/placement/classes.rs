//! Resource classes: the names of what is counted.

use serde_json::{Value, json};

use super::State;
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("placement.resource_classes.list", list),
    ("placement.resource_classes.create", create),
    ("placement.resource_classes.show", show),
    ("placement.resource_classes.update", update),
    ("placement.resource_classes.delete", delete),
];

/// The classes that every deployment knows, the more common of them.
pub(crate) const STANDARD: [&str; 8] = [
    "DISK_GB",
    "IPV4_ADDRESS",
    "MEMORY_MB",
    "NUMA_SOCKET",
    "PCI_DEVICE",
    "SRIOV_NET_VF",
    "VCPU",
    "VGPU",
];

fn view(name: &str) -> Value {
    let href = format!("/placement/resource_classes/{name}");
    json!({ "name": name, "links": [{ "rel": "self", "href": href }] })
}

fn list(world: &mut World, _: &RequestContext) -> Outcome {
    let classes: Vec<Value> = world.placement.classes.iter().map(|name| view(name)).collect();
    Ok(Reply::json(200, json!({ "resource_classes": classes })))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let name = context.json["name"].as_str().unwrap_or_default();
    if !world.placement.classes.insert(name.to_owned()) {
        return Err(Fault::conflict(format!("Conflicting resource class already exists: {name}")));
    }
    Ok(Reply::empty(201).header("location", location(context, name)))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    known(&world.placement, context.id())?;
    Ok(Reply::json(200, view(context.id())))
}

/// Renames up to 1.6; from 1.7 on it makes sure that the class is there.
fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let name = context.id();
    if context.since(7) {
        let status = if world.placement.classes.insert(name.to_owned()) { 201 } else { 204 };
        return Ok(Reply::empty(status).header("location", location(context, name)));
    }
    custom(&world.placement, name)?;
    let new = context.json["name"].as_str().unwrap_or_default();
    world.placement.classes.remove(name);
    world.placement.classes.insert(new.to_owned());
    Ok(Reply::json(200, view(new)))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let name = context.id();
    custom(&world.placement, name)?;
    if world.placement.providers.values().any(|p| p.inventories.contains_key(name)) {
        return Err(Fault::conflict(format!(
            "Error in delete resource class: Cannot delete resource class {name}. Class is in use in inventory."
        )));
    }
    world.placement.classes.remove(name);
    Ok(Reply::empty(204))
}

fn known(state: &State, name: &str) -> Result<(), Fault> {
    if state.classes.contains(name) {
        Ok(())
    } else {
        Err(Fault::not_found(format!("No such resource class: {name}")))
    }
}

fn custom(state: &State, name: &str) -> Result<(), Fault> {
    known(state, name)?;
    if STANDARD.contains(&name) {
        return Err(Fault::bad_request(format!("Cannot change standard resource class {name}.")));
    }
    Ok(())
}

fn location(context: &RequestContext, name: &str) -> String {
    format!("{}/placement/resource_classes/{name}", context.base)
}
