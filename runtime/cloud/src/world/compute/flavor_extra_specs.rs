//! The extra specs of flavors.

use serde_json::{Value, json};

use super::flavors::{find, find_mut};
use crate::behaviour::Behaviour;
use crate::document::Document;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.flavor_extra_specs.list", list),
    ("compute.flavor_extra_specs.create", create),
    ("compute.flavor_extra_specs.show", show),
    ("compute.flavor_extra_specs.update", update),
    ("compute.flavor_extra_specs.delete", delete),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let flavor = find(&world.compute, context.id(), context)?;
    Ok(Reply::json(200, json!({ "extra_specs": flavor.extra_specs })))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let specs = context.envelope("extra_specs")?;
    store(world, context.id(), specs)?;
    Ok(Reply::json(200, json!({ "extra_specs": specs })))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let key = context.parameter(1);
    let flavor = find(&world.compute, context.id(), context)?;
    let value = flavor.extra_specs.get(key).ok_or_else(|| missing(&flavor.id, key))?;
    Ok(Reply::json(200, json!({ key: value })))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let specs = context.json.as_object().filter(|specs| specs.contains_key(context.parameter(1)));
    let specs = specs.ok_or_else(|| {
        Fault::bad_request("Request body and URI mismatch: the body must hold the key of the URI.")
    })?;
    store(world, context.id(), specs)?;
    Ok(Reply::json(200, context.json.clone()))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let key = context.parameter(1);
    let flavor = find_mut(&mut world.compute, context.id())?;
    flavor.extra_specs.remove(key).ok_or_else(|| missing(&flavor.id, key))?;
    Ok(Reply::empty(200))
}

fn store(world: &mut World, id: &str, specs: &Document) -> Result<(), Fault> {
    let flavor = find_mut(&mut world.compute, id)?;
    for (key, value) in specs {
        let value = value.as_str().map_or_else(|| Value::to_string(value), str::to_owned);
        flavor.extra_specs.insert(key.clone(), value);
    }
    Ok(())
}

fn missing(id: &str, key: &str) -> Fault {
    Fault::not_found(format!("Flavor {id} has no extra specs with key {key}."))
}
