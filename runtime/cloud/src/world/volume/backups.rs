//! Backups of volumes, and what they are restored to.

use serde_json::{Value, json};

use super::collection::{self, Collection, all_projects, item};
use super::find::{backup, snapshot, volume};
use super::view::{ZONE, links};
use super::{Backup, State, Volume};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::{Document, flag, required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::policy::Owner;
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("volume.backups.list", list),
    ("volume.backups.list_detail", list_detail),
    ("volume.backups.create", create),
    ("volume.backups.show", show),
    ("volume.backups.update", update),
    ("volume.backups.delete", delete),
    ("volume.backups.restore", restore),
    ("volume.backups.reset_status", reset_status),
    ("volume.backups.force_delete", force_delete),
];

/// How long a backup takes, in milliseconds.
const WORK: u32 = 100;

const COLLECTION: Collection =
    Collection { key: "backups", links: "backups_links", path: "backups" };

item!(Backup {
    "id": id, "name": name, "status": status, "volume_id": volume_id, "size": size,
    "created_at": created, "updated_at": updated,
});

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.volume;
    let all = visible(state, context);
    collection::answer(
        &COLLECTION,
        all,
        |b| detail(state, b, context),
        |b| brief(b, context),
        context,
    )
}

fn list_detail(world: &mut World, context: &RequestContext) -> Outcome {
    let collection = Collection { path: "backups/detail", ..COLLECTION };
    let state = &world.volume;
    let shown = |b: &Backup| detail(state, b, context);
    collection::answer(&collection, visible(state, context), shown, shown, context)
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("backup")?;
    let of = volume(&world.volume, required(body, "volume_id")?, context)?.clone();
    let of_snapshot = Some(text(body, "snapshot_id").to_owned()).filter(|id| !id.is_empty());
    let mut content = of.content.clone();
    if let Some(id) = &of_snapshot {
        content.clone_from(&snapshot(&world.volume, id, context)?.content);
    }
    let forced = flag(body, "force") && of.status == "in-use";
    if of.status != "available" && !forced && of_snapshot.is_none() {
        return Err(Fault::bad_request(format!(
            "Invalid volume: Volume to be backed up must be available or in-use, but the current status is \"{}\".",
            of.status
        )));
    }
    let incremental = flag(body, "incremental");
    let parent = if incremental { Some(parent(&world.volume, &of.id, context)?) } else { None };
    super::quotas::room_for_one(&world.volume, context.project(), "backups")?;
    let container = text(body, "container");
    let new = Backup {
        id: world.ids.uuid(),
        name: body.get("name").cloned().unwrap_or(Value::Null),
        description: body.get("description").cloned().unwrap_or(Value::Null),
        status: "creating".to_owned(),
        volume_id: of.id,
        snapshot_id: of_snapshot,
        size: of.size,
        container: if container.is_empty() { "volumebackups" } else { container }.to_owned(),
        parent,
        content,
        metadata: super::metadata::read(body.get("metadata"))?,
        project: context.project().to_owned(),
        user: context.user().to_owned(),
        created: world.stamp(Stamp::MicrosBare),
        updated: None,
    };
    let shown = json!({ "backup": brief(&new, context) });
    let id = new.id.clone();
    hold(&mut world.volume, &new);
    world.volume.backups.insert(id.clone(), new);
    world.later(WORK, become_available, &id);
    Ok(Reply::json(202, shown))
}

/// Finds the backup that an incremental one adds to: the newest of the volume;
/// cinder/backup/api.py, `API.create`.
fn parent(state: &State, volume: &str, context: &RequestContext) -> Result<String, Fault> {
    let mut own = state.backups.values().filter(|b| b.project == context.project());
    let newest = own.rfind(|backup| backup.volume_id == volume);
    newest.filter(|backup| backup.status == "available").map(|backup| backup.id.clone()).ok_or_else(
        || Fault::bad_request("Invalid backup: No backups available to do an incremental backup."),
    )
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let found = backup(&world.volume, context.id(), context)?;
    Ok(Reply::json(200, json!({ "backup": detail(&world.volume, found, context) })))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("backup")?;
    backup(&world.volume, context.id(), context)?;
    let metadata = super::metadata::read(body.get("metadata"))?;
    let Some(found) = world.volume.backups.get_mut(context.id()) else {
        return Err(Fault::not_found(format!("Backup {} could not be found.", context.id())));
    };
    if let Some(name) = body.get("name") {
        found.name = name.clone();
    }
    if let Some(description) = body.get("description") {
        found.description = description.clone();
    }
    if body.contains_key("metadata") {
        found.metadata = metadata;
    }
    let shown = json!({ "backup": brief(found, context) });
    Ok(Reply::json(200, shown))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let found = backup(&world.volume, context.id(), context)?;
    if !["available", "error"].contains(&found.status.as_str()) {
        return Err(Fault::bad_request("Invalid backup: Backup status must be available or error"));
    }
    if depended_on(&world.volume, found) {
        return Err(Fault::bad_request(
            "Invalid backup: Incremental backups exist for this backup.",
        ));
    }
    world.volume.backups.remove(context.id());
    Ok(Reply::empty(202))
}

