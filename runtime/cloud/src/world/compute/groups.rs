//! Server groups: rules of where servers are placed.

use serde_json::{Value, json};

use super::collection::paged;
use super::flavors::number;
use super::quotas;
use crate::behaviour::Behaviour;
use crate::document::{document, required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.server_groups.list", list),
    ("compute.server_groups.create", create),
    ("compute.server_groups.show", show),
    ("compute.server_groups.delete", delete),
];

/// A server group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    id: String,
    name: String,
    policy: String,
    most: Option<u64>,
    pub(crate) project: String,
    user: String,
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    // Who may not ask for all was refused before.
    let all = context.is_admin() && context.query.has("all_projects");
    let kept: Vec<&Group> = world
        .compute
        .groups
        .values()
        .filter(|group| all || group.project == context.project())
        .collect();
    let kept = kept.into_iter().skip(context.query.number("offset")?.unwrap_or(0)).collect();
    let shown = |group: &&Group| view(world, group, context);
    let mut body =
        paged("server_groups", "links", kept, |group| group.id.as_str(), shown, context)?;
    if let Some(body) = body.as_object_mut() {
        body.remove("links");
    }
    Ok(Reply::json(200, body))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("server_group")?;
    let policies = body.get("policies").and_then(Value::as_array);
    let policy = match text(body, "policy") {
        "" => policies.and_then(|list| list.first()?.as_str()).unwrap_or_default(),
        policy => policy,
    };
    let most = body
        .get("rules")
        .filter(|rules| rules.get("max_server_per_host").is_some())
        .map(|rules| number(&document(rules.clone()), "max_server_per_host"));
    if most.is_some() && policy != "anti-affinity" {
        return Err(Fault::bad_request("Only anti-affinity policy supports rules."));
    }
    let own = quotas::used(world, context.project(), "server_groups");
    quotas::one_more(world, context.project(), ("server_groups", "server groups"), own)?;
    let group = Group {
        id: world.ids.uuid(),
        name: required(body, "name")?.to_owned(),
        policy: policy.to_owned(),
        most,
        project: context.project().to_owned(),
        user: context.user().to_owned(),
    };
    let shown = view(world, &group, context);
    world.compute.groups.insert(group.id.clone(), group);
    Ok(Reply::json(200, json!({ "server_group": shown })))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let group = find(world, context)?;
    Ok(Reply::json(200, json!({ "server_group": view(world, group, context) })))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    find(world, context)?;
    world.compute.groups.remove(context.id());
    Ok(Reply::empty(204))
}

fn find<'a>(world: &'a World, context: &RequestContext) -> Result<&'a Group, Fault> {
    let id = context.id();
    world.compute.groups.get(id).ok_or_else(|| missing(id))
}

pub(crate) fn missing(id: &str) -> Fault {
    Fault::not_found(format!("Instance group {id} could not be found."))
}

fn view(world: &World, group: &Group, context: &RequestContext) -> Value {
    let in_group = |hint: Option<&Value>| hint.is_some_and(|hint| *hint == json!(group.id));
    let members: Vec<&String> = world
        .compute
        .servers
        .values()
        .filter(|server| in_group(server.hints.get("group")))
        .map(|server| &server.id)
        .collect();
    let mut out = json!({ "id": group.id, "name": group.name, "members": members });
    if context.since(64) {
        out["policy"] = json!(group.policy);
        out["rules"] = match group.most {
            Some(most) => json!({ "max_server_per_host": most }),
            None => json!({}),
        };
    } else {
        out["policies"] = json!([group.policy]);
        out["metadata"] = json!({});
    }
    if context.since(13) {
        out["project_id"] = json!(group.project);
        out["user_id"] = json!(group.user);
    }
    out
}

/// Returns how many servers of a group a host may have, if the group keeps them apart.
pub(crate) fn most_per_host(world: &World, id: &str) -> Option<u64> {
    let group = world.compute.groups.get(id).filter(|group| group.policy == "anti-affinity")?;
    Some(group.most.unwrap_or(1))
}
