//! The flavors and services that a cloud begins with.

use super::{Flavor, host};
use crate::world::World;

/// Makes three public flavors and the services of the one host.
pub(crate) fn fill(world: &mut World) {
    for (id, name, ram, vcpus, disk) in
        [("1", "m1.nano", 64, 1, 1), ("2", "m1.micro", 128, 1, 1), ("3", "m1.small", 512, 2, 5)]
    {
        let flavor = Flavor {
            id: id.to_owned(),
            name: name.to_owned(),
            description: None,
            ram,
            vcpus,
            disk,
            ephemeral: 0,
            swap: 0,
            rxtx_factor: 1.0,
            public: true,
            extra_specs: [].into(),
            projects: [].into(),
        };
        world.compute.flavors.insert(id, flavor);
    }
    world.compute.hypervisor = world.ids.uuid();
    for (number, binary) in [(1, "nova-scheduler"), (2, "nova-conductor"), (3, "nova-compute")] {
        let service = host::Service {
            number,
            id: world.ids.uuid(),
            binary,
            enabled: true,
            reason: None,
            forced_down: false,
        };
        world.compute.services.push(service);
    }
}
