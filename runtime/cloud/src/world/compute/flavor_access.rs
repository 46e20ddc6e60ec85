//! Which projects may use a flavor that is not public.

use serde_json::{Value, json};

use super::Flavor;
use super::flavors::find_mut;
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.flavor_access.list", list),
    ("compute.flavors.add_tenant_access", add),
    ("compute.flavors.remove_tenant_access", remove),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let flavor = find_mut(&mut world.compute, context.id())?;
    if flavor.public {
        return Err(Fault::not_found("Access list not available for public flavors."));
    }
    Ok(view(flavor))
}

fn add(world: &mut World, context: &RequestContext) -> Outcome {
    let project = tenant(context);
    let known = world.identity.projects.contains(project);
    if context.since(7) && find_mut(&mut world.compute, context.id())?.public {
        return Err(Fault::conflict("Can not add access to a public flavor."));
    }
    if !known {
        return Err(Fault::bad_request(format!("Project ID {project} is not a valid project.")));
    }
    let flavor = find_mut(&mut world.compute, context.id())?;
    if !flavor.projects.insert(project.to_owned()) {
        return Err(Fault::conflict(format!(
            "Flavor access already exists for flavor {} and project {project} combination.",
            flavor.id
        )));
    }
    Ok(view(flavor))
}

fn remove(world: &mut World, context: &RequestContext) -> Outcome {
    let project = tenant(context);
    let flavor = find_mut(&mut world.compute, context.id())?;
    if !flavor.projects.remove(project) {
        return Err(Fault::not_found(format!(
            "Flavor access not found for {} / {project} combination.",
            flavor.id
        )));
    }
    Ok(view(flavor))
}

fn tenant(context: &RequestContext) -> &str {
    context.action().get("tenant").and_then(Value::as_str).unwrap_or_default()
}

fn view(flavor: &Flavor) -> Reply {
    let list: Vec<Value> = flavor
        .projects
        .iter()
        .map(|project| json!({ "flavor_id": flavor.id, "tenant_id": project }))
        .collect();
    Reply::json(200, json!({ "flavor_access": list }))
}
