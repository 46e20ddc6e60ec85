// Written by `cargo xtask regen` from the folders of `api-specs`.
//! The generated clients of all services.

use squall_model::{Description, PolicyRule, ServiceSpec};

/// Every service, sorted by name.
pub static ALL: [&ServiceSpec; 7] = [
    &clients::compute::table::SPEC,
    &clients::identity::table::SPEC,
    &clients::image::table::SPEC,
    &clients::network::table::SPEC,
    &clients::object_storage::table::SPEC,
    &clients::placement::table::SPEC,
    &clients::volume::table::SPEC,
];

/// What the resources of each service are, in the order of [`ALL`].
pub static DESCRIPTIONS: [&Description; 7] = [
    &clients::compute::description::DESCRIPTION,
    &clients::identity::description::DESCRIPTION,
    &clients::image::description::DESCRIPTION,
    &clients::network::description::DESCRIPTION,
    &clients::object_storage::description::DESCRIPTION,
    &clients::placement::description::DESCRIPTION,
    &clients::volume::description::DESCRIPTION,
];

/// The default policy rules of each service, in the order of [`ALL`].
pub static POLICY_RULES: [&[PolicyRule]; 7] = [
    clients::compute::policies::RULES,
    clients::identity::policies::RULES,
    clients::image::policies::RULES,
    clients::network::policies::RULES,
    clients::object_storage::policies::RULES,
    clients::placement::policies::RULES,
    clients::volume::policies::RULES,
];

/// The kinds of resources of each service that a run may create.
pub mod kinds {
    pub use squall_compute::description::kinds as compute;
    pub use squall_identity::description::kinds as identity;
    pub use squall_image::description::kinds as image;
    pub use squall_network::description::kinds as network;
    pub use squall_object_storage::description::kinds as object_storage;
    pub use squall_placement::description::kinds as placement;
    pub use squall_volume::description::kinds as volume;
}

/// The crate of each service: its client, types, and operations.
pub mod clients {
    pub use squall_compute as compute;
    pub use squall_identity as identity;
    pub use squall_image as image;
    pub use squall_network as network;
    pub use squall_object_storage as object_storage;
    pub use squall_placement as placement;
    pub use squall_volume as volume;
}

/// The description of each service.
pub mod spec {
    use squall_model::ServiceSpec;

    /// Returns the description of compute.
    pub fn compute() -> &'static ServiceSpec {
        &super::clients::compute::table::SPEC
    }

    /// Returns the description of identity.
    pub fn identity() -> &'static ServiceSpec {
        &super::clients::identity::table::SPEC
    }

    /// Returns the description of image.
    pub fn image() -> &'static ServiceSpec {
        &super::clients::image::table::SPEC
    }

    /// Returns the description of network.
    pub fn network() -> &'static ServiceSpec {
        &super::clients::network::table::SPEC
    }

    /// Returns the description of object storage.
    pub fn object_storage() -> &'static ServiceSpec {
        &super::clients::object_storage::table::SPEC
    }

    /// Returns the description of placement.
    pub fn placement() -> &'static ServiceSpec {
        &super::clients::placement::table::SPEC
    }

    /// Returns the description of volume.
    pub fn volume() -> &'static ServiceSpec {
        &super::clients::volume::table::SPEC
    }
}

/// Calls a macro with one row for each service, sorted by name: its module in [`clients`], its
/// client, and its name in a sentence.
///
/// ```
/// macro_rules! count {
///     ($($name:ident, $client:ident, $words:literal;)+) => { [$($words),+].len() };
/// }
/// assert_eq!(squall_services::each_service!(count), squall_services::ALL.len());
/// ```
#[macro_export]
macro_rules! each_service {
    ($callback:ident) => {
        $callback! {
            compute, Compute, "compute";
            identity, Identity, "identity";
            image, Image, "image";
            network, Network, "network";
            object_storage, ObjectStorage, "object storage";
            placement, Placement, "placement";
            volume, Volume, "volume";
        }
    };
}
