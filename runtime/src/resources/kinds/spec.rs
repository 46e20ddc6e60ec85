//! The tables that our kinds' operations stand in.

use squall_model::ServiceSpec;

macro_rules! specs {
    ($($name:ident = $client:path;)+) => {$(
        pub(super) fn $name() -> &'static ServiceSpec {
            <$client>::SPEC
        }
    )+};
}

specs! {
    compute = crate::compute::Compute;
    identity = crate::identity::Identity;
    image = crate::image::Image;
    network = crate::network::Network;
    object_storage = squall_object_storage::ObjectStorage;
    placement = crate::placement::Placement;
    volume = crate::volume::Volume;
}
