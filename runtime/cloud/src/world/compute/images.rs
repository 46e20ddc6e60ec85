//! Images made of servers.

use serde_json::{Value, json};

use super::change::note;
use super::server::find_mut;
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
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

fn create_image(world: &mut World, context: &RequestContext) -> Outcome {
    make(world, context, "createImage", &["active", "stopped", "paused", "suspended"])
}

fn create_backup(world: &mut World, context: &RequestContext) -> Outcome {
    make(world, context, "createBackup", &["active", "stopped", "paused", "suspended"])
}

fn make(world: &mut World, context: &RequestContext, verb: &'static str, from: &[&str]) -> Outcome {
    let body = document(context.action().clone());
    let name = required(&body, "name")?.to_owned();
    let server = find_mut(&mut world.compute, context.id(), context)?;
    if !from.contains(&server.vm) {
        return Err(Fault::conflict(format!(
            "Cannot '{verb}' instance {} while it is in vm_state {}",
            server.id, server.vm
        )));
    }
    let mut described = json!({
        "name": name, "visibility": "private", "disk_format": "raw",
        "container_format": "bare", "min_disk": server.flavor.disk,
        "instance_uuid": server.id, "image_type": "snapshot",
        "user_id": context.user(),
    });
    if let Some(base) = &server.image {
        described["base_image_ref"] = json!(base);
    }
    for (key, value) in body.get("metadata").and_then(Value::as_object).into_iter().flatten() {
        described[key] = value.clone();
    }
    let project = server.project.clone();
    let id = world.ids.uuid();
    let image = crate::world::image::images::new(world, &id, &project, &described);
    world.image.images.insert(id.clone(), image);
    world.later(WORK, saved, &id);
    note(world, context.id(), verb, context);
    let location = format!("{}/image/v2/images/{id}", context.base);
    if context.since(45) {
        return Ok(Reply::json(202, json!({ "image_id": id })));
    }
    Ok(Reply::empty(202).header("location", location))
}

fn saved(world: &mut World, id: &str) {
    let now = world.stamp(Stamp::Seconds);
    let bytes = world.ids.bytes::<1024>().to_vec();
    if let Some(image) = world.image.images.get_mut(id) {
        crate::world::image::data::store(image, bytes.into(), &now);
    }
}
