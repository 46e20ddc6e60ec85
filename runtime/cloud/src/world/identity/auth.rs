//! `/auth`: getting, validating and revoking tokens, and what one leads to.

use serde_json::{Value, json};

use super::token::{self, Access, Scope};
use super::{authenticate, catalog, receipts, resource};
use crate::behaviour::Behaviour;
use crate::document::flag;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("identity.auth_tokens.create", create),
    ("identity.auth_tokens.show", show),
    ("identity.auth_tokens.delete", delete),
    ("identity.auth_catalog.show", list_catalog),
    ("identity.auth_projects.list", list_projects),
    ("identity.auth_domains.list", list_domains),
    ("identity.auth_system.show", list_system),
];

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let now = world.clock.now();
    let mut found = authenticate::authenticate(&world.identity, &context.json, now)?;
    if let Some(refusal) = receipts::unfinished(world, context, &mut found)? {
        return Ok(refusal);
    }
    if let Some(trust) = &found.access.trust {
        world.identity.use_trust(trust);
    }
    let id = world.identity.issue(found.access, found.methods, now, found.no_later, found.first);
    let token = world.identity.tokens.get(&id).ok_or_else(Fault::unauthorized)?;
    let with_catalog = !context.query.flag("nocatalog");
    let body = token::show(&world.identity, token, &context.base, with_catalog);
    Ok(Reply::json(201, json!({ "token": body })).header("x-subject-token", id))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let id = subject(context)?;
    let token = world
        .identity
        .tokens
        .get(id)
        .filter(|token| token.expires > world.clock.now())
        .ok_or_else(|| no_token(id))?;
    let with_catalog = !context.query.flag("nocatalog");
    let body = token::show(&world.identity, token, &context.base, with_catalog);
    Ok(Reply::json(200, json!({ "token": body })).header("x-subject-token", id))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let id = subject(context)?;
    let found = world.identity.tokens.remove(id);
    found.map(|_| Reply::empty(204)).ok_or_else(|| no_token(id))
}

fn list_catalog(world: &mut World, context: &RequestContext) -> Outcome {
    let project = context.access()?.project();
    if project.is_none() {
        return Err(Fault::forbidden(
            "A project-scoped token is required to produce a service catalog.",
        ));
    }
    let entries = catalog::catalog(&world.identity, project, &context.base);
    Ok(Reply::json(200, json!({ "catalog": entries, "links": own_link(context) })))
}

fn list_projects(world: &mut World, context: &RequestContext) -> Outcome {
    let user = context.user();
    let state = &world.identity;
    let projects: Vec<Value> = state
        .projects
        .iter()
        // Also those that are off (`keystone.api.auth.AuthProjectsResource`).
        .filter(|(id, _)| {
            !state.effective_roles(user, &Scope::Project((*id).to_owned())).is_empty()
        })
        .map(|(_, project)| resource::shown(project, "projects", &context.base))
        .collect();
    Ok(Reply::json(200, json!({ "projects": projects, "links": resource::links(context) })))
}

fn list_domains(world: &mut World, context: &RequestContext) -> Outcome {
    let user = context.user();
    let state = &world.identity;
    let domains: Vec<Value> = state
        .domains
        .iter()
        .filter(|(_, domain)| flag(domain, "enabled"))
        .filter(|(id, _)| !state.effective_roles(user, &Scope::Domain((*id).to_owned())).is_empty())
        .map(|(_, domain)| resource::shown(domain, "domains", &context.base))
        .collect();
    Ok(Reply::json(200, json!({ "domains": domains, "links": resource::links(context) })))
}

fn list_system(world: &mut World, context: &RequestContext) -> Outcome {
    let any = !world.identity.effective_roles(context.user(), &Scope::System).is_empty();
    let system: Vec<Value> = any.then(|| json!({ "all": true })).into_iter().collect();
    Ok(Reply::json(200, json!({ "system": system, "links": own_link(context) })))
}

/// Returns the links of an answer that is no list and has no pages.
fn own_link(context: &RequestContext) -> Value {
    json!({ "self": resource::links(context)["self"] })
}

fn subject(context: &RequestContext) -> Result<&str, Fault> {
    context
        .header("x-subject-token")
        .ok_or_else(|| Fault::bad_request("The header X-Subject-Token is required."))
}

/// Returns what a valid token gives access to.
pub(crate) fn access_of<'a>(world: &'a World, id: &str) -> Result<&'a Access, Fault> {
    let token = world.identity.tokens.get(id).filter(|token| token.expires > world.clock.now());
    token.map(|token| &token.access).ok_or_else(|| no_token(id))
}

fn no_token(id: &str) -> Fault {
    Fault::not_found(format!("Could not find token: {}.", shortened(id)))
}

/// Keeps a token out of messages.
fn shortened(token: &str) -> String {
    token.chars().take(8).chain("…".chars()).collect()
}
