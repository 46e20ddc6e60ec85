//! Images made of servers.

use serde_json::{Value, json};

use super::change::note;
use super::server::{find, in_state};
use super::snapshot::{begin, described, saved};
use crate::behaviour::Behaviour;
use crate::document::{document, required};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.servers.create_image", create_image),
    ("compute.servers.create_backup", create_backup),
];

/// How long an image takes to save, in milliseconds.
const WORK: u32 = 200;

/// The states in which an image is made (`nova.compute.api.API.snapshot`).
const STATES: &[&str] = &["active", "stopped", "paused", "suspended"];

fn create_image(world: &mut World, context: &RequestContext) -> Outcome {
    // A lock keeps a server from being changed, which its image does not.
    in_state(find(&world.compute, context.id(), context)?, "createImage", STATES)?;
    let id = make(world, context, &json!({ "image_type": "snapshot" }))?;
    note(world, context.id(), "createImage", context);
    Ok(made(&id, context))
}

/// Makes a backup, and removes the oldest of its sort that are too many
/// (`nova.compute.manager.ComputeManager._rotate_backups`).
fn create_backup(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    in_state(server, "createBackup", STATES)?;
    if server.root_volume().is_some() {
        return Err(Fault::bad_request("Backup is not supported for volume-backed instances."));
    }
    let body = document(context.action().clone());
    let sort = required(&body, "backup_type")?;
    let kept = super::flavors::number(&body, "rotation");
    let id = make(world, context, &json!({ "image_type": "backup", "backup_type": sort }))?;
    note(world, context.id(), "createBackup", context);
    let images = world.image.images.iter();
    let mut backups: Vec<String> = images
        .filter(|(_, image)| {
            image.text("image_type") == "backup"
                && image.text("backup_type") == sort
                && image.text("instance_uuid") == context.id()
        })
        .map(|(id, _)| id.to_owned())
        .collect();
    let kept = usize::try_from(kept).unwrap_or(usize::MAX);
    backups.truncate(backups.len().saturating_sub(kept));
    for backup in backups {
        world.image.images.remove(&backup);
    }
    Ok(made(&id, context))
}

/// Makes an image of the server; gives its id.
fn make(world: &mut World, context: &RequestContext, kind: &Value) -> Result<String, Fault> {
    let body = document(context.action().clone());
    let name = required(&body, "name")?.to_owned();
    let server = find(&world.compute, context.id(), context)?;
    let mut described = described(server, &name, context.user());
    let given = body.get("metadata").and_then(Value::as_object);
    for (key, value) in kind.as_object().into_iter().chain(given).flatten() {
        described[key] = value.clone();
    }
    let project = server.project.clone();
    let id = begin(world, &project, &described);
    world.later(WORK, saved, &id);
    Ok(id)
}

/// Answers where the image is.
fn made(id: &str, context: &RequestContext) -> Reply {
    if context.since(45) {
        return Reply::json(202, json!({ "image_id": id }));
    }
    let location = format!("{}/image/v2/images/{id}", context.base);
    Reply::empty(202).header("location", location)
}
