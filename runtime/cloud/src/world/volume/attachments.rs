//! Attachments: how servers come to hold volumes, from 3.27 as a resource.

use serde_json::{Value, json};

use super::collection::{self, Collection, all_projects, item};
use super::find::volume;
use super::{Attachment, State, Volume};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::{required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("volume.attachments.list", list),
    ("volume.attachments.list_detail", list_detail),
    ("volume.attachments.create", create),
    ("volume.attachments.show", show),
    ("volume.attachments.update", update),
    ("volume.attachments.delete", delete),
    ("volume.attachments.complete", complete),
];

const COLLECTION: Collection =
    Collection { key: "attachments", links: "attachments_links", path: "attachments" };

item!(Attachment { "id": id, "status": status, "volume_id": volume_id, "instance": server_id });

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.volume;
    let filtered = |a: &Attachment| detail(state, a);
    collection::answer(&COLLECTION, visible(state, context), filtered, brief, context)
}

fn list_detail(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.volume;
    let collection = Collection { path: "attachments/detail", ..COLLECTION };
    let shown = |a: &Attachment| detail(state, a);
    collection::answer(&collection, visible(state, context), shown, shown, context)
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("attachment")?;
    let id = required(body, "volume_uuid")?;
    volume(&world.volume, id, context)?;
    let server = text(body, "instance_uuid").to_owned();
    let server = Some(server).filter(|server| !server.is_empty());
    let mode = text(body, "mode");
    let mode = if mode.is_empty() { "rw" } else { mode };
    let connector = body.get("connector").filter(|connector| connector.is_object()).cloned();
    let attachment = reserve(world, id, server.as_deref(), mode)?;
    if let Some(connector) = connector {
        apply(world, &attachment, connector);
    }
    let made = find(&world.volume, &attachment, context)?;
    Ok(Reply::json(200, json!({ "attachment": detail(&world.volume, made) })))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let found = find(&world.volume, context.id(), context)?;
    Ok(Reply::json(200, json!({ "attachment": detail(&world.volume, found) })))
}

/// Takes the connector of the host that will hold the volume.
fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("attachment")?;
    find(&world.volume, context.id(), context)?;
    let connector = body
        .get("connector")
        .filter(|connector| connector.is_object())
        .cloned()
        .ok_or_else(|| Fault::bad_request("Must specify 'connector' to update attachment."))?;
    apply(world, context.id(), connector);
    show(world, context)
}

fn complete(world: &mut World, context: &RequestContext) -> Outcome {
    find(&world.volume, context.id(), context)?;
    finish(world, context.id());
    Ok(Reply::empty(204))
}

/// Removes an attachment and tells which remain.
fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let volume_id = find(&world.volume, context.id(), context)?.volume_id.clone();
    refuse_held(world, context.id())?;
    disconnect(world, context.id());
    let left: Vec<Value> = world
        .volume
        .attachments
        .values()
        .filter(|attachment| attachment.volume_id == volume_id)
        .map(brief)
        .collect();
    Ok(Reply::json(200, json!({ "attachments": left })))
}

/// Attaches a volume in one go; gives the attachment's id.
pub(crate) fn connect(
    world: &mut World,
    volume: &str,
    server: Option<&str>,
    device: Option<&str>,
    host: Option<&str>,
) -> Result<String, Fault> {
    let id = reserve(world, volume, server, "rw")?;
    let connector = json!({ "host": host, "mountpoint": device });
    apply(world, &id, connector);
    finish(world, &id);
    Ok(id)
}

/// Refuses to end an attachment that a server holds: only compute may, or the device would
/// be left on its host; cinder/volume/api.py, `attachment_deletion_allowed`.
pub(crate) fn refuse_held(world: &World, id: &str) -> Result<(), Fault> {
    let Some(attachment) = world.volume.attachments.get(id) else { return Ok(()) };
    let server = attachment.server_id.as_deref().filter(|_| !attachment.connector.is_null());
    let holder = server
        .and_then(|id| world.compute.servers.get(id))
        .filter(|server| server.volumes.iter().any(|device| device.attachment == id));
    match holder {
        None => Ok(()),
        Some(server) => Err(Fault::conflict(format!(
            "Detach volume from instance {} using the Compute API",
            server.id
        ))),
    }
}

