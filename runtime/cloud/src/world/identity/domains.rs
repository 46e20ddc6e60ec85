//! Domains.

use serde_json::json;

use super::assignments::Target;
use super::resource::{many, missing, name, one, removable, unique};
use crate::behaviour::Behaviour;
use crate::document::{Document, document, flag, merge, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("identity.domains.list", list),
    ("identity.domains.create", create),
    ("identity.domains.show", show),
    ("identity.domains.update", update),
    ("identity.domains.delete", delete),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let domains = world.identity.domains.values();
    let domains = domains.filter(|domain| context.lists_domain(text(domain, "id")));
    many("domains", domains, &["name", "enabled"], context)
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("domain")?;
    unique(world.identity.domains.values(), "domain", name(body)?, "", "")?;
    // The id may be chosen, and is shown as `id` alone (`keystone.api.domains.DomainsResource.post`).
    let id = match text(body, "explicit_domain_id") {
        "" => world.ids.hex(),
        id if world.identity.domains.contains(id) => {
            return Err(Fault::conflict(format!(
                "Conflict occurred attempting to store domain - Duplicate ID, {id}."
            )));
        }
        id => id.to_owned(),
    };
    let mut domain =
        document(json!({ "description": "", "enabled": true, "tags": [], "options": {} }));
    merge(&mut domain, body);
    domain.remove("explicit_domain_id");
    domain.insert("id".to_owned(), json!(id));
    let reply = one(201, "domain", "domains", &domain, context);
    world.identity.domains.insert(id, domain);
    Ok(reply)
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(one(200, "domain", "domains", find(world, context.id())?, context))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("domain")?;
    find(world, context.id())?;
    unique(world.identity.domains.values(), "domain", text(body, "name"), "", context.id())?;
    if let Some(domain) = world.identity.domains.get_mut(context.id()) {
        merge(domain, body);
    }
    if body.get("enabled") == Some(&json!(false)) {
        let state = &world.identity;
        let users: Vec<String> = of_domain(state.users.values(), context.id());
        world.identity.revoke(|access| users.contains(&access.user_id));
    }
    show(world, context)
}

/// Deletes a domain and all that is in it; an enabled one is refused.
fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    removable("domain", find(world, id)?)?;
    if flag(find(world, id)?, "enabled") {
        return Err(Fault::forbidden(
            "Cannot delete a domain that is enabled, please disable it first.",
        ));
    }
    for user in of_domain(world.identity.users.values(), id) {
        super::users::forget(&mut world.identity, &user);
    }
    for group in of_domain(world.identity.groups.values(), id) {
        super::groups::forget(&mut world.identity, &group);
    }
    for project in of_domain(world.identity.projects.values(), id) {
        super::projects::forget(&mut world.identity, &project);
    }
    for role in of_domain(world.identity.roles.values(), id) {
        super::roles::forget(&mut world.identity, &role);
    }
    let target = Target::Domain(id.to_owned());
    world.identity.assignments.retain(|assignment| assignment.target != target);
    world.identity.domains.remove(id);
    Ok(Reply::empty(204))
}

pub(crate) fn find<'a>(world: &'a World, id: &str) -> Result<&'a Document, Fault> {
    world.identity.domains.get(id).ok_or_else(|| missing("domain", id))
}

fn of_domain<'a>(resources: impl Iterator<Item = &'a Document>, domain: &str) -> Vec<String> {
    resources
        .filter(|resource| text(resource, "domain_id") == domain)
        .map(|resource| text(resource, "id").to_owned())
        .collect()
}
