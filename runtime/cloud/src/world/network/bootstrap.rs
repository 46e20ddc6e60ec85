//! The network that a cloud begins with: an external one, and agents.

use serde_json::json;

use super::{networks, subnets};
use crate::clock::{Stamp, stamp};
use crate::document::document;
use crate::names::HOST;
use crate::world::World;

/// Makes the external network `public`, owned by a project.
pub(crate) fn fill(world: &mut World, project: &str) {
    let network = document(json!({
        "name": "public", "router:external": true, "is_default": true,
        "provider:network_type": "flat", "provider:physical_network": "public",
        "provider:segmentation_id": null,
    }));
    let network = networks::store(world, &network, project);
    let subnet = document(json!({
        "name": "public-subnet", "network_id": network.get("id"), "ip_version": 4,
        "cidr": "203.0.113.0/24", "enable_dhcp": false,
    }));
    // The prefix above is a valid one (of RFC 5737), so that nothing can be wrong with it.
    let _ = subnets::store(world, &subnet, project);
    let now = stamp(world.clock.now(), Stamp::MicrosBare);
    for (kind, binary) in [
        ("Open vSwitch agent", "neutron-openvswitch-agent"),
        ("L3 agent", "neutron-l3-agent"),
        ("DHCP agent", "neutron-dhcp-agent"),
        ("Metadata agent", "neutron-metadata-agent"),
    ] {
        let id = world.ids.uuid();
        let agent = json!({
            "id": id, "agent_type": kind, "binary": binary, "topic": "N/A", "host": HOST,
            "admin_state_up": true, "alive": true, "availability_zone": "nova",
            "configurations": {}, "description": null, "created_at": now, "started_at": now,
            "heartbeat_timestamp": now, "resources_synced": null,
        });
        world.network.agents.insert(id, document(agent));
    }
}