/// Restores a backup to the volume asked for, or to a new one.
fn restore(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("restore")?;
    let found = backup(&world.volume, context.id(), context)?.clone();
    if found.status != "available" {
        return Err(Fault::bad_request("Invalid backup: Backup status must be available"));
    }
    let target = text(body, "volume_id");
    let id = if target.is_empty() {
        let name = text(body, "name");
        let name =
            if name.is_empty() { format!("restore_backup_{}", found.id) } else { name.to_owned() };
        let mut new = Document::new();
        new.insert("size".to_owned(), json!(found.size));
        new.insert("name".to_owned(), json!(name));
        super::volumes::for_server(world, &new, context)?
    } else {
        let to = volume(&world.volume, target, context)?;
        refuse_target(to, &found)?;
        to.id.clone()
    };
    let restored = world.volume.volumes.get_mut(&id);
    let name = restored.map(|volume| {
        volume.content.clone_from(&found.content);
        volume.name.clone()
    });
    Ok(Reply::json(
        202,
        json!({ "restore": { "backup_id": found.id, "volume_id": id, "volume_name": name } }),
    ))
}

fn refuse_target(to: &Volume, backup: &Backup) -> Result<(), Fault> {
    if to.status != "available" {
        return Err(Fault::bad_request(
            "Invalid volume: Volume to be restored to must be available",
        ));
    }
    if to.size < backup.size {
        return Err(Fault::bad_request(format!(
            "Invalid volume: volume size {} is too small to restore backup of size {}.",
            to.size, backup.size
        )));
    }
    Ok(())
}

fn reset_status(world: &mut World, context: &RequestContext) -> Outcome {
    backup(&world.volume, context.id(), context)?;
    let status = context.action().get("status").and_then(Value::as_str).map(str::to_owned);
    if let (Some(found), Some(status)) = (world.volume.backups.get_mut(context.id()), status) {
        found.status = status;
    }
    Ok(Reply::empty(202))
}

fn force_delete(world: &mut World, context: &RequestContext) -> Outcome {
    let found = backup(&world.volume, context.id(), context)?.clone();
    if depended_on(&world.volume, &found) {
        return Err(Fault::bad_request(
            "Invalid backup: Incremental backups exist for this backup.",
        ));
    }
    release(&mut world.volume, &found);
    world.volume.backups.remove(context.id());
    Ok(Reply::empty(202))
}

fn become_available(world: &mut World, id: &str) {
    let now = world.stamp(Stamp::MicrosBare);
    if let Some(found) = world.volume.backups.get_mut(id).filter(|b| b.status == "creating") {
        "available".clone_into(&mut found.status);
        found.updated = Some(now);
        let done = found.clone();
        release(&mut world.volume, &done);
    }
}

/// What is being copied: it can be neither removed nor copied again meanwhile.
const COPIED: &str = "backing-up";

/// Marks what a backup copies; cinder/backup/api.py, `API.create`.
fn hold(state: &mut State, backup: &Backup) {
    match &backup.snapshot_id {
        Some(id) => {
            if let Some(snapshot) = state.snapshots.get_mut(id) {
                COPIED.clone_into(&mut snapshot.status);
            }
        }
        None => {
            if let Some(volume) = state.volumes.get_mut(&backup.volume_id) {
                COPIED.clone_into(&mut volume.status);
            }
        }
    }
}

/// Returns back what a backup copied, in the state in which it was.
fn release(state: &mut State, backup: &Backup) {
    if let Some(id) = &backup.snapshot_id {
        if let Some(snapshot) = state.snapshots.get_mut(id).filter(|s| s.status == COPIED) {
            "available".clone_into(&mut snapshot.status);
        }
        return;
    }
    let attached = state.attachments.values().any(|a| a.volume_id == backup.volume_id);
    if let Some(volume) = state.volumes.get_mut(&backup.volume_id).filter(|v| v.status == COPIED) {
        if attached { "in-use" } else { "available" }.clone_into(&mut volume.status);
    }
}

fn visible<'a>(state: &'a State, context: &RequestContext) -> Vec<&'a Backup> {
    let all = all_projects(context);
    state.backups.values().filter(|b| all || b.project == context.project()).collect()
}

fn depended_on(state: &State, backup: &Backup) -> bool {
    state.backups.values().any(|other| other.parent.as_ref() == Some(&backup.id))
}

fn brief(backup: &Backup, context: &RequestContext) -> Value {
    json!({
        "id": backup.id,
        "name": backup.name,
        "links": links("backups", &backup.id, context),
    })
}

fn detail(state: &State, backup: &Backup, context: &RequestContext) -> Value {
    let mut out = brief(backup, context);
    let more = json!({
        "status": backup.status,
        "size": backup.size,
        "object_count": 0,
        "availability_zone": ZONE,
        "container": backup.container,
        "created_at": backup.created,
        "updated_at": backup.updated,
        "description": backup.description,
        "fail_reason": null,
        "volume_id": backup.volume_id,
        "is_incremental": backup.parent.is_some(),
        "has_dependent_backups": depended_on(state, backup),
        "snapshot_id": backup.snapshot_id,
        "data_timestamp": backup.created,
    });
    if let (Value::Object(out), Value::Object(more)) = (&mut out, more) {
        out.extend(more);
    }
    let all = context.may("backup:backup_project_attribute", &Owner::caller(context));
    if all && context.since(18) {
        out["os-backup-project-attr:project_id"] = json!(backup.project);
    }
    if context.since(43) {
        out["metadata"] = json!(backup.metadata);
    }
    if all && context.since(56) {
        out["user_id"] = json!(backup.user);
    }
    if context.since(64) {
        out["encryption_key_id"] = Value::Null;
        if let Value::Object(out) = &mut out {
            out.remove("encryption_key_id");
        }
    }
    out
}
