//! An image of a server, as compute makes it on request or of a server that is shelved.

use serde_json::{Value, json};

use super::server::Server;
use crate::clock::Stamp;
use crate::world::World;

/// Describes an image of a server.
pub(crate) fn described(server: &Server, name: &str, user: &str) -> Value {
    let mut described = json!({
        "name": name, "visibility": "private", "disk_format": "raw",
        "container_format": "bare", "min_disk": server.flavor.disk,
        "instance_uuid": server.id, "image_type": "snapshot",
        "user_id": user,
    });
    if let Some(base) = &server.image {
        described["base_image_ref"] = json!(base);
    }
    described
}

/// Makes an image that has no bytes yet; returns its id.
pub(crate) fn begin(world: &mut World, project: &str, described: &Value) -> String {
    let id = world.ids.uuid();
    let image = crate::world::image::images::new(world, &id, project, described);
    world.image.images.insert(id.clone(), image);
    id
}

/// Sets the bytes of an image.
pub(crate) fn saved(world: &mut World, id: &str) {
    let now = world.stamp(Stamp::Seconds);
    let bytes = world.ids.bytes::<1024>().to_vec();
    if let Some(image) = world.image.images.get_mut(id) {
        crate::world::image::data::store(image, bytes.into(), &now);
    }
}
