//! Tags, the same for every resource of network.
//!
//! The path says which: `/networks/…/tags`, `/ports/…/tags/…`, and so on.

use serde_json::{Value, json};

use super::State;
use super::resource::touch;
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::Document;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::table::Table;
use crate::world::World;

/// Lists the operations of each resource that has tags.
macro_rules! behaviours {
    ($($resource:literal),*) => {
        &[$(
            (concat!("network.", $resource, "_tags.list"), list),
            (concat!("network.", $resource, "_tags.create"), extend),
            (concat!("network.", $resource, "_tags.replace"), replace),
            (concat!("network.", $resource, "_tags.delete_all"), clear),
            (concat!("network.", $resource, "_tags.check"), check),
            (concat!("network.", $resource, "_tags.add"), add),
            (concat!("network.", $resource, "_tags.remove"), remove),
        )*]
    };
}

pub(crate) const BEHAVIOURS: &[Behaviour] = behaviours!(
    "network",
    "subnet",
    "port",
    "router",
    "floating_ip",
    "security_group",
    "subnet_pool"
);

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let tags = tags(world, context)?.clone();
    Ok(Reply::json(200, json!({ "tags": tags })))
}

/// Adds several at once.
fn extend(world: &mut World, context: &RequestContext) -> Outcome {
    let given = given(context)?;
    let tags = tags(world, context)?;
    let new: Vec<Value> = given.iter().filter(|tag| !tags.contains(tag)).cloned().collect();
    tags.extend(new);
    // As many as the request named, whatever the resource had (neutron 29.0.0,
    // `neutron.services.tag.tag_plugin.TagPlugin.create_tags`).
    Ok(Reply::json(200, json!({ "tags": given })))
}

fn replace(world: &mut World, context: &RequestContext) -> Outcome {
    tags(world, context)?.clone_from(given(context)?);
    list(world, context)
}

fn given(context: &RequestContext) -> Result<&Vec<Value>, Fault> {
    context
        .json
        .get("tags")
        .and_then(Value::as_array)
        .ok_or_else(|| Fault::bad_request("Invalid tags body: a list `tags` is required."))
}

fn clear(world: &mut World, context: &RequestContext) -> Outcome {
    tags(world, context)?.clear();
    Ok(Reply::empty(204))
}

fn check(world: &mut World, context: &RequestContext) -> Outcome {
    let tag = wanted(context);
    if tags(world, context)?.iter().any(|have| *have == tag) {
        Ok(Reply::empty(204))
    } else {
        Err(missing(&tag))
    }
}

fn add(world: &mut World, context: &RequestContext) -> Outcome {
    let tag = json!(wanted(context));
    let tags = tags(world, context)?;
    if !tags.contains(&tag) {
        tags.push(tag);
    }
    // What neutron's serializer makes of a handler that returns nothing.
    Ok(Reply::json(201, Value::Null))
}

fn remove(world: &mut World, context: &RequestContext) -> Outcome {
    let tag = wanted(context);
    let tags = tags(world, context)?;
    let before = tags.len();
    tags.retain(|have| *have != tag);
    if tags.len() == before { Err(missing(&tag)) } else { Ok(Reply::empty(204)) }
}

fn wanted(context: &RequestContext) -> String {
    context.parameters.last().cloned().unwrap_or_default()
}

fn missing(tag: &str) -> Fault {
    Fault::not_found(format!("Tag {tag} could not be found.")).word("TagNotFound")
}

fn tags<'a>(world: &'a mut World, context: &RequestContext) -> Result<&'a mut Vec<Value>, Fault> {
    let (kind, id) = addressed(context);
    let now = world.stamp(Stamp::Seconds);
    let missing = || missing_resource(id);
    let resource =
        table(&mut world.network, kind).and_then(|table| table.get_mut(id)).ok_or_else(missing)?;
    if !context.operation.method.is_safe() {
        touch(resource, &now);
    }
    resource.entry("tags").or_insert_with(|| json!([])).as_array_mut().ok_or_else(missing)
}

/// Finds the resource whose tags a path means, whoever asks
/// (`neutron.extensions.tagging.TaggingController._get_resource_info`).
pub(crate) fn tagged<'a>(
    state: &'a State,
    context: &RequestContext,
) -> Result<&'a Document, Fault> {
    let (kind, id) = addressed(context);
    let table = match kind {
        "networks" => &state.networks,
        "subnets" => &state.subnets,
        "ports" => &state.ports,
        "routers" => &state.routers,
        "floatingips" => &state.floating_ips,
        "security-groups" => &state.security_groups,
        "security-group-rules" => &state.security_group_rules,
        _ => &state.subnet_pools,
    };
    table.get(id).ok_or_else(|| missing_resource(id))
}

/// Returns the collection of the path, and the id in it.
fn addressed(context: &RequestContext) -> (&str, &str) {
    let mut segments = context.path.split('/').skip_while(|segment| *segment != "v2.0").skip(1);
    (segments.next().unwrap_or_default(), segments.next().unwrap_or_default())
}

fn missing_resource(id: &str) -> Fault {
    Fault::not_found(format!("The resource {id} could not be found.")).word("TagResourceNotFound")
}

fn table<'a>(state: &'a mut State, kind: &str) -> Option<&'a mut Table<Document>> {
    Some(match kind {
        "networks" => &mut state.networks,
        "subnets" => &mut state.subnets,
        "ports" => &mut state.ports,
        "routers" => &mut state.routers,
        "floatingips" => &mut state.floating_ips,
        "security-groups" => &mut state.security_groups,
        "security-group-rules" => &mut state.security_group_rules,
        "subnetpools" => &mut state.subnet_pools,
        _ => return None,
    })
}
