//! Credentials of users for other systems, kept as they were given.

use serde_json::json;

use super::resource::{many, missing, one};
use super::{State, policy};
use crate::behaviour::Behaviour;
use crate::document::{Document, document, merge, required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("identity.credentials.list", list),
    ("identity.credentials.create", create),
    ("identity.credentials.show", show),
    ("identity.credentials.update", update),
    ("identity.credentials.delete", delete),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let credentials = world.identity.credentials.values();
    let credentials = credentials.filter(|found| policy::may_get_credential(found, context));
    many("credentials", credentials, &["user_id", "type"], context)
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("credential")?;
    required(body, "type")?;
    required(body, "blob")?;
    let id = world.ids.hex();
    let mut credential = document(json!({ "user_id": context.user(), "project_id": null }));
    merge(&mut credential, body);
    let user = text(&credential, "user_id");
    if !world.identity.users.contains(user) {
        return Err(missing("user", user));
    }
    credential.insert("id".to_owned(), json!(id));
    let reply = one(201, "credential", "credentials", &credential, context);
    world.identity.credentials.insert(id, credential);
    Ok(reply)
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(one(200, "credential", "credentials", find(&world.identity, context.id())?, context))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("credential")?;
    find(&world.identity, context.id())?;
    if let Some(credential) = world.identity.credentials.get_mut(context.id()) {
        merge(credential, body);
    }
    show(world, context)
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    find(&world.identity, context.id())?;
    world.identity.credentials.remove(context.id());
    Ok(Reply::empty(204))
}

fn find<'a>(state: &'a State, id: &str) -> Result<&'a Document, Fault> {
    state.credentials.get(id).ok_or_else(|| missing("credential", id))
}
