//! Snapshots of volumes.

use serde_json::{Value, json};

use super::collection::{self, Collection, all_projects, item};
use super::find::{snapshot, snapshot_mut, volume};
use super::{Snapshot, State, volumes};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::required;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::policy::Owner;
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("volume.snapshots.list", list),
    ("volume.snapshots.list_detail", list_detail),
    ("volume.snapshots.create", create),
    ("volume.snapshots.show", show),
    ("volume.snapshots.update", update),
    ("volume.snapshots.delete", delete),
    ("volume.snapshots.reset_status", reset_status),
    ("volume.snapshots.update_snapshot_status", reset_status),
    ("volume.snapshots.force_delete", force_delete),
];

/// How long a snapshot takes, in milliseconds.
const WORK: u32 = 100;

const COLLECTION: Collection =
    Collection { key: "snapshots", links: "snapshots_links", path: "snapshots" };

item!(Snapshot {
    "id": id, "name": name, "status": status, "volume_id": volume_id, "size": size,
    "created_at": created, "updated_at": updated,
});

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let all = visible(&world.volume, context);
    let shown = |s: &Snapshot| summary(s);
    collection::answer(&COLLECTION, all, shown, shown, context)
}

fn list_detail(world: &mut World, context: &RequestContext) -> Outcome {
    let collection = Collection { path: "snapshots/detail", ..COLLECTION };
    let all = visible(&world.volume, context);
    let shown = |s: &Snapshot| detail(s, context);
    collection::answer(&collection, all, shown, shown, context)
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("snapshot")?;
    let of = volume(&world.volume, required(body, "volume_id")?, context)?;
    let force = context.since(66)
        || body
            .get("force")
            .is_some_and(|f| *f == json!(true) || *f == json!("true") || *f == json!("True"));
    let allowed = of.status == "available" || (force && of.status == "in-use");
    if !allowed {
        return Err(Fault::bad_request(format!(
            "Invalid volume: Volume {} status must be available, but current status is: {}.",
            of.id, of.status
        )));
    }
    super::quotas::room_for_one(&world.volume, context.project(), "snapshots")?;
    let new = Snapshot {
        id: world.ids.uuid(),
        name: volumes::named(body, "name", "display_name"),
        description: volumes::named(body, "description", "display_description"),
        status: "creating".to_owned(),
        volume_id: of.id.clone(),
        content: of.content.clone(),
        size: of.size,
        metadata: super::metadata::read(body.get("metadata"))?,
        project: context.project().to_owned(),
        user: context.user().to_owned(),
        created: world.stamp(Stamp::MicrosBare),
        updated: None,
    };
    let shown = json!({ "snapshot": brief(&new, context) });
    let id = new.id.clone();
    world.volume.snapshots.insert(id.clone(), new);
    world.later(WORK, become_available, &id);
    Ok(Reply::json(202, shown))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let found = snapshot(&world.volume, context.id(), context)?;
    Ok(Reply::json(200, json!({ "snapshot": detail(found, context) })))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("snapshot")?;
    let now = world.stamp(Stamp::MicrosBare);
    let found = snapshot_mut(&mut world.volume, context.id(), context)?;
    if let Some(name) = body.get("name").or(body.get("display_name")) {
        found.name = name.clone();
    }
    if let Some(description) = body.get("description").or(body.get("display_description")) {
        found.description = description.clone();
    }
    found.updated = Some(now);
    let shown = json!({ "snapshot": brief(found, context) });
    Ok(Reply::json(200, shown))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let found = snapshot_mut(&mut world.volume, context.id(), context)?;
    if !["available", "error"].contains(&found.status.as_str()) {
        return Err(Fault::bad_request(
            "Invalid snapshot: Snapshot status must be available or error and must not be part of a group.",
        ));
    }
    "deleting".clone_into(&mut found.status);
    world.later(WORK, become_gone, context.id());
    Ok(Reply::empty(202))
}

fn reset_status(world: &mut World, context: &RequestContext) -> Outcome {
    let status = context.action().get("status").and_then(Value::as_str).map(str::to_owned);
    let found = snapshot_mut(&mut world.volume, context.id(), context)?;
    if let Some(status) = status {
        found.status = status;
    }
    Ok(Reply::empty(202))
}

fn force_delete(world: &mut World, context: &RequestContext) -> Outcome {
    snapshot(&world.volume, context.id(), context)?;
    world.volume.snapshots.remove(context.id());
    Ok(Reply::empty(202))
}

fn become_available(world: &mut World, id: &str) {
    let now = world.stamp(Stamp::MicrosBare);
    if let Some(found) = world.volume.snapshots.get_mut(id).filter(|s| s.status == "creating") {
        "available".clone_into(&mut found.status);
        found.updated = Some(now);
    }
}

fn become_gone(world: &mut World, id: &str) {
    world.volume.snapshots.remove(id);
}

fn visible<'a>(state: &'a State, context: &RequestContext) -> Vec<&'a Snapshot> {
    let all = all_projects(context);
    state.snapshots.values().filter(|s| all || s.project == context.project()).collect()
}

/// Shows what lists without details have at every version.
fn summary(snapshot: &Snapshot) -> Value {
    json!({
        "id": snapshot.id,
        "name": snapshot.name,
        "description": snapshot.description,
        "status": snapshot.status,
        "volume_id": snapshot.volume_id,
        "size": snapshot.size,
        "metadata": snapshot.metadata,
        "created_at": snapshot.created,
        "updated_at": snapshot.updated,
    })
}

/// Shows a snapshot without the attributes of extensions, as when one is made or changed.
fn brief(snapshot: &Snapshot, context: &RequestContext) -> Value {
    let mut out = summary(snapshot);
    if context.since(14) {
        out["group_snapshot_id"] = Value::Null;
    }
    if context.since(41) {
        out["user_id"] = json!(snapshot.user);
    }
    if context.since(65) {
        out["consumes_quota"] = json!(true);
    }
    out
}

fn detail(snapshot: &Snapshot, context: &RequestContext) -> Value {
    let mut out = brief(snapshot, context);
    if !context.may("volume_extension:extended_snapshot_attributes", &Owner::caller(context)) {
        return out;
    }
    let done = if snapshot.status == "available" { "100%" } else { "0%" };
    out["os-extended-snapshot-attributes:progress"] = json!(done);
    out["os-extended-snapshot-attributes:project_id"] = json!(snapshot.project);
    out
}
