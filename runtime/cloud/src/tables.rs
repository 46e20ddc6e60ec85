//! The operation tables that the cloud is routed from: those of the clients.

use squall_model::ServiceSpec;

use crate::mount::Mount;

/// The services that the cloud serves, in the order of its catalog.
pub(crate) const SPECS: [&ServiceSpec; 7] = [
    squall_identity::Identity::SPEC,
    squall_compute::Compute::SPEC,
    squall_image::Image::SPEC,
    squall_network::Network::SPEC,
    squall_volume::Volume::SPEC,
    squall_object_storage::ObjectStorage::SPEC,
    squall_placement::Placement::SPEC,
];

/// Mounts every service.
pub(crate) fn mounts() -> Vec<Mount> {
    SPECS.into_iter().filter_map(Mount::new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_is_mounted_at_a_prefix_of_its_own() {
        let mounts = mounts();
        assert_eq!(mounts.len(), SPECS.len());
        let mut prefixes: Vec<&str> = mounts.iter().map(|mount| mount.path.prefix).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        assert_eq!(prefixes.len(), SPECS.len());
    }
}
