//! Making, showing, changing and deleting volumes.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};

use super::collection::{self, Collection, all_projects, item};
use super::find::{snapshot, volume, volume_mut, volume_type};
use super::view::{brief, detail, own};
use super::{State, Volume};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::{Document, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::query::truth_in;
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("volume.volumes.list", list),
    ("volume.volumes.list_detail", list_detail),
    ("volume.volume_summary.show", summary),
    ("volume.volumes.create", create),
    ("volume.volumes.show", show),
    ("volume.volumes.update", update),
    ("volume.volumes.delete", delete),
];

/// How long a volume takes to make or to remove, in milliseconds.
const WORK: u32 = 100;

const COLLECTION: Collection =
    Collection { key: "volumes", links: "volumes_links", path: "volumes" };

item!(Volume {
    "id": id, "name": name, "status": status, "size": size, "created_at": created,
    "updated_at": updated,
});

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.volume;
    let all = visible(state, context);
    collection::answer(
        &COLLECTION,
        all,
        |v| detail(state, v, context),
        |v| brief(v, context),
        context,
    )
}

fn list_detail(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.volume;
    let collection = Collection { path: "volumes/detail", ..COLLECTION };
    let all = visible(state, context);
    let shown = |v: &Volume| detail(state, v, context);
    collection::answer(&collection, all, shown, shown, context)
}

fn summary(world: &mut World, context: &RequestContext) -> Outcome {
    let all = visible(&world.volume, context);
    let size: u64 = all.iter().map(|volume| volume.size).sum();
    let mut body = json!({ "volume-summary": { "total_count": all.len(), "total_size": size } });
    if context.since(36) {
        let mut metadata: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (key, value) in all.iter().flat_map(|volume| &volume.metadata) {
            let values = metadata.entry(key).or_default();
            if !values.contains(&value.as_str()) {
                values.push(value);
            }
        }
        body["volume-summary"]["metadata"] = json!(metadata);
    }
    Ok(Reply::json(200, body))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("volume")?;
    refuse_unknown(body, context)?;
    let new = plan(world, body, context)?;
    super::quotas::room(&world.volume, &new.project, new.size)?;
    let id = new.id.clone();
    world.volume.volumes.insert(id.clone(), new);
    let made = volume(&world.volume, &id, context)?;
    let body = json!({ "volume": own(&world.volume, made, context) });
    let is_placed = world.volume.volumes.get(&id).is_some_and(|volume| !volume.place.is_empty());
    let work = if is_placed { become_available } else { become_lost };
    world.later(WORK, work, &id);
    Ok(Reply::json(202, body))
}

/// Ends in error what no back end takes, and says why.
fn become_lost(world: &mut World, id: &str) {
    let Some(volume) = world.volume.volumes.get_mut(id) else { return };
    "error".clone_into(&mut volume.status);
    let project = volume.project.clone();
    super::messages::no_backend(world, &project, id);
}

/// Refuses what a volume cannot be created with (cinder 29.0.0,
/// `cinder.api.v3.volumes.VolumeController.create`).
fn refuse_unknown(body: &Document, context: &RequestContext) -> Result<(), Fault> {
    if body.get("multiattach").and_then(truth_in) == Some(true) {
        return Err(Fault::bad_request(
            "multiattach parameter has been removed. The default behavior is to use multiattach \
             enabled volume types. Contact your administrator to create a multiattach enabled \
             volume type and use it to create multiattach volumes.",
        ));
    }
    // Groups are not implemented, so that there is none.
    let group = body.get("group_id").filter(|_| context.since(13)).and_then(Value::as_str);
    if let Some(group) = group {
        return Err(Fault::not_found(format!("Group {group} could not be found.")));
    }
    Ok(())
}

