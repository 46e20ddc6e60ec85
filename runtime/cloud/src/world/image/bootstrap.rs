//! The image that a cloud begins with.

use serde_json::json;

use super::{data, images};
use crate::clock::Stamp;
use crate::world::World;

/// Makes a small public image; its bytes are those of no operating system.
pub(crate) fn fill(world: &mut World, owner: &str) {
    let id = world.ids.uuid();
    let described = json!({
        "name": "cirros", "visibility": "public", "disk_format": "raw",
        "container_format": "bare", "min_disk": 1, "min_ram": 64, "os_distro": "cirros",
    });
    let mut image = images::new(world, &id, owner, &described);
    let bytes: Vec<u8> = world.ids.bytes::<4096>().to_vec();
    let now = world.stamp(Stamp::Seconds);
    data::store(&mut image, bytes.into(), &now);
    world.image.images.insert(id, image);
}
