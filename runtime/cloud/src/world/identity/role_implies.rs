//! Roles that bring others with them.

use serde_json::{Value, json};

use super::roles::find;
use super::{State, resource};
use crate::behaviour::Behaviour;
use crate::document::text;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("identity.role_implied_roles.list", list),
    ("identity.role_implied_roles.show", show),
    ("identity.role_implied_roles.add", add),
    ("identity.role_implied_roles.remove", delete),
    ("identity.role_inferences.list", list_inferences),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    find(&world.identity, context.id())?;
    let body = inference(&world.identity, context.id(), &context.base);
    let mut body = json!({ "role_inference": body });
    body["links"] = resource::links(context);
    Ok(Reply::json(200, body))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let (prior, implied) = (context.id(), context.parameter(1));
    find(&world.identity, prior)?;
    find(&world.identity, implied)?;
    if !world.identity.implied.contains(&(prior.to_owned(), implied.to_owned())) {
        return Err(Fault::not_found(format!("{prior} does not imply {implied}.")));
    }
    Ok(pair(&world.identity, 200, context))
}

fn add(world: &mut World, context: &RequestContext) -> Outcome {
    let (prior, implied) = (context.id(), context.parameter(1));
    find(&world.identity, prior)?;
    if text(find(&world.identity, implied)?, "name") == "admin" {
        return Err(Fault::forbidden(
            "You are not authorized to perform the requested action: admin cannot be an implied role.",
        ));
    }
    world.identity.implied.insert((prior.to_owned(), implied.to_owned()));
    Ok(pair(&world.identity, 201, context))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    show(world, context)?;
    world.identity.implied.remove(&(context.id().to_owned(), context.parameter(1).to_owned()));
    Ok(Reply::empty(204))
}

fn list_inferences(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.identity;
    let all: Vec<Value> = state
        .roles
        .iter()
        .filter(|(id, _)| state.implied.iter().any(|(prior, _)| prior == id))
        .map(|(id, _)| inference(state, id, &context.base))
        .collect();
    Ok(Reply::json(200, json!({ "role_inferences": all, "links": resource::links(context) })))
}

fn pair(state: &State, status: u16, context: &RequestContext) -> Reply {
    let role = |id| short(state, id, &context.base);
    let body = json!({
        "role_inference": { "prior_role": role(context.id()), "implies": role(context.parameter(1)) },
        "links": { "self": format!("{}{}", context.base, context.path) },
    });
    Reply::json(status, body)
}

fn inference(state: &State, prior: &str, base: &str) -> Value {
    let implies: Vec<Value> = state
        .implied
        .iter()
        .filter(|(from, _)| from == prior)
        .map(|(_, implied)| short(state, implied, base))
        .collect();
    json!({ "prior_role": short(state, prior, base), "implies": implies })
}

fn short(state: &State, id: &str, base: &str) -> Value {
    json!({
        "id": id,
        "name": state.roles.get(id).map(|role| text(role, "name")),
        "links": { "self": format!("{base}/identity/v3/roles/{id}") },
    })
}
