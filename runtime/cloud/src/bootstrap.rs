//! The initial resources of a cloud.

use crate::document::text;
use crate::world::{World, compute, identity, image, network, placement, volume};

/// Fills an empty world; `password` is the administrator's.
pub(crate) fn fill(world: &mut World, password: &str) {
    identity::bootstrap::fill(world, password);
    let admin = world.identity.projects.values().next();
    let admin = admin.map(|project| text(project, "id").to_owned()).unwrap_or_default();
    network::bootstrap::fill(world, &admin);
    image::bootstrap::fill(world, &admin);
    placement::bootstrap::fill(world);
    volume::bootstrap::fill(world);
    compute::bootstrap::fill(world);
}
