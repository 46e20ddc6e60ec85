//! Projects, and those of a user.

use serde_json::{Value, json};

use super::State;
use super::assignments::Target;
use super::resource::{many, missing, name, one, removable, unique};
use super::token::Scope;
use crate::behaviour::Behaviour;
use crate::document::{Document, document, flag, merge, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("identity.projects.list", list),
    ("identity.projects.create", create),
    ("identity.projects.show", show),
    ("identity.projects.update", update),
    ("identity.projects.delete", delete),
    ("identity.user_projects.list", list_of_user),
];

const FILTERS: &[&str] = &["name", "enabled", "domain_id", "parent_id"];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let domains = context.query.flag("is_domain");
    let tags = |key| -> Vec<&str> {
        context.query.get(key).map(|list| list.split(',').collect()).unwrap_or_default()
    };
    let (all, any, not_all, not_any) =
        (tags("tags"), tags("tags-any"), tags("not-tags"), tags("not-tags-any"));
    let tagged = |project: &Document| {
        let has = |tag: &&str| project.get("tags").is_some_and(|tags| contains(tags, tag));
        all.iter().all(has)
            && (any.is_empty() || any.iter().any(has))
            && (not_all.is_empty() || !not_all.iter().all(has))
            && !not_any.iter().any(has)
    };
    let in_domain = |project: &Document| context.lists_domain(text(project, "domain_id"));
    let projects = world.identity.projects.values();
    let projects = projects.filter(|p| !domains && tagged(p) && in_domain(p));
    many("projects", projects, FILTERS, context)
}

fn list_of_user(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.identity;
    if !state.users.contains(context.id()) {
        return Err(missing("user", context.id()));
    }
    let has_role = |project: &&Document| {
        let scope = Scope::Project(text(project, "id").to_owned());
        !state.effective_roles(context.id(), &scope).is_empty()
    };
    many("projects", state.projects.values().filter(has_role), FILTERS, context)
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("project")?;
    let parent = text(body, "parent_id");
    let domain = match (text(body, "domain_id"), parent) {
        ("", "") => own_domain(&world.identity, context),
        ("", parent) => world
            .identity
            .projects
            .get(parent)
            .map(|project| text(project, "domain_id").to_owned())
            .or_else(|| world.identity.domains.contains(parent).then(|| parent.to_owned()))
            .ok_or_else(|| missing("project", parent))?,
        (domain, _) => domain.to_owned(),
    };
    if !world.identity.domains.contains(&domain) {
        return Err(missing("domain", &domain));
    }
    if !parent.is_empty() && parent != domain && !world.identity.projects.contains(parent) {
        return Err(missing("project", parent));
    }
    unique(world.identity.projects.values(), "project", name(body)?, &domain, "")?;
    let id = world.ids.hex();
    let mut project = document(json!({
        "description": "", "enabled": true, "is_domain": false, "tags": [], "options": {},
    }));
    merge(&mut project, body);
    project.insert("id".to_owned(), json!(id));
    project.insert("domain_id".to_owned(), json!(domain));
    let parent = if parent.is_empty() { &domain } else { parent };
    project.insert("parent_id".to_owned(), json!(parent));
    let reply = one(201, "project", "projects", &project, context);
    world.identity.projects.insert(id, project);
    Ok(reply)
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    let project = find(&world.identity, id)?;
    let query = &context.query;
    let mut shown = project.clone();
    if query.has("parents_as_list") {
        let parents: Vec<Value> = world
            .identity
            .ancestors(id)
            .iter()
            .filter_map(|id| world.identity.projects.get(id))
            .map(|parent| json!({ "project": super::resource::shown(parent, "projects", &context.base) }))
            .collect();
        shown.insert("parents".to_owned(), json!(parents));
    }
    if query.has("subtree_as_list") {
        let below: Vec<Value> = world
            .identity
            .projects
            .values()
            .filter(|p| world.identity.ancestors(text(p, "id")).iter().any(|a| a == id))
            .map(|p| json!({ "project": super::resource::shown(p, "projects", &context.base) }))
            .collect();
        shown.insert("subtree".to_owned(), json!(below));
    }
    Ok(one(200, "project", "projects", &shown, context))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("project")?;
    let project = find(&world.identity, context.id())?;
    let domain = text(project, "domain_id").to_owned();
    for fixed in ["domain_id", "parent_id", "is_domain"] {
        if body.get(fixed).is_some_and(|value| Some(value) != project.get(fixed)) {
            return Err(Fault::bad_request(format!("Cannot change {fixed} of a project.")));
        }
    }
    let all = world.identity.projects.values();
    unique(all, "project", text(body, "name"), &domain, context.id())?;
    if body.get("enabled") == Some(&json!(false)) && flag(project, "enabled") {
        stays_on(&world.identity, context.id())?;
    }
    if let Some(project) = world.identity.projects.get_mut(context.id()) {
        merge(project, body);
    }
    if body.get("enabled") == Some(&json!(false)) {
        world.identity.revoke(|access| access.project() == Some(context.id()));
    }
    Ok(one(200, "project", "projects", find(&world.identity, context.id())?, context))
}

/// Refuses to switch a project off above one that is on; keystone 30.0.0,
/// `keystone.resource.core.Manager._update_project`.
fn stays_on(state: &State, id: &str) -> Result<(), Fault> {
    let below = |project: &&Document| state.ancestors(text(project, "id")).iter().any(|a| a == id);
    if state.projects.values().filter(below).any(|project| flag(project, "enabled")) {
        return Err(Fault::forbidden(format!(
            "Cannot disable project {id} since its subtree contains enabled projects."
        )));
    }
    Ok(())
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    removable("project", find(&world.identity, id)?)?;
    if world.identity.projects.values().any(|p| text(p, "parent_id") == id) {
        return Err(Fault::forbidden(format!(
            "Cannot delete the project {id} since it is not a leaf in the hierarchy. Use the cascade option if you want to delete a whole subtree."
        )));
    }
    forget(&mut world.identity, id);
    Ok(Reply::empty(204))
}

/// Removes a project and all that identity knows of it.
pub(crate) fn forget(state: &mut State, id: &str) {
    let target = Target::Project(id.to_owned());
    state.projects.remove(id);
    state.assignments.retain(|assignment| assignment.target != target);
    state.application_credentials.remove_where(|credential| credential.project_id == id);
    state.revoke(|access| access.project() == Some(id));
    for user in state.users.values_mut() {
        if text(user, "default_project_id") == id {
            user.remove("default_project_id");
        }
    }
}

/// Returns the domain of the caller's scope, which is the default for new things.
pub(crate) fn own_domain(state: &State, context: &RequestContext) -> String {
    match context.access.as_ref().map(|access| &access.scope) {
        Some(Scope::Project(id)) => state.projects.get(id).map(|p| text(p, "domain_id").to_owned()),
        Some(Scope::Domain(id)) => Some(id.clone()),
        _ => None,
    }
    .unwrap_or_else(|| super::bootstrap::DOMAIN.to_owned())
}

pub(crate) fn find<'a>(state: &'a State, id: &str) -> Result<&'a Document, Fault> {
    state.projects.get(id).ok_or_else(|| missing("project", id))
}

fn contains(tags: &Value, tag: &str) -> bool {
    tags.as_array().is_some_and(|tags| tags.iter().any(|have| have == tag))
}
