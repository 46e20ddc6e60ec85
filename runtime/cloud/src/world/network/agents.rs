//! Agents and availability zones: those of the one host there is.

use serde_json::json;

use super::State;
use super::resource::{Kind, change};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::Document;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("network.agents.list", list),
    ("network.agents.show", show),
    ("network.agents.update", update),
    ("network.availability_zones.list", list_zones),
];

pub(crate) const KIND: Kind =
    Kind { singular: "agent", plural: "agents", missing: "AgentNotFound", label: "Agent" };

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    KIND.many(world.network.agents.values(), &world.network, context)
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(KIND.one(200, find(&world.network, context.id())?, &world.network, context))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = KIND.attributes(context)?;
    find(&world.network, context.id())?;
    let now = world.stamp(Stamp::Seconds);
    if let Some(agent) = world.network.agents.get_mut(context.id()) {
        change(agent, body, &["id", "agent_type", "binary", "host"], &now)?;
        agent.remove("revision_number");
        agent.remove("updated_at");
    }
    show(world, context)
}

/// Lists the zones, each only to who may get it.
fn list_zones(_: &mut World, context: &RequestContext) -> Outcome {
    let seen = context.may("get_availability_zone", &());
    let zones: Vec<_> = ["network", "router"]
        .iter()
        .filter(|_| seen)
        .map(|resource| json!({ "name": "nova", "resource": resource, "state": "available" }))
        .collect();
    Ok(Reply::json(200, json!({ "availability_zones": zones })))
}

pub(crate) fn find<'a>(state: &'a State, id: &str) -> Result<&'a Document, Fault> {
    state.agents.get(id).ok_or_else(|| KIND.missing(id))
}
