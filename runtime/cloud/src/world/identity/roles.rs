//! Roles.

use serde_json::json;

use super::State;
use super::resource::{many, missing, name, one, removable, unique};
use crate::behaviour::Behaviour;
use crate::document::{Document, document, merge, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("identity.roles.list", list),
    ("identity.roles.create", create),
    ("identity.roles.show", show),
    ("identity.roles.update", update),
    ("identity.roles.delete", delete),
];

/// Lists global roles, or those of the domain that the query names.
fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let domain = context.query.get("domain_id").unwrap_or_default();
    let roles = world.identity.roles.values().filter(|role| text(role, "domain_id") == domain);
    many("roles", roles, &["name"], context)
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("role")?;
    unique(world.identity.roles.values(), "role", name(body)?, text(body, "domain_id"), "")?;
    let id = world.ids.hex();
    let mut role = document(json!({ "description": null, "domain_id": null, "options": {} }));
    merge(&mut role, body);
    role.insert("id".to_owned(), json!(id));
    let reply = one(201, "role", "roles", &role, context);
    world.identity.roles.insert(id, role);
    Ok(reply)
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(one(200, "role", "roles", find(&world.identity, context.id())?, context))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("role")?;
    let domain = text(find(&world.identity, context.id())?, "domain_id").to_owned();
    let all = world.identity.roles.values();
    unique(all, "role", text(body, "name"), &domain, context.id())?;
    if let Some(role) = world.identity.roles.get_mut(context.id()) {
        merge(role, body);
    }
    show(world, context)
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    removable("role", find(&world.identity, context.id())?)?;
    forget(&mut world.identity, context.id());
    Ok(Reply::empty(204))
}

/// Removes a role, wherever it was given.
pub(crate) fn forget(state: &mut State, id: &str) {
    state.roles.remove(id);
    state.assignments.retain(|assignment| assignment.role != id);
    state.implied.retain(|(prior, implied)| prior != id && implied != id);
    state.revoke(|access| access.roles.iter().any(|(role, _)| role == id));
}

pub(crate) fn find<'a>(state: &'a State, id: &str) -> Result<&'a Document, Fault> {
    state.roles.get(id).ok_or_else(|| missing("role", id))
}
