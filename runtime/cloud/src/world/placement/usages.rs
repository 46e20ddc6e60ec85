//! Usages: how much is used, of a provider or by a project.

use serde_json::{Map, Value, json};

use super::Amounts;
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("placement.resource_provider_usages.list", of_provider),
    ("placement.usages.list", of_project),
];

fn of_provider(world: &mut World, context: &RequestContext) -> Outcome {
    let provider = world.placement.provider(context.id())?;
    let used = world.placement.used(context.id());
    let usages: Map<String, Value> = provider
        .inventories
        .keys()
        .map(|class| (class.clone(), json!(used.get(class).copied().unwrap_or_default())))
        .collect();
    let generation = provider.generation;
    Ok(Reply::json(200, json!({ "usages": usages, "resource_provider_generation": generation })))
}

fn of_project(world: &mut World, context: &RequestContext) -> Outcome {
    let project = context
        .query
        .get("project_id")
        .ok_or_else(|| Fault::bad_request("'project_id' is a required property"))?;
    let mut sum = Amounts::new();
    let mut consumers = 0_u64;
    for consumer in world.placement.consumers.values() {
        let user = context.query.get("user_id").is_none_or(|user| consumer.user == user);
        if consumer.project == project && user {
            consumers += 1;
            for (class, amount) in consumer.allocations.values().flatten() {
                *sum.entry(class.clone()).or_default() += amount;
            }
        }
    }
    if !context.since(38) {
        return Ok(Reply::json(200, json!({ "usages": sum })));
    }
    let mut of_all: Map<String, Value> =
        sum.into_iter().map(|(class, amount)| (class, json!(amount))).collect();
    if consumers == 0 {
        return Ok(Reply::json(200, json!({ "usages": {} })));
    }
    of_all.insert("consumer_count".to_owned(), json!(consumers));
    Ok(Reply::json(200, json!({ "usages": { "all": of_all } })))
}
