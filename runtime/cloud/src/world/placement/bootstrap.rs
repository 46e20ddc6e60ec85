//! What placement has when a cloud begins: the one host's provider.

use serde_json::json;

use super::Provider;
use super::inventories::complete;
use crate::document::document;
use crate::world::World;

/// Adds the host with what servers are made from.
pub(crate) fn fill(world: &mut World) {
    let uuid = world.ids.uuid();
    let inventories = [
        ("VCPU", json!({ "total": 64, "max_unit": 64, "allocation_ratio": 4.0 })),
        ("MEMORY_MB", json!({ "total": 262_144, "max_unit": 262_144, "reserved": 512 })),
        ("DISK_GB", json!({ "total": 4096, "max_unit": 4096 })),
    ];
    let provider = Provider {
        uuid: uuid.clone(),
        name: crate::names::HOST.to_owned(),
        generation: 1,
        traits: ["COMPUTE_NODE".to_owned()].into(),
        inventories: inventories
            .into_iter()
            .map(|(class, given)| (class.to_owned(), complete(&document(given))))
            .collect(),
        ..Provider::default()
    };
    world.placement.providers.insert(uuid, provider);
}
