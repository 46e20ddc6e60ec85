//! What a cloud has when it begins.

use crate::identity;
use crate::world::World;

/// The only region.
pub(crate) const REGION: &str = "RegionOne";

/// Fills an empty world; `password` is the administrator's.
pub(crate) fn fill(world: &mut World, password: &str) {
    identity::bootstrap::fill(world, password);
}
