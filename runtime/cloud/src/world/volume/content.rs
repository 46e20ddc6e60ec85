//! What fills a volume, and what its bytes become: an image over it, a snapshot that it goes back
//! to, an image that is made of it.

use bytes::Bytes;
use serde_json::{Value, json};

use super::State;
use super::Volume;
use super::find::{volume, volume_mut, wrong_state};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::query::truth_in;
use crate::request::RequestContext;
use crate::world::World;
use crate::world::image;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("volume.volumes.reimage", reimage),
    ("volume.volumes.revert", revert),
    ("volume.volumes.volume_upload_image", upload_image),
];

/// What is uploaded of a volume that holds nothing but zeros.
static BLANK: [u8; 512] = [0; 512];

/// What a volume remembers of its image and no other image takes over
/// (`cinder.image.glance.glance_core_properties_opts`).
const OF_THE_IMAGE_ITSELF: [&str; 9] = [
    "checksum",
    "container_format",
    "disk_format",
    "image_name",
    "image_id",
    "min_disk",
    "min_ram",
    "name",
    "size",
];

/// Overwrites a volume with an image.
fn reimage(world: &mut World, context: &RequestContext) -> Outcome {
    let wanted = context.action().get("image_id").and_then(Value::as_str).unwrap_or_default();
    let found = volume(&world.volume, context.id(), context)?;
    if !["available", "error"].contains(&found.status.as_str()) {
        return Err(Fault::bad_request(format!(
            "Invalid volume: Volume {} status must be available or error, but current status is: {}.",
            found.id, found.status
        )));
    }
    let image = image::images::usable(&world.image, wanted, context)?;
    if image.text("status") != "active" {
        return Err(Fault::bad_request(format!(
            "Invalid input received: Image {wanted} is not active."
        )));
    }
    let content = image.data.clone().unwrap_or_default();
    let found = volume_mut(&mut world.volume, context.id(), context)?;
    found.content = content;
    "available".clone_into(&mut found.status);
    Ok(Reply::empty(202))
}

/// Takes a volume back to its newest snapshot; cinder/api/v3/volumes.py,
/// `VolumeController.revert`.
fn revert(world: &mut World, context: &RequestContext) -> Outcome {
    let wanted = context.action().get("snapshot_id").and_then(Value::as_str).unwrap_or_default();
    let found = volume(&world.volume, context.id(), context)?;
    let newest = world.volume.snapshots.values().rfind(|s| s.volume_id == context.id());
    let Some(newest) = newest else {
        return Err(Fault::bad_request(format!("Volume {} doesn't have any snapshots.", found.id)));
    };
    if newest.id != wanted {
        return Err(Fault::bad_request(format!(
            "Specified snapshot {wanted} is None or not the latest one of volume {}.",
            found.id
        )));
    }
    if newest.size != found.size {
        return Err(Fault::bad_request(format!(
            "Can't revert volume {} to its latest snapshot {wanted}. The volume size must be equal to the snapshot size.",
            found.id
        )));
    }
    if found.status != "available" {
        return Err(Fault::conflict(format!(
            "Can't revert volume {} to its latest snapshot {wanted}. Volume's status must be 'available'.",
            found.id
        )));
    }
    let content = newest.content.clone();
    volume_mut(&mut world.volume, context.id(), context)?.content = content;
    Ok(Reply::empty(202))
}

fn upload_image(world: &mut World, context: &RequestContext) -> Outcome {
    let details = context.action().clone();
    let found = volume(&world.volume, context.id(), context)?;
    if found.status != "available" && details.get("force") != Some(&json!(true)) {
        return Err(wrong_state(found, "upload it to an image"));
    }
    let text = |key: &str, other: &str| {
        details.get(key).and_then(Value::as_str).unwrap_or(other).to_owned()
    };
    let mut described = json!({
        "name": text("image_name", ""),
        "disk_format": text("disk_format", "raw"),
        "container_format": text("container_format", "bare"),
        "visibility": text("visibility", "private"),
        "protected": details.get("protected").and_then(truth_in).unwrap_or(false),
        "min_disk": found.size,
    });
    // `cinder.volume.api.API._merge_volume_image_meta`
    for (key, value) in &found.image_metadata {
        if !OF_THE_IMAGE_ITSELF.contains(&key.as_str()) {
            described[key] = value.clone();
        }
    }
    let content = match &found.content {
        content if content.is_empty() => Bytes::from_static(&BLANK),
        content => content.clone(),
    };
    let id = world.ids.uuid();
    let mut image = image::images::new(world, &id, context.project(), &described);
    let now = world.stamp(Stamp::Seconds);
    image::data::store(&mut image, content, &now);
    world.image.images.insert(id.clone(), image);
    let found = volume(&world.volume, context.id(), context)?;
    let mut body = json!({
        "id": found.id,
        "updated_at": found.updated,
        "status": "uploading",
        "display_description": found.description,
        "size": found.size,
        "volume_type": type_of(&world.volume, found),
        "image_id": id,
        "container_format": described["container_format"],
        "disk_format": described["disk_format"],
        "image_name": described["name"],
    });
    if context.since(1) {
        body["protected"] = described["protected"].clone();
        body["visibility"] = described["visibility"].clone();
    }
    Ok(Reply::json(202, json!({ "os-volume_upload_image": body })))
}

fn type_of(state: &State, volume: &Volume) -> Option<Value> {
    let found = state.types.get(&volume.type_id)?;
    Some(json!({
        "id": found.id, "name": found.name, "description": found.description,
        "is_public": found.public, "extra_specs": found.extra_specs, "qos_specs_id": null,
        "created_at": null, "updated_at": null, "deleted": false, "deleted_at": null,
    }))
}
