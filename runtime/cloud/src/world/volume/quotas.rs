//! Quotas: what a project may have, and what it has.

use serde_json::{Value, json};

use super::State;
use crate::behaviour::Behaviour;
use crate::document::{Document, document, merge};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("volume.quota_sets.show", show),
    ("volume.quota_sets.update", update),
    ("volume.quota_sets.delete", delete),
    ("volume.quota_sets.show_defaults", defaults),
];

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let project = context.id();
    let mut shown = limits(&world.volume, project);
    if context.query.flag("usage") {
        for (key, limit) in &mut shown {
            let in_use = used(&world.volume, key, project);
            *limit = json!({ "limit": limit, "in_use": in_use, "reserved": 0, "allocated": 0 });
        }
    }
    shown.insert("id".to_owned(), json!(project));
    Ok(Reply::json(200, json!({ "quota_set": shown })))
}

/// Keys of a request that are no quotas, and are ignored (`cinder.quota.NON_QUOTA_KEYS`).
const NO_QUOTAS: [&str; 2] = ["tenant_id", "id"];

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("quota_set")?;
    let project = context.id();
    for (key, value) in body.iter().filter(|(key, _)| !NO_QUOTAS.contains(&key.as_str())) {
        let limit = match value {
            Value::String(text) => text.parse::<i64>().ok(),
            value => value.as_i64(),
        };
        let Some(limit) = limit.filter(|limit| *limit >= -1) else {
            return Err(Fault::bad_request(format!(
                "Invalid input for field/attribute {key}: it must be a whole number from -1."
            )));
        };
        if limits(&world.volume, project).contains_key(key) {
            let quota = world.volume.quotas.entry(project.to_owned()).or_default();
            quota.insert(key.clone(), json!(limit));
        }
    }
    Ok(Reply::json(200, json!({ "quota_set": limits(&world.volume, project) })))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    world.volume.quotas.remove(context.id());
    Ok(Reply::empty(200))
}

fn defaults(world: &mut World, context: &RequestContext) -> Outcome {
    let project = context.id();
    let mut shown = limits(&world.volume, "");
    shown.insert("id".to_owned(), json!(project));
    Ok(Reply::json(200, json!({ "quota_set": shown })))
}

/// Refuses a new volume that a project has no room for.
pub(crate) fn room(state: &State, project: &str, size: u64) -> Result<(), Fault> {
    exceeds(state, project, "volumes", 1)?;
    exceeds(state, project, "gigabytes", size)
}

/// Refuses to make a volume larger than a project has room for.
pub(crate) fn room_to_grow(state: &State, project: &str, by: u64) -> Result<(), Fault> {
    exceeds(state, project, "gigabytes", by)
}

/// Refuses a new snapshot or backup that a project has no room for.
pub(crate) fn room_for_one(state: &State, project: &str, key: &str) -> Result<(), Fault> {
    exceeds(state, project, key, 1)
}

fn exceeds(state: &State, project: &str, key: &str, more: u64) -> Result<(), Fault> {
    let limit = limits(state, project).get(key).and_then(Value::as_i64).unwrap_or(-1);
    let used = used(state, key, project);
    // A negative limit is none.
    match u64::try_from(limit) {
        Ok(limit) if used + more > limit => Err(Fault::new(
            413,
            format!("Requested {key} exceed the allowed quota: requested {more}, quota is {limit} and {used} has been consumed."),
        )
        .header("retry-after", "0")),
        _ => Ok(()),
    }
}

/// Returns a project's limits, or the defaults for one that has none of its own.
pub(crate) fn limits(state: &State, project: &str) -> Document {
    let mut out = document(json!({
        "volumes": 10, "snapshots": 10, "gigabytes": 1000, "per_volume_gigabytes": -1,
        "backups": 10, "backup_gigabytes": 1000, "groups": 10,
    }));
    for found in state.types.values() {
        for key in ["volumes", "snapshots", "gigabytes"] {
            out.insert(format!("{key}_{}", found.name), json!(-1));
        }
    }
    if let Some(own) = state.quotas.get(project) {
        merge(&mut out, own);
    }
    out
}

/// Tells how much of a limit a project uses.
pub(crate) fn used(state: &State, key: &str, project: &str) -> u64 {
    let (what, type_id) = match key.split_once('_') {
        Some((what @ ("volumes" | "gigabytes"), name)) => {
            (what, state.types.values().find(|t| t.name == name).map(|t| t.id.as_str()))
        }
        _ => (key, None),
    };
    let volumes = || {
        state
            .volumes
            .values()
            .filter(|v| v.project == project && type_id.is_none_or(|id| id == v.type_id))
    };
    let count = match what {
        "volumes" => volumes().count(),
        "snapshots" => state.snapshots.values().filter(|s| s.project == project).count(),
        "backups" => state.backups.values().filter(|b| b.project == project).count(),
        "gigabytes" => return volumes().map(|volume| volume.size).sum(),
        "backup_gigabytes" => {
            let own = state.backups.values().filter(|b| b.project == project);
            return own.map(|backup| backup.size).sum();
        }
        _ => 0,
    };
    count as u64
}
