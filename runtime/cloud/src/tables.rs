//! Everything that is known of all services: the operation tables that the cloud is routed
//! from, which are those of the clients, and what it does for each operation.

use std::collections::HashMap;

use squall_model::ServiceSpec;

use crate::behaviour::Handler;
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

/// Every behaviour by operation id.
pub(crate) fn behaviours() -> HashMap<&'static str, Handler> {
    [
        crate::compute::BEHAVIOURS,
        crate::identity::BEHAVIOURS,
        crate::image::BEHAVIOURS,
        crate::network::BEHAVIOURS,
        crate::object_storage::BEHAVIOURS,
        crate::placement::BEHAVIOURS,
        crate::volume::BEHAVIOURS,
    ]
    .into_iter()
    .flatten()
    .flat_map(|part| part.iter().copied())
    .collect()
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

    #[test]
    fn every_behaviour_is_that_of_an_operation_and_no_operation_has_two() {
        let listed = [
            crate::compute::BEHAVIOURS,
            crate::identity::BEHAVIOURS,
            crate::image::BEHAVIOURS,
            crate::network::BEHAVIOURS,
            crate::object_storage::BEHAVIOURS,
            crate::placement::BEHAVIOURS,
            crate::volume::BEHAVIOURS,
        ];
        let count: usize =
            listed.iter().flat_map(|parts| parts.iter()).map(|part| part.len()).sum();
        let table = behaviours();
        assert_eq!(table.len(), count);
        let known = |id: &str| SPECS.iter().any(|spec| spec.operation(id).is_some());
        let unknown: Vec<&str> = table.into_keys().filter(|id| !known(id)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}
