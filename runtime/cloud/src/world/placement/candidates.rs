//! Allocation candidates: the providers that have room for what is asked.

use serde_json::{Map, Value, json};

use super::{Amounts, Provider, State};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[("placement.allocation_candidates.list", list)];

/// Reads `VCPU:1,MEMORY_MB:512`.
pub(crate) fn amounts(text: &str) -> Result<Amounts, Fault> {
    text.split(',')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let read = part.split_once(':').and_then(|(class, n)| Some((class, n.parse().ok()?)));
            read.map(|(class, n): (&str, u64)| (class.to_owned(), n)).ok_or_else(|| {
                Fault::bad_request(format!(
                    "Badly formed resources parameter. Expected resources query string parameter in form: ?resources=VCPU:2,MEMORY_MB:1024. Got: {part}."
                ))
            })
        })
        .collect()
}

/// Whether a provider has that much left of everything.
pub(crate) fn has_room(state: &State, provider: &Provider, wanted: &Amounts) -> bool {
    let used = state.used(&provider.uuid);
    wanted.iter().all(|(class, amount)| {
        used.get(class).copied().unwrap_or_default() + amount <= provider.capacity(class)
    })
}

/// Looks at single providers only: no shared ones, no trees, no groups.
fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.placement;
    let wanted = amounts(context.query.get("resources").unwrap_or_default())?;
    let limit = context.query.number("limit")?.unwrap_or(usize::MAX);
    let found: Vec<&Provider> =
        state.providers.values().filter(|p| has_room(state, p, &wanted)).take(limit).collect();
    let requests: Vec<Value> = found.iter().map(|p| request(p, &wanted, context)).collect();
    let summaries: Map<String, Value> =
        found.iter().map(|p| (p.uuid.clone(), summary(state, p, &wanted, context))).collect();
    Ok(Reply::json(
        200,
        json!({ "allocation_requests": requests, "provider_summaries": summaries }),
    ))
}

fn request(provider: &Provider, wanted: &Amounts, context: &RequestContext) -> Value {
    if !context.since(12) {
        return json!({ "allocations": [
            { "resource_provider": { "uuid": provider.uuid }, "resources": wanted },
        ]});
    }
    let mut body = json!({ "allocations": { (provider.uuid.as_str()): { "resources": wanted } } });
    if context.since(34) {
        body["mappings"] = json!({ "": [provider.uuid] });
    }
    body
}

/// Summarises a provider; before 1.27 only what was asked for.
fn summary(
    state: &State,
    provider: &Provider,
    wanted: &Amounts,
    context: &RequestContext,
) -> Value {
    let used = state.used(&provider.uuid);
    let resources: Map<String, Value> = provider
        .inventories
        .keys()
        .filter(|class| context.since(27) || wanted.contains_key(*class))
        .map(|class| {
            let taken = used.get(class).copied().unwrap_or_default();
            (class.clone(), json!({ "capacity": provider.capacity(class), "used": taken }))
        })
        .collect();
    let mut body = json!({ "resources": resources });
    if context.since(17) {
        body["traits"] = json!(provider.traits);
    }
    if context.since(29) {
        body["parent_provider_uuid"] = json!(provider.parent);
        body["root_provider_uuid"] = json!(provider.parent.as_ref().unwrap_or(&provider.uuid));
    }
    body
}
