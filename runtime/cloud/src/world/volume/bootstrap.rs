//! The volume type that a cloud begins with.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::VolumeType;
use crate::world::World;

/// Makes the default type.
pub(crate) fn fill(world: &mut World) {
    let id = world.ids.uuid();
    world.volume.service_id = world.ids.uuid();
    world.volume.default_type.clone_from(&id);
    world.volume.types.insert(
        id.clone(),
        VolumeType {
            id,
            name: "__DEFAULT__".to_owned(),
            description: json!("Default Volume Type"),
            public: true,
            extra_specs: BTreeMap::new(),
            projects: BTreeSet::new(),
        },
    );
}
