//! Users and their passwords.

use serde_json::{Value, json};

use super::State;
use super::assignments::Actor;
use super::password::Hashed;
use super::projects::own_domain;
use super::resource::{many, missing, name, one, unique};
use crate::behaviour::Behaviour;
use crate::document::{Document, document, merge, required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("identity.users.list", list),
    ("identity.users.create", create),
    ("identity.users.show", show),
    ("identity.users.update", update),
    ("identity.users.delete", delete),
    ("identity.users.change_password", change_password),
    ("identity.user_groups.list", list_groups),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let users = world.identity.users.values();
    let users = users.filter(|user| context.lists_domain(text(user, "domain_id")));
    many("users", users, &["name", "enabled", "domain_id"], context)
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("user")?;
    let domain = match text(body, "domain_id") {
        "" => own_domain(&world.identity, context),
        domain => domain.to_owned(),
    };
    if !world.identity.domains.contains(&domain) {
        return Err(missing("domain", &domain));
    }
    let name = name(body)?;
    unique(world.identity.users.values(), "user", name, &domain, "")?;
    let id = world.ids.hex();
    let mut user = document(json!({ "enabled": true, "password_expires_at": null, "options": {} }));
    merge(&mut user, body);
    user.insert("id".to_owned(), json!(id));
    user.insert("domain_id".to_owned(), json!(domain));
    keep_password(&mut world.identity, &id, &mut user);
    let reply = one(201, "user", "users", &user, context);
    world.identity.users.insert(id, user);
    Ok(reply)
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(one(200, "user", "users", find(&world.identity, context.id())?, context))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    let mut body = context.envelope("user")?.clone();
    let domain = text(find(&world.identity, id)?, "domain_id").to_owned();
    if body.get("domain_id").is_some_and(|value| *value != json!(domain)) {
        return Err(Fault::bad_request("Cannot change Domain ID"));
    }
    unique(world.identity.users.values(), "user", text(&body, "name"), &domain, id)?;
    let disabled = body.get("enabled") == Some(&json!(false));
    if keep_password(&mut world.identity, id, &mut body) || disabled {
        world.identity.revoke(|access| access.user_id == id);
    }
    if let Some(user) = world.identity.users.get_mut(id) {
        merge(user, &body);
    }
    show(world, context)
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    find(&world.identity, context.id())?;
    forget(&mut world.identity, context.id());
    Ok(Reply::empty(204))
}

fn change_password(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    let body = context.envelope("user")?;
    find(&world.identity, id)?;
    let (original, new) = (required(body, "original_password")?, required(body, "password")?);
    if !world.identity.passwords.get(id).is_some_and(|hashed| hashed.matches(original)) {
        return Err(Fault::unauthorized());
    }
    world.identity.passwords.insert(id.to_owned(), Hashed::new(new));
    world.identity.revoke(|access| access.user_id == id);
    Ok(Reply::empty(204))
}

fn list_groups(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.identity;
    find(state, context.id())?;
    let user = context.id().to_owned();
    let of_user = |group: &&Document| {
        state.memberships.contains(&(text(group, "id").to_owned(), user.clone()))
    };
    let mut groups: Vec<Document> = state.groups.values().filter(of_user).cloned().collect();
    for group in &mut groups {
        // Only a membership that an identity provider gave expires.
        group.insert("membership_expires_at".to_owned(), Value::Null);
    }
    many("groups", groups.iter(), &["name"], context)
}

/// Removes a user and all that identity knows of it.
pub(crate) fn forget(state: &mut State, id: &str) {
    let actor = Actor::User(id.to_owned());
    state.users.remove(id);
    state.passwords.remove(id);
    state.assignments.retain(|assignment| assignment.actor != actor);
    state.memberships.retain(|(_, user)| user != id);
    state.application_credentials.remove_where(|credential| credential.user_id == id);
    state.access_rules.remove_where(|rule| rule.user_id == id);
    state.credentials.remove_where(|credential| text(credential, "user_id") == id);
    state.forget_trusts_of(id);
    state.revoke(|access| access.user_id == id);
}

pub(crate) fn find<'a>(state: &'a State, id: &str) -> Result<&'a Document, Fault> {
    state.users.get(id).ok_or_else(|| missing("user", id))
}

/// Takes a password out of a user's attributes and keeps its digest; tells
/// whether there was one.
fn keep_password(state: &mut State, id: &str, attributes: &mut Document) -> bool {
    match attributes.remove("password") {
        Some(Value::String(password)) => {
            state.passwords.insert(id.to_owned(), Hashed::new(&password));
            true
        }
        _ => false,
    }
}