/// Works out what a body asks for.
fn plan(world: &mut World, body: &Document, context: &RequestContext) -> Result<Volume, Fault> {
    let state = &world.volume;
    let project = context.project().to_owned();
    let mut smallest = 0;
    let mut source_type = None;
    let mut image_metadata = Document::new();
    let mut content = Bytes::new();
    let mut bootable = false;
    let snapshot_id = given(body, "snapshot_id");
    if let Some(id) = &snapshot_id {
        let from = snapshot(state, id, context)?;
        if from.status != "available" {
            return Err(Fault::bad_request(format!(
                "Invalid snapshot: Originating snapshot status must be one of 'available', not '{}'.",
                from.status
            )));
        }
        smallest = from.size;
        content.clone_from(&from.content);
        if let Some(volume) = state.volumes.get(&from.volume_id) {
            source_type = Some(volume.type_id.clone());
            bootable = volume.bootable;
            image_metadata.clone_from(&volume.image_metadata);
        }
    }
    let source_id = given(body, "source_volid");
    if let Some(id) = &source_id {
        let from = volume(state, id, context)?;
        smallest = from.size;
        source_type = Some(from.type_id.clone());
        content.clone_from(&from.content);
        bootable = from.bootable;
        image_metadata.clone_from(&from.image_metadata);
    }
    if let Some(id) = given(body, "imageRef").or_else(|| given(body, "image_id")) {
        let image =
            crate::world::image::images::usable(&world.image, &id, context).map_err(|_| {
                Fault::bad_request(format!(
                    "Invalid image identifier or unable to access requested image: {id}"
                ))
            })?;
        if image.text("status") != "active" {
            return Err(Fault::bad_request(format!(
                "Invalid input received: Image {id} is not active."
            )));
        }
        smallest = image.properties.get("min_disk").and_then(Value::as_u64).unwrap_or(0).max(1);
        content = image.data.clone().unwrap_or_default();
        image_metadata = super::image_metadata::of_image(image);
        bootable = true;
    }
    let size = match size(body.get("size"))? {
        Some(size) if size < smallest => {
            return Err(Fault::bad_request(format!(
                "Invalid input received: Size of specified source or image {smallest}GB is larger than the volume size {size}GB."
            )));
        }
        Some(size) => size,
        None if smallest > 0 => smallest,
        None => {
            return Err(Fault::bad_request(
                "Invalid input received: volume size must be specified as an integer greater than zero",
            ));
        }
    };
    let type_id = match given(body, "volume_type") {
        Some(wanted) => volume_type(state, &wanted, context)?.id.clone(),
        None => source_type.unwrap_or_else(|| state.default_type.clone()),
    };
    let zone = text(body, "availability_zone");
    if !zone.is_empty() && zone != super::view::ZONE {
        return Err(Fault::bad_request(format!(
            "Invalid input received: Availability zone '{zone}' is invalid."
        )));
    }
    let multiattach = takes_several(state, &type_id);
    Ok(Volume {
        id: world.ids.uuid(),
        name: named(body, "name", "display_name"),
        description: named(body, "description", "display_description"),
        status: "creating".to_owned(),
        size,
        place: super::placement::chosen(state, &type_id),
        migration: None,
        content,
        type_id,
        snapshot_id,
        source_id,
        metadata: super::metadata::read(body.get("metadata"))?,
        image_metadata,
        bootable,
        read_only: false,
        multiattach,
        project,
        user: context.user().to_owned(),
        created: world.stamp(Stamp::MicrosBare),
        updated: None,
    })
}

/// Whether volumes of a type may be attached to several servers.
pub(crate) fn takes_several(state: &State, type_id: &str) -> bool {
    let found = state.types.get(type_id).and_then(|found| found.extra_specs.get("multiattach"));
    found.is_some_and(|flag| flag == "<is> True")
}

