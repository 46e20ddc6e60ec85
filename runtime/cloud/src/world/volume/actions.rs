//! What can be done to a volume through its action address.

use serde_json::{Value, json};

use super::find::{volume, volume_mut, wrong_state};
use super::{attachments, volumes};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("volume.volumes.attach", attach),
    ("volume.volumes.detach", detach),
    ("volume.volumes.reserve", reserve),
    ("volume.volumes.unreserve", unreserve),
    ("volume.volumes.begin_detaching", begin_detaching),
    ("volume.volumes.roll_detaching", roll_detaching),
    ("volume.volumes.initialize_connection", initialize_connection),
    ("volume.volumes.terminate_connection", terminate_connection),
    ("volume.volumes.extend", extend),
    ("volume.volumes.reset_status", reset_status),
    ("volume.volumes.force_delete", force_delete),
    ("volume.volumes.set_bootable", set_bootable),
    ("volume.volumes.update_readonly_flag", update_readonly_flag),
];

fn attach(world: &mut World, context: &RequestContext) -> Outcome {
    let details = context.action();
    let text = |key: &str| details.get(key).and_then(Value::as_str).map(str::to_owned);
    let server = text("instance_uuid");
    let host = text("host_name");
    if server.is_none() && host.is_none() {
        return Err(Fault::bad_request("Invalid request to attach volume to an invalid target"));
    }
    let device = text("mountpoint");
    volume(&world.volume, context.id(), context)?;
    attachments::connect(
        world,
        context.id(),
        server.as_deref(),
        device.as_deref(),
        host.as_deref(),
    )?;
    Ok(Reply::empty(202))
}

fn detach(world: &mut World, context: &RequestContext) -> Outcome {
    volume(&world.volume, context.id(), context)?;
    let wanted = context.action().get("attachment_id").and_then(Value::as_str);
    let found = world
        .volume
        .attachments
        .values()
        .find(|a| a.volume_id == context.id() && wanted.is_none_or(|id| id == a.id))
        .map(|attachment| attachment.id.clone());
    let id =
        found.ok_or_else(|| Fault::bad_request("Invalid volume: the volume is not attached."))?;
    attachments::refuse_held(world, &id)?;
    attachments::disconnect(world, &id);
    Ok(Reply::empty(202))
}

fn reserve(world: &mut World, context: &RequestContext) -> Outcome {
    turn(world, context, &["available"], "attaching")
}

fn unreserve(world: &mut World, context: &RequestContext) -> Outcome {
    turn(world, context, &["attaching"], "available")
}

fn begin_detaching(world: &mut World, context: &RequestContext) -> Outcome {
    turn(world, context, &["in-use"], "detaching")
}

fn roll_detaching(world: &mut World, context: &RequestContext) -> Outcome {
    turn(world, context, &["detaching"], "in-use")
}

fn initialize_connection(world: &mut World, context: &RequestContext) -> Outcome {
    let found = volume(&world.volume, context.id(), context)?;
    let info = attachments::connection_info(found);
    Ok(Reply::json(200, json!({ "connection_info": info })))
}

fn terminate_connection(world: &mut World, context: &RequestContext) -> Outcome {
    volume(&world.volume, context.id(), context)?;
    let of_volume = |a: &&super::Attachment| a.volume_id == context.id();
    let only = world.volume.attachments.values().find(of_volume).map(|a| a.id.clone());
    only.map_or(Ok(()), |id| attachments::refuse_held(world, &id))?;
    Ok(Reply::empty(202))
}

fn extend(world: &mut World, context: &RequestContext) -> Outcome {
    let new = volumes::size(context.action().get("new_size"))?
        .ok_or_else(|| Fault::bad_request("'new_size' is a required property"))?;
    let found = volume(&world.volume, context.id(), context)?;
    let in_use = found.status == "in-use" && context.since(42);
    if found.status != "available" && !in_use {
        return Err(wrong_state(found, "extend"));
    }
    if new <= found.size {
        return Err(Fault::bad_request(format!(
            "Invalid input received: New size for extend must be greater than current size. (current: {}, extended: {new}).",
            found.size
        )));
    }
    super::quotas::room_to_grow(&world.volume, &found.project, new - found.size)?;
    let now = world.stamp(Stamp::MicrosBare);
    let found = volume_mut(&mut world.volume, context.id(), context)?;
    found.size = new;
    found.updated = Some(now);
    Ok(Reply::empty(202))
}

fn reset_status(world: &mut World, context: &RequestContext) -> Outcome {
    let status = context.action().get("status").and_then(Value::as_str).map(str::to_owned);
    let found = volume_mut(&mut world.volume, context.id(), context)?;
    if let Some(status) = status {
        found.status = status;
    }
    Ok(Reply::empty(202))
}

fn force_delete(world: &mut World, context: &RequestContext) -> Outcome {
    let found = volume(&world.volume, context.id(), context)?;
    // A forced removal passes over the status alone.
    volumes::refuse_used(&world.volume, &found.id, false).map_err(|()| volumes::kept(""))?;
    volumes::start_removal(world, context.id());
    Ok(Reply::empty(202))
}

fn set_bootable(world: &mut World, context: &RequestContext) -> Outcome {
    let flag = boolean(context, "bootable")?;
    volume_mut(&mut world.volume, context.id(), context)?.bootable = flag;
    Ok(Reply::empty(200))
}

fn update_readonly_flag(world: &mut World, context: &RequestContext) -> Outcome {
    let flag = boolean(context, "readonly")?;
    let found = volume_mut(&mut world.volume, context.id(), context)?;
    if found.status != "available" {
        return Err(wrong_state(found, "update its readonly flag"));
    }
    found.read_only = flag;
    found.metadata.insert("readonly".to_owned(), if flag { "True" } else { "False" }.to_owned());
    Ok(Reply::empty(202))
}

fn turn(world: &mut World, context: &RequestContext, from: &[&str], to: &str) -> Outcome {
    let found = volume_mut(&mut world.volume, context.id(), context)?;
    if !from.contains(&found.status.as_str()) {
        return Err(wrong_state(found, to));
    }
    to.clone_into(&mut found.status);
    Ok(Reply::empty(202))
}

fn boolean(context: &RequestContext, key: &str) -> Result<bool, Fault> {
    let value = context.action().get(key);
    match value {
        Some(Value::Bool(flag)) => Some(*flag),
        Some(Value::String(text)) => crate::query::truth(text),
        _ => None,
    }
    .ok_or_else(|| {
        Fault::bad_request(format!(
            "Invalid input for field/attribute {key}: it must be a boolean."
        ))
    })
}
