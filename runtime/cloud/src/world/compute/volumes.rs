//! The volumes that servers hold.

use serde_json::{Value, json};

use super::devices::{self, connect};
use super::flavors::is_true;
use super::server::{Device, Server, find, find_mut, in_state};
use crate::behaviour::Behaviour;
use crate::document::{required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.server_volume_attachments.list", list),
    ("compute.server_volume_attachments.create", create),
    ("compute.server_volume_attachments.show", show),
    ("compute.server_volume_attachments.update", update),
    ("compute.server_volume_attachments.delete", delete),
];

/// The states in which volumes come and go (`nova.compute.api.API.attach_volume`).
const CHANGEABLE: &[&str] =
    &["active", "paused", "stopped", "resized", "soft-delete", "shelved", "shelved_offloaded"];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    let list: Vec<Value> =
        server.volumes.iter().map(|device| view(server, device, context)).collect();
    Ok(Reply::json(200, json!({ "volumeAttachments": list })))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("volumeAttachment")?;
    let volume = required(body, "volumeId")?;
    let server = find_mut(&mut world.compute, context.id(), context)?;
    in_state(server, "attach_volume", CHANGEABLE)?;
    let first = usize::from(server.image.is_some());
    let free = (first..26)
        .map(devices::name)
        .find(|name| server.volumes.iter().all(|device| device.name != *name));
    let name = match text(body, "device") {
        "" => free.unwrap_or_default(),
        name => name.to_owned(),
    };
    let found = crate::world::volume::find::volume(&world.volume, volume, context)?;
    devices::shared_since(found.multiattach, context)?;
    let server = find(&world.compute, context.id(), context)?;
    if server.volumes.iter().any(|held| held.volume == volume) {
        return Err(Fault::bad_request(format!(
            "Invalid volume: volume {volume} already attached to instance {}",
            server.id
        )));
    }
    if found.status != "available" && !found.multiattach {
        return Err(Fault::bad_request(format!(
            "Invalid volume: volume {volume} status must be available or in-use (multiattach), it is '{}'.",
            found.status
        )));
    }
    let delete = body.get("delete_on_termination").is_some_and(is_true);
    let tag = body.get("tag").and_then(Value::as_str).map(str::to_owned);
    let device = connect(world, context.id(), volume, &name, delete, tag)?;
    super::change::note(world, context.id(), "attach_volume", context);
    let server = find_mut(&mut world.compute, context.id(), context)?;
    server.volumes.push(device.clone());
    if context.since(101) {
        return Ok(Reply::empty(202));
    }
    // Until 2.101 the answer has the id that 2.89 takes from the other answers.
    let mut shown = view(server, &device, context);
    if let Some(shown) = shown.as_object_mut() {
        shown.remove("attachment_id");
        shown.remove("bdm_uuid");
        shown.insert("id".to_owned(), json!(volume));
    }
    Ok(Reply::json(200, json!({ "volumeAttachment": shown })))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    let device = device(server, context)?;
    Ok(Reply::json(200, json!({ "volumeAttachment": view(server, device, context) })))
}

/// Swaps the volume for another, or from 2.85 changes whether it goes with the server.
fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("volumeAttachment")?;
    let server = find_mut(&mut world.compute, context.id(), context)?;
    let old = device(server, context)?.clone();
    let volume = required(body, "volumeId")?;
    // Block storage alone may replace a volume, while it migrates it
    // (nova.api.openstack.compute.volume_attachments, `_update_volume_swap`).
    if volume != old.volume || !context.since(85) {
        return Err(Fault::conflict(format!(
            "Volume {} is not being migrated and cannot be replaced by {volume}",
            old.volume
        )));
    }
    if let Some(delete) = body.get("delete_on_termination") {
        for device in server.volumes.iter_mut().filter(|device| device.volume == volume) {
            device.delete = is_true(delete);
        }
    }
    Ok(Reply::empty(202))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find_mut(&mut world.compute, context.id(), context)?;
    let device = device(server, context)?.clone();
    in_state(server, "detach_volume", CHANGEABLE)?;
    if server.image.is_none() && device.name == devices::name(0) {
        return Err(Fault::bad_request("Cannot detach a root device volume"));
    }
    server.volumes.retain(|held| held.volume != device.volume);
    crate::world::volume::attachments::disconnect(world, &device.attachment);
    super::change::note(world, context.id(), "detach_volume", context);
    Ok(Reply::empty(202))
}

fn device<'a>(server: &'a Server, context: &RequestContext) -> Result<&'a Device, Fault> {
    let volume = context.parameter(1);
    server.volumes.iter().find(|device| device.volume == volume).ok_or_else(|| {
        Fault::not_found(format!("Instance {} is not attached to volume {volume}", server.id))
    })
}

fn view(server: &Server, device: &Device, context: &RequestContext) -> Value {
    let mut out = json!({
        "serverId": server.id, "volumeId": device.volume, "device": device.name,
    });
    if context.since(70) {
        out["tag"] = json!(device.tag);
    }
    if context.since(79) {
        out["delete_on_termination"] = json!(device.delete);
    }
    if context.since(89) {
        out["attachment_id"] = json!(device.attachment);
        out["bdm_uuid"] = json!(device.mapping);
    } else {
        out["id"] = json!(device.volume);
    }
    out
}