/// Makes a volume for a server that boots from one; it is there at once.
pub(crate) fn for_server(
    world: &mut World,
    body: &Document,
    context: &RequestContext,
) -> Result<String, Fault> {
    let mut new = plan(world, body, context)?;
    super::quotas::room(&world.volume, &new.project, new.size)?;
    "available".clone_into(&mut new.status);
    let id = new.id.clone();
    world.volume.volumes.insert(id.clone(), new);
    Ok(id)
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let found = volume(&world.volume, context.id(), context)?;
    Ok(Reply::json(200, json!({ "volume": detail(&world.volume, found, context) })))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("volume")?;
    let now = world.stamp(Stamp::MicrosBare);
    let found = volume_mut(&mut world.volume, context.id(), context)?;
    for (key, old) in [("name", "display_name"), ("description", "display_description")] {
        if let Some(value) = body.get(key).or(body.get(old)) {
            if key == "name" {
                found.name = value.clone();
            } else {
                found.description = value.clone();
            }
        }
    }
    if body.contains_key("metadata") {
        found.metadata = super::metadata::read(body.get("metadata"))?;
    }
    found.updated = Some(now);
    let found = volume(&world.volume, context.id(), context)?;
    Ok(Reply::json(200, json!({ "volume": own(&world.volume, found, context) })))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    let cascade = context.query.flag("cascade");
    let state = &mut world.volume;
    let status = volume(state, id, context)?.status.clone();
    let removable = ["available", "error", "error_restoring", "error_extending"];
    let status_rule = "status must be available or error or error_restoring or error_extending or error_managing and";
    if !removable.contains(&status.as_str()) {
        return Err(kept(&format!(" {status_rule}")));
    }
    refuse_used(state, id, cascade).map_err(|()| kept(&format!(" {status_rule}")))?;
    state.snapshots.remove_where(|snapshot| snapshot.volume_id == id);
    start_removal(world, id);
    Ok(Reply::empty(202))
}

/// Refuses to remove a volume that is attached, or whose snapshots do not go with it;
/// cinder/volume/api.py, `API.delete`.
pub(crate) fn refuse_used(state: &State, id: &str, cascade: bool) -> Result<(), ()> {
    let attached = state.attachments.values().any(|a| a.volume_id == id);
    let mut snapshots = state.snapshots.values().filter(|snapshot| snapshot.volume_id == id);
    let removable = |status: &str| ["available", "error", "deleting"].contains(&status);
    let held = if cascade {
        snapshots.any(|snapshot| !removable(&snapshot.status))
    } else {
        snapshots.next().is_some()
    };
    if attached || held { Err(()) } else { Ok(()) }
}

/// The fault of a volume that may not be removed; `status` is empty where it does not matter.
pub(crate) fn kept(status: &str) -> Fault {
    Fault::bad_request(format!(
        "Invalid volume: Volume{status} must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer."
    ))
}

/// Begins to remove a volume.
pub(crate) fn start_removal(world: &mut World, id: &str) {
    if let Some(found) = world.volume.volumes.get_mut(id) {
        "deleting".clone_into(&mut found.status);
        world.later(WORK, become_gone, id);
    }
}

fn become_available(world: &mut World, id: &str) {
    let now = world.stamp(Stamp::MicrosBare);
    if let Some(found) = world.volume.volumes.get_mut(id).filter(|v| v.status == "creating") {
        "available".clone_into(&mut found.status);
        found.updated = Some(now);
    }
}

fn become_gone(world: &mut World, id: &str) {
    world.volume.volumes.remove(id);
}

fn visible<'a>(state: &'a State, context: &RequestContext) -> Vec<&'a Volume> {
    let all = all_projects(context);
    let project = context.query.get("project_id").filter(|_| all);
    state
        .volumes
        .values()
        .filter(|volume| all || volume.project == context.project())
        .filter(|volume| project.is_none_or(|project| project == volume.project))
        .collect()
}

fn given(body: &Document, key: &str) -> Option<String> {
    Some(text(body, key)).filter(|value| !value.is_empty()).map(str::to_owned)
}

/// Reads a name under its present or its former key.
pub(crate) fn named(body: &Document, key: &str, old: &str) -> Value {
    body.get(key).or(body.get(old)).cloned().unwrap_or(Value::Null)
}

/// Reads a size, which may be a number or one in a string.
pub(crate) fn size(value: Option<&Value>) -> Result<Option<u64>, Fault> {
    let size = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.parse().ok(),
        Some(value) => value.as_u64(),
    };
    match size.filter(|size| *size > 0) {
        Some(size) => Ok(Some(size)),
        None => Err(Fault::bad_request(
            "Invalid input for field/attribute size: it must be a whole number greater than zero.",
        )),
    }
}
