//! Making, showing, changing and deleting images.

use serde_json::{Value, json};

use super::find::{find, find_mut};
use super::view::view;
use super::{Image, State};
use super::{patch, policy};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::{document, flag, merge};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("image.images.create", create),
    ("image.images.show", show),
    ("image.images.update", update),
    ("image.images.delete", delete),
];

/// What image sets itself.
pub(crate) const READ_ONLY: [&str; 14] = [
    "created_at",
    "updated_at",
    "status",
    "checksum",
    "size",
    "virtual_size",
    "direct_url",
    "self",
    "file",
    "schema",
    "id",
    "os_hash_algo",
    "os_hash_value",
    "stores",
];

/// What only the service sets, and no read-only attribute.
const RESERVED: [&str; 4] = ["locations", "location", "deleted", "deleted_at"];

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context
        .json
        .as_object()
        .ok_or_else(|| Fault::bad_request("The body must be an object of image properties."))?;
    if let Some(key) =
        READ_ONLY.iter().filter(|key| **key != "id").find(|key| body.contains_key(**key))
    {
        return Err(Fault::forbidden(format!("Attribute '{key}' is read-only.")));
    }
    // glance 33.0.0, `glance.domain.ImageFactory._check_reserved`.
    if let Some(key) = RESERVED.iter().find(|key| body.contains_key(**key)) {
        return Err(Fault::forbidden(format!("Attribute '{key}' is reserved.")));
    }
    known_visibility(body.get("visibility"))?;
    let id = match body.get("id").and_then(Value::as_str) {
        Some(id) if world.image.images.contains(id) => {
            return Err(Fault::conflict(format!("Image ID {id} already exists!")));
        }
        Some(id) => id.to_owned(),
        None => world.ids.uuid(),
    };
    let image = new(world, &id, context.project(), &Value::Object(body.clone()));
    let shown = view(&image);
    world.image.images.insert(id.clone(), image);
    Ok(Reply::json(201, shown)
        .header("location", format!("{}/image/v2/images/{id}", context.base))
        .header("openstack-image-import-methods", super::info::METHODS.join(",")))
}

/// Makes an image without bytes.
pub(crate) fn new(world: &World, id: &str, owner: &str, given: &Value) -> Image {
    let now = world.stamp(Stamp::Seconds);
    let mut properties = document(json!({
        "name": null, "visibility": "shared", "protected": false, "os_hidden": false,
        "min_disk": 0, "min_ram": 0, "container_format": null, "disk_format": null,
        "tags": [], "owner": owner, "status": "queued", "size": null, "virtual_size": null,
        "checksum": null, "os_hash_algo": null, "os_hash_value": null,
        "created_at": now, "updated_at": now,
    }));
    if let Value::Object(given) = given {
        merge(&mut properties, given);
    }
    properties.insert("id".to_owned(), json!(id));
    Image { properties, ..Image::default() }
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(Reply::json(200, view(find(&world.image, context.id(), context)?)))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let media_type = context.header("content-type").unwrap_or_default();
    let dialect = patch::Dialect::of(media_type)
        .ok_or_else(|| Fault::new(415, format!("Unsupported Content-Type: {media_type}")))?;
    let now = world.stamp(Stamp::Seconds);
    // A patch is read before anything is looked for (`glance.api.v2.images.RequestDeserializer`).
    let changes = patch::read(&context.json, dialect)?;
    if let Some(key) = changes.iter().map(patch::Change::key).find(|key| READ_ONLY.contains(key)) {
        return Err(Fault::forbidden(format!("Attribute '{key}' is read-only.")));
    }
    let image = find_mut(&mut world.image, context.id(), context)?;
    let mut properties = image.properties.clone();
    for change in &changes {
        if change.key() == "visibility" {
            known_visibility(change.value())?;
            if let Some(rule) = policy::of_visibility(change.value()) {
                policy::enforce(rule, image, context)?;
            }
        }
        policy::enforce("modify_image", image, context)?;
        change.apply(&mut properties)?;
    }
    image.properties = properties;
    image.set("updated_at", now);
    let shown = view(image);
    Ok(Reply::json(200, shown))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    let image = find_mut(&mut world.image, id, context)?;
    if flag(&image.properties, "protected") {
        return Err(Fault::forbidden(format!("Image {id} is protected and cannot be deleted.")));
    }
    world.image.images.remove(id);
    Ok(Reply::empty(204))
}

/// Refuses a visibility that there is none of.
fn known_visibility(visibility: Option<&Value>) -> Result<(), Fault> {
    match visibility.and_then(Value::as_str) {
        None | Some("public" | "private" | "shared" | "community") => Ok(()),
        Some(other) => Err(Fault::bad_request(format!("Invalid visibility value: {other}"))),
    }
}

/// Finds an image for another service on behalf of a caller: one it may see.
pub(crate) fn usable<'a>(
    state: &'a State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a Image, Fault> {
    find(state, id, context)
}
