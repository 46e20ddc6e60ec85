//! What a run may make: the kinds, each with how it is found again, taken away
//! and seen to be gone.
//!
//! Nothing can be made without a kind, because nothing can be made without the
//! ledger and the ledger holds kinds. Ours are a table; a plugin adds its own
//! with [`register!`], and they are treated alike.

mod catalogue;
mod check;
mod compute;
mod find;
mod gone;
mod identity;
mod image;
mod kind;
mod name;
mod network;
mod object_storage;
mod placement;
pub mod rank;
mod volume;

pub use catalogue::{all, exempt, find, making};
pub(crate) use check::faults;
pub use compute::{
    AGGREGATE, AGGREGATE_HOST, FLAVOR, KEYPAIR, QUOTA_SET, SERVER, SERVER_GROUP, VOLUME_ATTACHMENT,
};
pub(crate) use find::text_of;
pub use find::{Find, Id, Listed, Naming};
pub use gone::{Gone, Step, Sweep};
pub use identity::{
    APPLICATION_CREDENTIAL, CREDENTIAL, DOMAIN, DOMAIN_ROLE_ASSIGNMENT, ENDPOINT, GROUP,
    IDENTITY_PROVIDER, MAPPING, POLICY, PROJECT, REGION, ROLE, ROLE_ASSIGNMENT, SERVICE,
    SYSTEM_ROLE_ASSIGNMENT, USER,
};
pub use image::{IMAGE, METADEF_NAMESPACE};
pub use kind::Kind;
pub use name::unique_name;
pub(crate) use name::{begins_like_run, is_name_of_run, is_unique_name, run_prefix, words_of};
pub use network::{
    ADDRESS_GROUP, ADDRESS_SCOPE, FLOATING_IP, NETWORK, PORT, QOS_POLICY, ROUTER, ROUTER_INTERFACE,
    SECURITY_GROUP, SECURITY_GROUP_RULE, SUBNET, SUBNET_POOL, TRUNK,
};
pub use object_storage::{CONTAINER, OBJECT};
pub use placement::{ALLOCATION, RESOURCE_CLASS, RESOURCE_PROVIDER, TRAIT};
pub use volume::{BACKUP, GROUP_TYPE, QOS_SPEC, SNAPSHOT, TRANSFER, VOLUME, VOLUME_TYPE};

/// The built-in kinds, by service.
const OURS: &[&[&Kind]] = &[
    compute::KINDS,
    identity::KINDS,
    image::KINDS,
    network::KINDS,
    object_storage::KINDS,
    placement::KINDS,
    volume::KINDS,
];

#[doc(hidden)]
pub use catalogue::Registered;
#[doc(hidden)]
pub use inventory as __inventory;

/// Makes kinds known to the guard and to `squall cleanup`.
///
/// The crate that holds them must be linked: name it in `squall::main!(…)`.
#[doc(inline)]
pub use crate::__register_kinds as register;

/// See [`kinds::register!`](crate::kinds::register).
#[doc(hidden)]
#[macro_export]
macro_rules! __register_kinds {
    ($($kind:path),+ $(,)?) => {
        $($crate::kinds::__inventory::submit! { $crate::kinds::Registered(&$kind) })+
    };
}
