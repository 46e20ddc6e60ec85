//! What becomes of a shelved server's disk and ports: an image is made of the one, and the others
//! are on no host, until the server is back.

use super::snapshot;
use crate::names::HOST;
use crate::world::World;
use crate::world::network::ports;

/// Takes a server off its host (nova 34.0.0, `nova.compute.manager.ComputeManager`,
/// `_shelve_instance` and `_shelve_offload_instance`). One that boots from a volume has no image.
pub(crate) fn offloaded(world: &mut World, id: &str) {
    let Some(server) = world.compute.servers.get(id) else { return };
    let ports: Vec<String> = server.nics.iter().map(|nic| nic.port.clone()).collect();
    if server.image.is_some() && server.kept_as.is_none() {
        let name = format!("{}-shelved", server.name);
        let described = snapshot::described(server, &name, &server.user);
        let project = server.project.clone();
        let image = snapshot::begin(world, &project, &described);
        snapshot::saved(world, &image);
        if let Some(server) = world.compute.servers.get_mut(id) {
            server.kept_as = Some(image);
        }
    }
    for port in ports {
        ports::move_to(world, &port, "");
    }
}

/// Puts a server back on the host, and removes its image (`_unshelve_instance`).
pub(crate) fn back(world: &mut World, id: &str) {
    let Some(server) = world.compute.servers.get_mut(id) else { return };
    if let Some(image) = server.kept_as.take() {
        world.image.images.remove(&image);
    }
    let ports: Vec<String> = server.nics.iter().map(|nic| nic.port.clone()).collect();
    for port in ports {
        ports::move_to(world, &port, HOST);
    }
}
