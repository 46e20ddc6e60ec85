//! The aggregates that a provider belongs to.

use serde_json::{Value, json};

use super::Provider;
use crate::behaviour::Behaviour;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("placement.resource_provider_aggregates.list", list),
    ("placement.resource_provider_aggregates.replace", replace),
];

fn view(provider: &Provider, context: &RequestContext) -> Value {
    let mut body = json!({ "aggregates": provider.aggregates });
    if context.since(19) {
        body["resource_provider_generation"] = json!(provider.generation);
    }
    body
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(Reply::json(200, view(world.placement.provider(context.id())?, context)))
}

/// Takes a bare list up to 1.18, and from 1.19 on an object with a generation.
fn replace(world: &mut World, context: &RequestContext) -> Outcome {
    let given = context.json.get("aggregates").unwrap_or(&context.json);
    let names = given.as_array().into_iter().flatten().filter_map(Value::as_str);
    let provider = world.placement.at_generation(context.id(), &context.json)?;
    provider.aggregates = names.map(ToOwned::to_owned).collect();
    if context.since(19) {
        provider.generation += 1;
    }
    Ok(Reply::json(200, view(provider, context)))
}
