//! Traits: what providers are like, beyond amounts.

use serde_json::{Value, json};

use super::{Provider, cached_since};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("placement.traits.list", list),
    ("placement.traits.check", check),
    ("placement.traits.create", create),
    ("placement.traits.delete", delete),
    ("placement.resource_provider_traits.list", list_of),
    ("placement.resource_provider_traits.replace", replace),
    ("placement.resource_provider_traits.delete_all", delete_all),
];

/// A few of the traits that every deployment knows.
pub(crate) const STANDARD: [&str; 6] = [
    "COMPUTE_NODE",
    "COMPUTE_TRUSTED_CERTS",
    "COMPUTE_VOLUME_ATTACH_WITH_TAG",
    "HW_CPU_X86_AVX2",
    "MISC_SHARES_VIA_AGGREGATE",
    "STORAGE_DISK_SSD",
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.placement;
    let name = context.query.get("name").unwrap_or_default();
    let (prefix, names) = match name.split_once(':') {
        Some(("startswith", prefix)) => (prefix, None),
        Some(("in", names)) => ("", Some(names.split(',').collect::<Vec<_>>())),
        _ => ("", None),
    };
    let associated = context.query.boolean("associated");
    let traits: Vec<&String> = state
        .traits
        .iter()
        .filter(|name| name.starts_with(prefix))
        .filter(|name| names.as_ref().is_none_or(|names| names.contains(&name.as_str())))
        .filter(|name| {
            associated.is_none_or(|associated| {
                associated == state.providers.values().any(|p| p.traits.contains(*name))
            })
        })
        .collect();
    Ok(Reply::json(200, json!({ "traits": traits })))
}

fn check(world: &mut World, context: &RequestContext) -> Outcome {
    if world.placement.traits.contains(context.id()) {
        Ok(cached_since(Reply::empty(204), context))
    } else {
        Err(none(context.id()))
    }
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let name = context.id();
    let spelled = name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    if !name.starts_with("CUSTOM_") || !spelled || name.len() > 255 {
        return Err(Fault::bad_request(format!(
            "The trait is invalid: {name}. Valid traits must be no longer than 255 characters, start with the prefix \"CUSTOM_\" and use A to Z, 0 to 9 and _ only."
        )));
    }
    let status = if world.placement.traits.insert(name.to_owned()) { 201 } else { 204 };
    let location = format!("{}/placement/traits/{name}", context.base);
    Ok(cached_since(Reply::empty(status).header("location", location), context))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let name = context.id();
    if !name.starts_with("CUSTOM_") && STANDARD.contains(&name) {
        return Err(Fault::bad_request("Cannot delete standard trait.".to_owned()));
    }
    if world.placement.providers.values().any(|p| p.traits.contains(name)) {
        return Err(Fault::conflict(format!("The trait {name} is in use by a resource provider.")));
    }
    if world.placement.traits.remove(name) { Ok(Reply::empty(204)) } else { Err(none(name)) }
}

fn view(provider: &Provider) -> Value {
    json!({ "traits": provider.traits, "resource_provider_generation": provider.generation })
}

fn list_of(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(Reply::json(200, view(world.placement.provider(context.id())?)))
}

fn replace(world: &mut World, context: &RequestContext) -> Outcome {
    let given = context.json["traits"].as_array().into_iter().flatten();
    let names: Vec<String> = given.filter_map(Value::as_str).map(ToOwned::to_owned).collect();
    if let Some(name) = names.iter().find(|name| !world.placement.traits.contains(*name)) {
        return Err(Fault::bad_request(format!("No such trait {name}.")));
    }
    let provider = world.placement.at_generation(context.id(), &context.json)?;
    provider.traits = names.into_iter().collect();
    provider.generation += 1;
    Ok(Reply::json(200, view(provider)))
}

fn delete_all(world: &mut World, context: &RequestContext) -> Outcome {
    let provider = world.placement.provider_mut(context.id())?;
    provider.traits.clear();
    provider.generation += 1;
    Ok(Reply::empty(204))
}

fn none(name: &str) -> Fault {
    Fault::not_found(format!("No such trait: {name}."))
}
