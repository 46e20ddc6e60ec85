//! The tags of servers, since 2.26.

use serde_json::{Value, json};

use super::server::{find, find_mut};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.server_tags.list", list),
    ("compute.server_tags.replace", replace),
    ("compute.server_tags.delete_all", clear),
    ("compute.server_tags.check", check),
    ("compute.server_tags.add", add),
    ("compute.server_tags.remove", remove),
];

/// How many tags a server can have.
const MOST: usize = 50;

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    Ok(Reply::json(200, json!({ "tags": server.tags })))
}

fn replace(world: &mut World, context: &RequestContext) -> Outcome {
    let given = context.json.get("tags").and_then(Value::as_array);
    let mut tags: Vec<String> =
        given.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    tags.sort();
    tags.dedup();
    find_mut(&mut world.compute, context.id(), context)?.tags = tags;
    list(world, context)
}

fn clear(world: &mut World, context: &RequestContext) -> Outcome {
    find_mut(&mut world.compute, context.id(), context)?.tags.clear();
    Ok(Reply::empty(204))
}

fn check(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    let there = server.tags.iter().any(|tag| tag == context.parameter(1));
    if there { Ok(Reply::empty(204)) } else { Err(missing(context)) }
}

fn add(world: &mut World, context: &RequestContext) -> Outcome {
    let tag = context.parameter(1);
    if tag.len() > 60 || tag.contains(',') || tag.is_empty() {
        return Err(Fault::bad_request(format!(
            "Tag '{tag}' is invalid. It must be a string without characters '/' and ',', of 1 to 60 characters."
        )));
    }
    let server = find_mut(&mut world.compute, context.id(), context)?;
    if server.tags.iter().any(|have| have == tag) {
        return Ok(Reply::empty(204));
    }
    if server.tags.len() >= MOST {
        return Err(Fault::bad_request(format!(
            "The number of tags exceeded the per-server limit {MOST}"
        )));
    }
    server.tags.push(tag.to_owned());
    let location = format!("{}{}", context.base, context.path);
    Ok(Reply::empty(201).header("location", location))
}

fn remove(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find_mut(&mut world.compute, context.id(), context)?;
    let before = server.tags.len();
    server.tags.retain(|tag| tag != context.parameter(1));
    if server.tags.len() == before { Err(missing(context)) } else { Ok(Reply::empty(204)) }
}

fn missing(context: &RequestContext) -> Fault {
    let (server, tag) = (context.id(), context.parameter(1));
    Fault::not_found(format!("Server {server} has no tag '{tag}'"))
}
