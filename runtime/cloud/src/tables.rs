//! The operation tables that the cloud is routed from: those of the clients.

use squall_model::ServiceSpec;

use crate::mount::{Kind, Mount, PLACES};

/// Mounts every service.
pub(crate) fn mounts() -> Vec<Mount> {
    PLACES.iter().map(|place| Mount::new(place, spec(place.kind))).collect()
}

/// Gives the spec of a service, as its client has it.
pub(crate) fn spec(kind: Kind) -> &'static ServiceSpec {
    match kind {
        Kind::Identity => squall_identity::Identity::SPEC,
        Kind::Compute => squall_compute::Compute::SPEC,
        Kind::Image => squall_image::Image::SPEC,
        Kind::Network => squall_network::Network::SPEC,
        Kind::Volume => squall_volume::Volume::SPEC,
        Kind::ObjectStorage => squall_object_storage::ObjectStorage::SPEC,
        Kind::Placement => squall_placement::Placement::SPEC,
    }
}
