//! Quotas of projects, and what they leave room for.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::State;
use super::resource::{Kind, owner};
use crate::behaviour::Behaviour;
use crate::document::{Document, document, merge, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::policy::Owner;
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("network.quotas.list", list),
    ("network.quotas.show", show),
    ("network.quotas.update", update),
    ("network.quotas.delete", delete),
    ("network.quotas.show_default", show_default),
    ("network.quotas.show_details", show_details),
];

/// Refuses new resources of a kind that their projects have no room for.
pub(crate) fn room(
    state: &State,
    kind: &Kind,
    bodies: &[&Document],
    context: &RequestContext,
) -> Result<(), Fault> {
    let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
    for body in bodies {
        *wanted.entry(owner(body, context)?).or_default() += 1;
    }
    let key = kind.singular;
    for (project, count) in wanted {
        let quota = of(state, &project);
        let limit = quota.get(key).and_then(Value::as_i64);
        let limit = limit.and_then(|limit| usize::try_from(limit).ok());
        if limit.is_some_and(|limit| used(state, key, &project) + count > limit) {
            let message = format!("Quota exceeded for resources: ['{key}'].");
            return Err(Fault::conflict(message).word("OverQuota"));
        }
    }
    Ok(())
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let shown: Vec<Value> = world
        .network
        .quotas
        .keys()
        .filter(|project| context.may("get_quota", &Owner::project(project)))
        .map(|project| {
            let mut quota = of(&world.network, project);
            quota.insert("project_id".to_owned(), json!(project));
            quota.insert("tenant_id".to_owned(), json!(project));
            Value::Object(quota)
        })
        .collect();
    Ok(Reply::json(200, json!({ "quotas": shown })))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(Reply::json(200, json!({ "quota": of(&world.network, context.id()) })))
}

fn show_default(_: &mut World, _: &RequestContext) -> Outcome {
    Ok(Reply::json(200, json!({ "quota": defaults() })))
}

fn show_details(world: &mut World, context: &RequestContext) -> Outcome {
    let detail: Map<String, Value> = of(&world.network, context.id())
        .into_iter()
        .map(|(key, limit)| {
            let used = used(&world.network, &key, context.id());
            (key, json!({ "limit": limit, "used": used, "reserved": 0 }))
        })
        .collect();
    Ok(Reply::json(200, json!({ "quota": detail })))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let changes = context.envelope("quota")?.clone();
    if let Some(key) = changes.keys().find(|key| !defaults().contains_key(*key)) {
        return Err(Fault::bad_request(format!("Unrecognized attribute(s) '{key}'")));
    }
    merge(world.network.quotas.entry(context.id().to_owned()).or_default(), &changes);
    show(world, context)
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    world.network.quotas.remove(context.id()).map(|_| Reply::empty(204)).ok_or_else(|| {
        Fault::not_found(format!("Quota for tenant {} could not be found.", context.id()))
            .word("TenantQuotaNotFound")
    })
}

fn of(state: &State, project: &str) -> Document {
    let mut quota = defaults();
    if let Some(own) = state.quotas.get(project) {
        merge(&mut quota, own);
    }
    quota
}

fn defaults() -> Document {
    document(json!({
        "network": 100, "subnet": 100, "subnetpool": -1, "port": 500, "router": 10,
        "floatingip": 50, "rbac_policy": 10, "security_group": 10, "security_group_rule": 100,
    }))
}

fn used(state: &State, key: &str, project: &str) -> usize {
    let table = match key {
        "network" => &state.networks,
        "subnet" => &state.subnets,
        "port" => &state.ports,
        "router" => &state.routers,
        "floatingip" => &state.floating_ips,
        "security_group" => &state.security_groups,
        "security_group_rule" => &state.security_group_rules,
        "subnetpool" => &state.subnet_pools,
        _ => return 0,
    };
    table.values().filter(|resource| text(resource, "project_id") == project).count()
}
