//! What the catalog is made of: regions, services and endpoints.

use serde_json::json;

use super::State;
use super::catalog::here;
use super::resource::{many, missing, one};
use crate::behaviour::Behaviour;
use crate::document::{Document, document, merge, required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("identity.regions.list", list_regions),
    ("identity.regions.create", create_region),
    ("identity.regions.show", show_region),
    ("identity.regions.update", update_region),
    ("identity.regions.create_with_id", put_region),
    ("identity.regions.delete", delete_region),
    ("identity.services.list", list_services),
    ("identity.services.create", create_service),
    ("identity.services.show", show_service),
    ("identity.services.update", update_service),
    ("identity.services.delete", delete_service),
    ("identity.endpoints.list", list_endpoints),
    ("identity.endpoints.create", create_endpoint),
    ("identity.endpoints.show", show_endpoint),
    ("identity.endpoints.update", update_endpoint),
    ("identity.endpoints.delete", delete_endpoint),
];

fn list_regions(world: &mut World, context: &RequestContext) -> Outcome {
    many("regions", world.identity.regions.values(), &["parent_region_id"], context)
}

fn create_region(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("region")?;
    let id = match text(body, "id") {
        "" => world.ids.hex(),
        id => id.to_owned(),
    };
    store_region(world, context, id)
}

/// Makes a region whose id is in the path.
fn put_region(world: &mut World, context: &RequestContext) -> Outcome {
    // keystone 30.0.0, `keystone.api.regions.RegionResource.put`.
    let id = context.envelope("region")?.get("id").map(|id| id.as_str().unwrap_or_default());
    if let Some(other) = id.filter(|id| *id != context.id()) {
        return Err(Fault::bad_request(format!(
            "Conflicting region IDs specified: \"{}\" != \"{other}\"",
            context.id()
        )));
    }
    store_region(world, context, context.id().to_owned())
}

fn store_region(world: &mut World, context: &RequestContext, id: String) -> Outcome {
    let body = context.envelope("region")?;
    if world.identity.regions.contains(&id) {
        return Err(Fault::conflict(format!(
            "Conflict occurred attempting to store region - Duplicate ID, {id}."
        )));
    }
    let parent = text(body, "parent_region_id");
    if !parent.is_empty() {
        region(&world.identity, parent)?;
    }
    let mut region = document(json!({ "description": "", "parent_region_id": null }));
    merge(&mut region, body);
    region.insert("id".to_owned(), json!(id));
    let reply = one(201, "region", "regions", &region, context);
    world.identity.regions.insert(id, region);
    Ok(reply)
}

fn show_region(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(one(200, "region", "regions", region(&world.identity, context.id())?, context))
}

fn update_region(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("region")?;
    region(&world.identity, context.id())?;
    if let Some(region) = world.identity.regions.get_mut(context.id()) {
        merge(region, body);
    }
    show_region(world, context)
}

fn delete_region(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    region(&world.identity, id)?;
    let state = &world.identity;
    let below = with_children(state, id);
    if state.endpoints.values().any(|endpoint| below.contains(&text(endpoint, "region_id"))) {
        return Err(Fault::forbidden(format!(
            "Unable to delete region {id} because it or its child regions have associated endpoints."
        )));
    }
    let below: Vec<String> = below.into_iter().map(ToOwned::to_owned).collect();
    for region in below {
        world.identity.regions.remove(&region);
    }
    Ok(Reply::empty(204))
}

/// Returns a region and all below it, which share its fate; keystone/catalog/backends/sql.py,
/// `delete_region`.
fn with_children<'a>(state: &'a State, id: &'a str) -> Vec<&'a str> {
    let mut all = vec![id];
    let mut next = 0;
    while let Some(parent) = all.get(next).copied() {
        let children = state.regions.values().filter(|r| text(r, "parent_region_id") == parent);
        for child in children.map(|region| text(region, "id")) {
            if !all.contains(&child) {
                all.push(child);
            }
        }
        next += 1;
    }
    all
}

fn list_services(world: &mut World, context: &RequestContext) -> Outcome {
    many("services", world.identity.services.values(), &["name", "type"], context)
}

fn create_service(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("service")?;
    required(body, "type")?;
    let id = world.ids.hex();
    let mut service = document(json!({ "enabled": true }));
    merge(&mut service, body);
    service.insert("id".to_owned(), json!(id));
    let reply = one(201, "service", "services", &service, context);
    world.identity.services.insert(id, service);
    Ok(reply)
}

fn show_service(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(one(200, "service", "services", service(&world.identity, context.id())?, context))
}

