//! The extra specs of volume types.

use std::collections::BTreeMap;

use serde_json::json;

use super::find::volume_type;
use super::types::FOR_ALL;
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::policy::Owner;
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("volume.volume_type_extra_specs.list", list),
    ("volume.volume_type_extra_specs.create", create),
    ("volume.volume_type_extra_specs.show", show),
    ("volume.volume_type_extra_specs.update", update),
    ("volume.volume_type_extra_specs.delete", delete),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let shown = seen(specs(world, context)?, context);
    Ok(Reply::json(200, json!({ "extra_specs": shown })))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let new = super::metadata::read(context.json.get("extra_specs"))?;
    specs(world, context)?.extend(new.clone());
    Ok(Reply::json(200, json!({ "extra_specs": new })))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let key = context.parameter(1);
    let shown = seen(specs(world, context)?, context);
    let value = shown.get(key).ok_or_else(|| missing(context))?;
    Ok(Reply::json(200, json!({ key: value })))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let key = context.parameter(1);
    let new = super::metadata::read(Some(&context.json))?;
    let Some(value) = new.get(key).filter(|_| new.len() == 1) else {
        return Err(Fault::bad_request("Request body and URI mismatch"));
    };
    specs(world, context)?.insert(key.to_owned(), value.clone());
    Ok(Reply::json(200, json!(new)))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    specs(world, context)?.remove(context.parameter(1)).ok_or_else(|| missing(context))?;
    Ok(Reply::empty(202))
}

/// Returns what the caller may see of extra specs.
fn seen(specs: &BTreeMap<String, String>, context: &RequestContext) -> BTreeMap<String, String> {
    let rule = "volume_extension:types_extra_specs:read_sensitive";
    let all = context.may(rule, &Owner::caller(context));
    let kept = specs.iter().filter(|(key, _)| all || FOR_ALL.contains(&key.as_str()));
    kept.map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn specs<'a>(
    world: &'a mut World,
    context: &RequestContext,
) -> Result<&'a mut BTreeMap<String, String>, Fault> {
    let id = volume_type(&world.volume, context.id(), context)?.id.clone();
    world
        .volume
        .types
        .get_mut(&id)
        .map(|found| &mut found.extra_specs)
        .ok_or_else(|| missing(context))
}

fn missing(context: &RequestContext) -> Fault {
    Fault::not_found(format!(
        "Volume Type {} has no extra specs with key {}.",
        context.id(),
        context.parameter(1)
    ))
}
