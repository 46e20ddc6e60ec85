//! Groups and who is in them.

use serde_json::json;

use super::State;
use super::assignments::Actor;
use super::projects::own_domain;
use super::resource::{many, missing, name, one, unique};
use super::users;
use crate::behaviour::Behaviour;
use crate::document::{Document, document, merge, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("identity.groups.list", list),
    ("identity.groups.create", create),
    ("identity.groups.show", show),
    ("identity.groups.update", update),
    ("identity.groups.delete", delete),
    ("identity.group_users.list", list_users),
    ("identity.group_users.add", add_user),
    ("identity.group_users.check", check_user),
    ("identity.group_users.remove", remove_user),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let groups = world.identity.groups.values();
    let groups = groups.filter(|group| context.lists_domain(text(group, "domain_id")));
    many("groups", groups, &["name", "domain_id"], context)
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("group")?;
    let domain = match text(body, "domain_id") {
        "" => own_domain(&world.identity, context),
        domain => domain.to_owned(),
    };
    if !world.identity.domains.contains(&domain) {
        return Err(missing("domain", &domain));
    }
    unique(world.identity.groups.values(), "group", name(body)?, &domain, "")?;
    let id = world.ids.hex();
    let mut group = document(json!({ "description": "" }));
    merge(&mut group, body);
    group.insert("id".to_owned(), json!(id));
    group.insert("domain_id".to_owned(), json!(domain));
    let reply = one(201, "group", "groups", &group, context);
    world.identity.groups.insert(id, group);
    Ok(reply)
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(one(200, "group", "groups", find(&world.identity, context.id())?, context))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("group")?;
    let domain = text(find(&world.identity, context.id())?, "domain_id").to_owned();
    let all = world.identity.groups.values();
    unique(all, "group", text(body, "name"), &domain, context.id())?;
    if let Some(group) = world.identity.groups.get_mut(context.id()) {
        merge(group, body);
    }
    show(world, context)
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    find(&world.identity, context.id())?;
    forget(&mut world.identity, context.id());
    Ok(Reply::empty(204))
}

fn list_users(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.identity;
    find(state, context.id())?;
    let inside =
        |user: &&Document| state.memberships.contains(&pair(context.id(), text(user, "id")));
    let inside = |user: &&Document| inside(user) && context.lists_domain(text(user, "domain_id"));
    many("users", state.users.values().filter(inside), &["name"], context)
}

fn add_user(world: &mut World, context: &RequestContext) -> Outcome {
    both(&world.identity, context)?;
    world.identity.memberships.insert(pair(context.id(), context.parameter(1)));
    Ok(Reply::empty(204))
}

fn check_user(world: &mut World, context: &RequestContext) -> Outcome {
    both(&world.identity, context)?;
    inside(&world.identity, context)?;
    Ok(Reply::empty(204))
}

/// Takes a user out of a group; tokens lose the roles that rest on the group.
fn remove_user(world: &mut World, context: &RequestContext) -> Outcome {
    both(&world.identity, context)?;
    inside(&world.identity, context)?;
    world.identity.memberships.remove(&pair(context.id(), context.parameter(1)));
    world.identity.reconsider(|user| user == context.parameter(1));
    Ok(Reply::empty(204))
}

/// Removes a group and all that identity knows of it.
pub(crate) fn forget(state: &mut State, id: &str) {
    let actor = Actor::Group(id.to_owned());
    state.groups.remove(id);
    state.memberships.retain(|(group, _)| group != id);
    state.assignments.retain(|assignment| assignment.actor != actor);
}

pub(crate) fn find<'a>(state: &'a State, id: &str) -> Result<&'a Document, Fault> {
    state.groups.get(id).ok_or_else(|| missing("group", id))
}

fn both(state: &State, context: &RequestContext) -> Result<(), Fault> {
    find(state, context.id())?;
    users::find(state, context.parameter(1)).map(|_| ())
}

fn inside(state: &State, context: &RequestContext) -> Result<(), Fault> {
    let (group, user) = (context.id(), context.parameter(1));
    if state.memberships.contains(&pair(group, user)) {
        Ok(())
    } else {
        Err(Fault::not_found(format!("User '{user}' not found in group '{group}'.")))
    }
}

fn pair(group: &str, user: &str) -> (String, String) {
    (group.to_owned(), user.to_owned())
}