fn update_service(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("service")?;
    service(&world.identity, context.id())?;
    if let Some(service) = world.identity.services.get_mut(context.id()) {
        merge(service, body);
    }
    show_service(world, context)
}

/// Deletes a service and its endpoints.
fn delete_service(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    service(&world.identity, id)?;
    world.identity.services.remove(id);
    world.identity.endpoints.remove_where(|endpoint| text(endpoint, "service_id") == id);
    Ok(Reply::empty(204))
}

fn list_endpoints(world: &mut World, context: &RequestContext) -> Outcome {
    let shown: Vec<Document> =
        world.identity.endpoints.values().map(|endpoint| placed(endpoint, context)).collect();
    many("endpoints", shown.iter(), &["interface", "service_id", "region_id"], context)
}

/// Makes a region that an endpoint names in the older way, unless it is there;
/// `keystone.api.endpoints._validate_endpoint_region`.
fn ensure_region(state: &mut State, id: &str) {
    if !id.is_empty() && !state.regions.contains(id) {
        let region = json!({ "id": id, "description": "", "parent_region_id": null });
        state.regions.insert(id, document(region));
    }
}

fn create_endpoint(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("endpoint")?;
    let interface = required(body, "interface")?;
    if !["public", "internal", "admin"].contains(&interface) {
        return Err(Fault::bad_request(format!(
            "'{interface}' is not one of ['admin', 'internal', 'public']"
        )));
    }
    required(body, "url")?;
    let service_id = required(body, "service_id")?;
    service(&world.identity, service_id)
        .map_err(|_| Fault::bad_request(format!("Could not find service: {service_id}.")))?;
    let id = world.ids.hex();
    let mut endpoint = document(json!({ "enabled": true, "region_id": null }));
    merge(&mut endpoint, body);
    if let Some(region) = endpoint.get("region").filter(|_| text(body, "region_id").is_empty()) {
        let region = region.clone();
        ensure_region(&mut world.identity, region.as_str().unwrap_or_default());
        endpoint.insert("region_id".to_owned(), region);
    }
    let region_id = text(&endpoint, "region_id").to_owned();
    if !region_id.is_empty() && !world.identity.regions.contains(&region_id) {
        return Err(Fault::bad_request(format!("Could not find region: {region_id}.")));
    }
    let same = endpoint.get("region_id").cloned().unwrap_or_default();
    endpoint.insert("region".to_owned(), same);
    endpoint.insert("id".to_owned(), json!(id));
    let reply = one(201, "endpoint", "endpoints", &endpoint, context);
    world.identity.endpoints.insert(id, endpoint);
    Ok(reply)
}

fn show_endpoint(world: &mut World, context: &RequestContext) -> Outcome {
    let found = placed(endpoint(&world.identity, context.id())?, context);
    Ok(one(200, "endpoint", "endpoints", &found, context))
}

fn update_endpoint(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("endpoint")?;
    endpoint(&world.identity, context.id())?;
    match text(body, "region_id") {
        "" => ensure_region(&mut world.identity, text(body, "region")),
        named if !world.identity.regions.contains(named) => {
            return Err(Fault::bad_request(format!("Could not find region: {named}.")));
        }
        _ => {}
    }
    if let Some(endpoint) = world.identity.endpoints.get_mut(context.id()) {
        merge(endpoint, body);
        if let Some(region) = body.get("region_id").or(body.get("region")) {
            endpoint.insert("region_id".to_owned(), region.clone());
            endpoint.insert("region".to_owned(), region.clone());
        }
    }
    show_endpoint(world, context)
}

fn delete_endpoint(world: &mut World, context: &RequestContext) -> Outcome {
    endpoint(&world.identity, context.id())?;
    world.identity.endpoints.remove(context.id());
    Ok(Reply::empty(204))
}

/// Returns an endpoint with the cloud's address filled in.
fn placed(endpoint: &Document, context: &RequestContext) -> Document {
    let mut out = endpoint.clone();
    out.insert("url".to_owned(), json!(here(text(endpoint, "url"), &context.base)));
    out
}

fn region<'a>(state: &'a State, id: &str) -> Result<&'a Document, Fault> {
    state.regions.get(id).ok_or_else(|| missing("region", id))
}

fn service<'a>(state: &'a State, id: &str) -> Result<&'a Document, Fault> {
    state.services.get(id).ok_or_else(|| missing("service", id))
}

fn endpoint<'a>(state: &'a State, id: &str) -> Result<&'a Document, Fault> {
    state.endpoints.get(id).ok_or_else(|| missing("endpoint", id))
}
