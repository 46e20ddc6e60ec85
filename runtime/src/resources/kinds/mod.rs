//! What a run may create: the kinds, each with how it is found again, deleted and seen to
//! be gone.
//!
//! Nothing can be created without a kind, because nothing can be created without the
//! ledger, and the ledger holds kinds. Each comes with the service that is its name's first
//! word: from the service's description, or from
//! [`Service::with_kinds`](crate::services::Service::with_kinds). Ours and a plugin's are
//! treated alike.

mod catalogue;
mod check;
mod compute;
mod identity;
mod image;
mod name;
mod network;
mod object_storage;
mod order;
mod placement;
mod volume;

pub(crate) use catalogue::goes_with_another;
pub use catalogue::{all, census, exempt, find, making};
pub(crate) use check::faults;
pub use compute::{
    AGGREGATE, AGGREGATE_HOST, FLAVOR, KEYPAIR, QUOTA_SET, SERVER, SERVER_GROUP, VOLUME_ATTACHMENT,
};
pub use identity::{
    APPLICATION_CREDENTIAL, CREDENTIAL, DOMAIN, DOMAIN_ROLE_ASSIGNMENT, ENDPOINT, GROUP,
    IDENTITY_PROVIDER, MAPPING, POLICY, PROJECT, REGION, ROLE, ROLE_ASSIGNMENT, SERVICE,
    SYSTEM_ROLE_ASSIGNMENT, USER,
};
pub use image::{IMAGE, METADEF_NAMESPACE};
pub use name::unique_name;
pub(crate) use name::{begins_like_run, is_name_of_run, is_unique_name, run_prefix, words_of};
pub use network::{
    ADDRESS_GROUP, ADDRESS_SCOPE, FLOATING_IP, NETWORK, PORT, QOS_POLICY, ROUTER, ROUTER_INTERFACE,
    SECURITY_GROUP, SECURITY_GROUP_RULE, SUBNET, SUBNET_POOL, TRUNK,
};
pub use object_storage::{CONTAINER, OBJECT};
pub(crate) use order::depth;
pub use placement::{ALLOCATION, RESOURCE_CLASS, RESOURCE_PROVIDER, TRAIT};
pub(crate) use squall_model::kind::text_of;
pub use squall_model::kind::{Find, Gone, Id, Kind, Listed, Naming, Owner, State, Step, Sweep};
pub use volume::{BACKUP, GROUP_TYPE, QOS_SPEC, SNAPSHOT, TRANSFER, VOLUME, VOLUME_TYPE};

/// Returns the kinds of one of our services that are written by hand.
pub(crate) fn by_hand(service: &str) -> &'static [&'static Kind] {
    match service {
        "compute" => compute::KINDS,
        "identity" => identity::KINDS,
        "image" => image::KINDS,
        "network" => network::KINDS,
        "object_storage" => object_storage::KINDS,
        "placement" => placement::KINDS,
        "volume" => volume::KINDS,
        _ => &[],
    }
}