/// Ends an attachment; a volume without one is available again.
pub(crate) fn disconnect(world: &mut World, id: &str) {
    let Some(gone) = world.volume.attachments.remove(id) else { return };
    let state = &mut world.volume;
    let others = state.attachments.values().any(|a| a.volume_id == gone.volume_id);
    if let Some(volume) = state.volumes.get_mut(&gone.volume_id).filter(|_| !others) {
        "available".clone_into(&mut volume.status);
    }
}

/// Returns what a host needs to reach a volume, which here leads nowhere.
pub(crate) fn connection_info(volume: &Volume) -> Value {
    json!({
        "driver_volume_type": "local",
        "data": {
            "device_path": format!("/dev/squall/{}", volume.id),
            "access_mode": if volume.read_only { "ro" } else { "rw" },
            "encrypted": false,
            "qos_specs": null,
        },
    })
}

fn reserve(world: &mut World, id: &str, server: Option<&str>, mode: &str) -> Result<String, Fault> {
    let attachment_id = world.ids.uuid();
    let state = &mut world.volume;
    let volume = state
        .volumes
        .get_mut(id)
        .ok_or_else(|| Fault::not_found(format!("Volume {id} could not be found.")))?;
    let free = ["available", "attaching", "reserved"].contains(&volume.status.as_str());
    let held = state.attachments.values().any(|attachment| attachment.volume_id == id);
    let again = volume.multiattach && ["in-use", "reserved"].contains(&volume.status.as_str());
    if !(free && !held || again) {
        return Err(Fault::bad_request(format!(
            "Invalid volume: Volume {id} status must be available or downloading to reserve, but the current status is {}.",
            volume.status
        )));
    }
    if volume.status == "available" || volume.status == "attaching" {
        "reserved".clone_into(&mut volume.status);
    }
    let attachment = Attachment {
        id: attachment_id.clone(),
        volume_id: id.to_owned(),
        server_id: server.map(str::to_owned),
        status: "reserved".to_owned(),
        mode: mode.to_owned(),
        device: None,
        host: None,
        connector: Value::Null,
        project: volume.project.clone(),
        attached: None,
    };
    state.attachments.insert(attachment_id.clone(), attachment);
    Ok(attachment_id)
}

fn apply(world: &mut World, id: &str, connector: Value) {
    if let Some(found) = world.volume.attachments.get_mut(id) {
        let text = |key: &str| connector.get(key).and_then(Value::as_str).map(str::to_owned);
        found.device = text("mountpoint");
        found.host = text("host");
        "attaching".clone_into(&mut found.status);
        found.connector = connector;
    }
}

fn finish(world: &mut World, id: &str) {
    let now = world.stamp(Stamp::MicrosBare);
    let state = &mut world.volume;
    if let Some(found) = state.attachments.get_mut(id) {
        "attached".clone_into(&mut found.status);
        found.attached = Some(now);
        if let Some(volume) = state.volumes.get_mut(&found.volume_id) {
            "in-use".clone_into(&mut volume.status);
        }
    }
}

fn visible<'a>(state: &'a State, context: &RequestContext) -> Vec<&'a Attachment> {
    let all = all_projects(context);
    state.attachments.values().filter(|a| all || a.project == context.project()).collect()
}

pub(crate) fn find<'a>(
    state: &'a State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a Attachment, Fault> {
    state.attachments.get(id).filter(|attachment| context.may_see(&attachment.project)).ok_or_else(
        || {
            Fault::not_found(format!(
                "Volume attachment could not be found with filter: attachment_id = {id}."
            ))
        },
    )
}

fn brief(attachment: &Attachment) -> Value {
    json!({
        "id": attachment.id,
        "status": attachment.status,
        "instance": attachment.server_id,
        "volume_id": attachment.volume_id,
    })
}

fn detail(state: &State, attachment: &Attachment) -> Value {
    let info = state
        .volumes
        .get(&attachment.volume_id)
        .filter(|_| !attachment.connector.is_null())
        .map_or(json!({}), connection_info);
    json!({
        "id": attachment.id,
        "status": attachment.status,
        "instance": attachment.server_id,
        "volume_id": attachment.volume_id,
        "attached_at": attachment.attached.clone().unwrap_or_default(),
        "detached_at": "",
        "attach_mode": attachment.mode,
        "connection_info": info,
    })
}
