//! What a volume remembers of the image that it was made from.

use serde_json::{Value, json};

use super::find::volume_mut;
use crate::behaviour::Behaviour;
use crate::document::Document;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;
use crate::world::image::Image;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("volume.volumes.set_image_metadata", set),
    ("volume.volumes.show_image_metadata", show),
    ("volume.volumes.unset_image_metadata", unset),
];

fn set(world: &mut World, context: &RequestContext) -> Outcome {
    let new = context.action().get("metadata").and_then(Value::as_object).cloned();
    let new = new.ok_or_else(|| Fault::bad_request("'metadata' is a required property"))?;
    let volume = volume_mut(&mut world.volume, context.id(), context)?;
    volume.image_metadata.extend(new);
    Ok(Reply::json(200, json!({ "metadata": volume.image_metadata })))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let volume = volume_mut(&mut world.volume, context.id(), context)?;
    Ok(Reply::json(200, json!({ "metadata": volume.image_metadata })))
}

fn unset(world: &mut World, context: &RequestContext) -> Outcome {
    let key = context.action().get("key").and_then(Value::as_str).unwrap_or_default();
    let volume = volume_mut(&mut world.volume, context.id(), context)?;
    volume
        .image_metadata
        .remove(key)
        .map(|_| Reply::empty(200))
        .ok_or_else(|| Fault::not_found("Metadata item was not found"))
}

/// Returns what a volume takes over from an image; all of it as texts.
pub(crate) fn of_image(image: &Image) -> Document {
    const KEPT: [&str; 8] = [
        "checksum",
        "min_ram",
        "disk_format",
        "min_disk",
        "container_format",
        "size",
        "os_hash_algo",
        "os_distro",
    ];
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut out = Document::new();
    out.insert("image_id".to_owned(), json!(image.text("id")));
    out.insert("image_name".to_owned(), json!(image.text("name")));
    for key in KEPT {
        if let Some(value) = image.properties.get(key).filter(|value| !value.is_null()) {
            out.insert(key.to_owned(), json!(plain(value)));
        }
    }
    out
}
