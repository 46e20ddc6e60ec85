//! Resource providers and their trees.

use serde_json::{Value, json};

use super::{Provider, State};
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("placement.resource_providers.list", list),
    ("placement.resource_providers.create", create),
    ("placement.resource_providers.show", show),
    ("placement.resource_providers.update", update),
    ("placement.resource_providers.delete", delete),
];

/// Shows a provider as a version does.
pub(crate) fn view(state: &State, provider: &Provider, context: &RequestContext) -> Value {
    let uuid = &provider.uuid;
    let link = |rel: &str| {
        let path = if rel == "self" { String::new() } else { format!("/{rel}") };
        json!({ "rel": rel, "href": format!("/placement/resource_providers/{uuid}{path}") })
    };
    let since = |minor, rel| context.since(minor).then_some(rel);
    let links = ["self", "inventories", "usages"].into_iter().chain(
        [since(1, "aggregates"), since(6, "traits"), since(11, "allocations")]
            .into_iter()
            .flatten(),
    );
    let mut body = json!({
        "uuid": uuid,
        "name": provider.name,
        "generation": provider.generation,
        "links": links.map(link).collect::<Vec<_>>(),
    });
    if context.since(14) {
        body["parent_provider_uuid"] = json!(provider.parent);
        body["root_provider_uuid"] = json!(root(state, provider).uuid);
    }
    body
}

fn root<'a>(state: &'a State, provider: &'a Provider) -> &'a Provider {
    let parent = provider.parent.as_deref().and_then(|uuid| state.providers.get(uuid));
    parent.map_or(provider, |parent| root(state, parent))
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.placement;
    let query = &context.query;
    let tree = query.get("in_tree").and_then(|uuid| state.providers.get(uuid));
    let wanted = super::candidates::amounts(query.get("resources").unwrap_or_default())?;
    let found = state.providers.values().filter(|provider| {
        query.get("name").is_none_or(|name| provider.name == name)
            && query.get("uuid").is_none_or(|uuid| provider.uuid == uuid)
            && (!query.has("in_tree")
                || tree.is_some_and(|t| root(state, t).uuid == root(state, provider).uuid))
            && query.get("member_of").is_none_or(|of| {
                of.trim_start_matches("in:").split(',').any(|a| provider.aggregates.contains(a))
            })
            && query.get("required").is_none_or(|required| {
                required.split(',').all(|word| match word.strip_prefix('!') {
                    Some(name) => !provider.traits.contains(name),
                    None => provider.traits.contains(word),
                })
            })
            && super::candidates::has_room(state, provider, &wanted)
    });
    let found: Vec<Value> = found.map(|provider| view(state, provider, context)).collect();
    Ok(Reply::json(200, json!({ "resource_providers": found })))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let name = context.json["name"].as_str().unwrap_or_default();
    let asked = context.json["uuid"].as_str();
    let uuid = asked.map_or_else(|| world.ids.uuid(), ToOwned::to_owned);
    unused(&world.placement, name, &uuid)?;
    if world.placement.providers.contains(&uuid) {
        return Err(taken("uuid", &uuid));
    }
    let parent = parent(&world.placement, &context.json)?;
    let provider =
        Provider { uuid: uuid.clone(), name: name.to_owned(), parent, ..Provider::default() };
    world.placement.providers.insert(&uuid, provider);
    let location = format!("{}/placement/resource_providers/{uuid}", context.base);
    let reply = if context.since(20) {
        let provider = world.placement.provider(&uuid)?;
        Reply::json(200, view(&world.placement, provider, context))
    } else {
        Reply::empty(201)
    };
    Ok(reply.header("location", location))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let provider = world.placement.provider(context.id())?;
    Ok(Reply::json(200, view(&world.placement, provider, context)))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &mut world.placement;
    let name = context.json["name"].as_str().unwrap_or_default();
    state.provider(context.id())?;
    unused(state, name, context.id())?;
    let parent = parent(state, &context.json)?;
    let provider = state.provider_mut(context.id())?;
    name.clone_into(&mut provider.name);
    if context.json.get("parent_provider_uuid").is_some() {
        provider.parent = parent;
    }
    let provider = state.provider(context.id())?;
    Ok(Reply::json(200, view(state, provider, context)))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &mut world.placement;
    state.provider(context.id())?;
    let id = context.id();
    if state.providers.values().any(|p| p.parent.as_deref() == Some(id)) {
        return Err(Fault::conflict(format!(
            "Unable to delete parent resource provider {id}: It has child resource providers."
        ))
        .word("placement.resource_provider.cannot_delete_parent"));
    }
    if !state.used(id).is_empty() {
        return Err(Fault::conflict(format!(
            "Unable to delete resource provider {id}: Resource provider has allocations."
        ))
        .word("placement.resource_provider.inuse"));
    }
    state.providers.remove(context.id());
    Ok(Reply::empty(204))
}

fn parent(state: &State, body: &Value) -> Result<Option<String>, Fault> {
    let Some(uuid) = body["parent_provider_uuid"].as_str() else { return Ok(None) };
    if state.providers.contains(uuid) {
        Ok(Some(uuid.to_owned()))
    } else {
        Err(Fault::bad_request(format!("parent provider UUID {uuid} does not exist")))
    }
}

fn unused(state: &State, name: &str, uuid: &str) -> Result<(), Fault> {
    match state.providers.values().find(|p| p.name == name && p.uuid != uuid) {
        Some(_) => Err(taken("name", name)),
        None => Ok(()),
    }
}

fn taken(what: &str, value: &str) -> Fault {
    Fault::conflict(format!("Conflicting resource provider {what}: {value} already exists."))
        .word("placement.duplicate_name")
}
