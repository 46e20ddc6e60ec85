//! The bytes of an image: upload, download, staging and import.

use bytes::Bytes;
use md5::Md5;
use serde_json::Value;
use sha2::{Digest as _, Sha512};

use super::find::{find, find_mut};
use super::{Image, policy};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("image.images.upload", upload),
    ("image.images.download", download),
    ("image.images.stage", stage),
    ("image.images.import", import),
];

fn upload(world: &mut World, context: &RequestContext) -> Outcome {
    octets(context)?;
    let now = world.stamp(Stamp::Seconds);
    let image = find_mut(&mut world.image, context.id(), context)?;
    queued(image)?;
    store(image, context.body.clone(), &now);
    Ok(Reply::empty(204))
}

fn download(world: &mut World, context: &RequestContext) -> Outcome {
    let image = find(&world.image, context.id(), context)?;
    if image.text("status") == "deactivated" && !context.is_admin() {
        return Err(Fault::forbidden(
            "The requested image has been deactivated. Image data download is forbidden.",
        ));
    }
    let Some(data) = &image.data else { return Ok(Reply::empty(204)) };
    let media_type = "application/octet-stream";
    let asked = context.header("range").map(|range| crate::byte_range::parse(range, data.len()));
    let reply = match asked {
        Some(crate::byte_range::Asked::Part(part)) => {
            let content_range = format!("bytes {}-{}/{}", part.start, part.end - 1, data.len());
            Reply::bytes(206, data.slice(part), media_type).header("content-range", content_range)
        }
        Some(crate::byte_range::Asked::Outside) => {
            return Err(Fault::new(416, "Invalid range request")
                .header("content-range", format!("bytes */{}", data.len())));
        }
        _ => Reply::bytes(200, data.clone(), media_type),
    };
    Ok(reply.header("content-md5", image.text("checksum")))
}

/// Keeps bytes for an import.
fn stage(world: &mut World, context: &RequestContext) -> Outcome {
    octets(context)?;
    let image = find_mut(&mut world.image, context.id(), context)?;
    queued(image)?;
    image.staged = Some(context.body.clone());
    image.set("status", "uploading");
    image.set("size", context.body.len());
    Ok(Reply::empty(204))
}

/// Makes the staged bytes the image's; other methods need a network to fetch from.
fn import(world: &mut World, context: &RequestContext) -> Outcome {
    let method = context.json.pointer("/method/name").and_then(Value::as_str).unwrap_or_default();
    let now = world.stamp(Stamp::Seconds);
    let image = find_mut(&mut world.image, context.id(), context)?;
    if method != "glance-direct" {
        return Err(Fault::bad_request(format!("Unknown import method name '{method}'.")));
    }
    if image.staged.is_none() {
        return Err(Fault::conflict(format!(
            "Image needs to be staged before 'glance-direct' method can be used; its status is {}.",
            image.text("status")
        )));
    }
    formats(image)?;
    // The state is looked at first (`glance.api.v2.images.ImagesController.import_image`).
    policy::enforce("modify_image", image, context)?;
    let data = image.staged.take().unwrap_or_default();
    store(image, data, &now);
    Ok(Reply::empty(202))
}

/// Stores the data of an image, with its size and checksums.
pub(crate) fn store(image: &mut Image, data: Bytes, now: &str) {
    image.set("size", data.len());
    image.set(
        "virtual_size",
        if image.text("disk_format") == "raw" { data.len().into() } else { Value::Null },
    );
    image.set("checksum", hex::encode(Md5::digest(&data)));
    image.set("os_hash_algo", "sha512");
    image.set("os_hash_value", hex::encode(Sha512::digest(&data)));
    image.set("status", "active");
    image.set("updated_at", now);
    image.data = Some(data);
}

fn queued(image: &Image) -> Result<(), Fault> {
    if image.text("status") != "queued" {
        return Err(Fault::conflict(format!(
            "Image status transition from {} to saving is not allowed",
            image.text("status")
        )));
    }
    formats(image)
}

/// Refuses bytes for an image that does not say what they are.
fn formats(image: &Image) -> Result<(), Fault> {
    for key in ["container_format", "disk_format"] {
        if image.text(key).is_empty() {
            return Err(Fault::bad_request(format!(
                "Properties disk_format, container_format must be set prior to saving data: {key} is not."
            )));
        }
    }
    Ok(())
}

fn octets(context: &RequestContext) -> Result<(), Fault> {
    match context.header("content-type") {
        Some("application/octet-stream") => Ok(()),
        other => {
            Err(Fault::new(415, format!("Unsupported Content-Type: {}", other.unwrap_or("none"))))
        }
    }
}
