//! Host aggregates.

use serde_json::{Value, json};

use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::{Document, document, required, text};
use crate::fault::Fault;
use crate::names::HOST;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.aggregates.list", list),
    ("compute.aggregates.create", create),
    ("compute.aggregates.show", show),
    ("compute.aggregates.update", update),
    ("compute.aggregates.delete", delete),
    ("compute.aggregates.add_host", add_host),
    ("compute.aggregates.remove_host", remove_host),
    ("compute.aggregates.set_metadata", set_metadata),
    ("compute.aggregate_images.create", cache),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let list: Vec<Value> =
        world.compute.aggregates.values().map(|found| view(found, context)).collect();
    Ok(Reply::json(200, json!({ "aggregates": list })))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("aggregate")?;
    let name = required(body, "name")?;
    if world.compute.aggregates.values().any(|found| text(found, "name") == name) {
        return Err(Fault::conflict(format!("Aggregate {name} already exists.")));
    }
    let zone = body.get("availability_zone").cloned().unwrap_or(Value::Null);
    let metadata = if zone.is_null() { json!({}) } else { json!({ "availability_zone": zone }) };
    let number = world.ids.serial();
    let aggregate = document(json!({
        "id": number, "uuid": world.ids.uuid(), "name": name, "availability_zone": zone,
        "hosts": [], "metadata": metadata, "created_at": world.stamp(Stamp::MicrosBare),
        "updated_at": null, "deleted": false, "deleted_at": null,
    }));
    let mut shown = view(&aggregate, context);
    if let Some(shown) = shown.as_object_mut() {
        shown.remove("hosts");
        shown.remove("metadata");
    }
    world.compute.aggregates.insert(number.to_string(), aggregate);
    Ok(Reply::json(200, json!({ "aggregate": shown })))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let found = world.compute.aggregates.get(context.id()).ok_or_else(|| missing(context))?;
    Ok(Reply::json(200, json!({ "aggregate": view(found, context) })))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("aggregate")?.clone();
    let found = find(world, context)?;
    if let Some(name) = body.get("name") {
        found.insert("name".to_owned(), name.clone());
    }
    if let Some(zone) = body.get("availability_zone") {
        set(found, "availability_zone", zone);
    }
    show(world, context)
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let found = find(world, context)?;
    if found.get("hosts").and_then(Value::as_array).is_some_and(|hosts| !hosts.is_empty()) {
        return Err(Fault::bad_request(format!(
            "Cannot remove host from aggregate {}. Reason: Host aggregate is not empty.",
            context.id()
        )));
    }
    world.compute.aggregates.remove(context.id());
    Ok(Reply::empty(200))
}

fn add_host(world: &mut World, context: &RequestContext) -> Outcome {
    let host = host(context)?;
    let found = find(world, context)?;
    let hosts = found.entry("hosts").or_insert_with(|| json!([]));
    if let Value::Array(hosts) = hosts {
        if hosts.contains(&json!(host)) {
            return Err(Fault::conflict(format!(
                "Cannot add host {host} in aggregate {}: host already exists",
                context.id()
            )));
        }
        hosts.push(json!(host));
    }
    show(world, context)
}

fn remove_host(world: &mut World, context: &RequestContext) -> Outcome {
    let host = host(context)?;
    let servers = world.compute.servers.len();
    let found = find(world, context)?;
    let zone = text(found, "availability_zone").to_owned();
    if let Some(Value::Array(hosts)) = found.get_mut("hosts") {
        if !hosts.contains(&json!(host)) {
            return Err(Fault::not_found(format!("Cannot remove host {host}: it is not in it.")));
        }
        // A server does not change its zone; nova/compute/api.py,
        // `ensure_no_instances_need_to_move_az_when_host_removed`.
        if servers > 0 && !zone.is_empty() {
            return Err(Fault::conflict(format!(
                "Cannot remove host from aggregate {}. Reason: The host cannot be removed from the aggregate as the availability zone of the host would change from '{zone}' to 'None' but the host already has {servers} instance(s). Changing the AZ of an existing instance is not supported by this action. Move the instances away from this host then try again. If you need to move the instances between AZs then you can use shelve_offload and unshelve to achieve this..",
                context.id()
            )));
        }
        hosts.retain(|have| *have != json!(host));
    }
    show(world, context)
}

fn set_metadata(world: &mut World, context: &RequestContext) -> Outcome {
    let given = context.action().get("metadata").and_then(Value::as_object);
    let given = given.cloned().unwrap_or_default();
    let found = find(world, context)?;
    for (key, value) in &given {
        set(found, key, value);
    }
    show(world, context)
}

fn cache(world: &mut World, context: &RequestContext) -> Outcome {
    find(world, context)?;
    Ok(Reply::empty(202))
}

/// Sets a value of the metadata, the zone among them; null takes it away.
fn set(aggregate: &mut Document, key: &str, value: &Value) {
    if key == "availability_zone" {
        aggregate.insert(key.to_owned(), value.clone());
    }
    if let Some(Value::Object(metadata)) = aggregate.get_mut("metadata") {
        if value.is_null() {
            metadata.remove(key);
        } else {
            metadata.insert(key.to_owned(), value.clone());
        }
    }
}

fn host(context: &RequestContext) -> Result<&str, Fault> {
    let host = context.action().get("host").and_then(Value::as_str).unwrap_or_default();
    if host == HOST {
        return Ok(host);
    }
    Err(Fault::not_found(format!("Compute host {host} could not be found.")))
}

fn find<'a>(world: &'a mut World, context: &RequestContext) -> Result<&'a mut Document, Fault> {
    let now = world.stamp(Stamp::MicrosBare);
    let found = world.compute.aggregates.get_mut(context.id()).ok_or_else(|| missing(context))?;
    found.insert("updated_at".to_owned(), json!(now));
    Ok(found)
}

fn missing(context: &RequestContext) -> Fault {
    Fault::not_found(format!("Aggregate {} could not be found.", context.id()))
}

fn view(aggregate: &Document, context: &RequestContext) -> Value {
    let mut out = aggregate.clone();
    if !context.since(41) {
        out.remove("uuid");
    }
    Value::Object(out)
}
