//! All kinds, ours and the plugins', by name and by the operations that make them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Kind, compute, identity, image, network, object_storage, placement, volume};

/// A plugin's kind.
#[derive(Debug)]
pub struct Registered(pub &'static Kind);

inventory::collect!(Registered);

/// Gives every kind, ours first.
pub fn all() -> impl Iterator<Item = &'static Kind> {
    let plugins = inventory::iter::<Registered>.into_iter().map(|registered| registered.0);
    OURS.iter().copied().chain(plugins)
}

/// Finds a kind by its name.
pub fn find(name: &str) -> Option<&'static Kind> {
    BY_NAME.get(name).copied()
}

/// Finds the kind that an operation makes.
pub fn making(operation: &str) -> Option<&'static Kind> {
    BY_OPERATION.get(operation).copied()
}

/// Tells why an operation that looks as if it made something needs no ledger.
pub fn exempt(operation: &str) -> Option<&'static str> {
    EXEMPT.iter().find(|(id, _)| *id == operation).map(|(_, why)| *why)
}

static BY_NAME: LazyLock<BTreeMap<&str, &Kind>> =
    LazyLock::new(|| all().map(|kind| (kind.name, kind)).collect());

static BY_OPERATION: LazyLock<BTreeMap<&str, &Kind>> = LazyLock::new(|| {
    all().flat_map(|kind| kind.made_by.iter().map(move |id| (*id, kind))).collect()
});

const OURS: &[&Kind] = &[
    &compute::AGGREGATE,
    &compute::AGGREGATE_HOST,
    &compute::FLAVOR,
    &compute::KEYPAIR,
    &compute::QUOTA_SET,
    &compute::SERVER,
    &compute::SERVER_GROUP,
    &compute::VOLUME_ATTACHMENT,
    &identity::APPLICATION_CREDENTIAL,
    &identity::DOMAIN,
    &identity::DOMAIN_ROLE_ASSIGNMENT,
    &identity::ENDPOINT,
    &identity::GROUP,
    &identity::PROJECT,
    &identity::REGION,
    &identity::ROLE,
    &identity::ROLE_ASSIGNMENT,
    &identity::SERVICE,
    &identity::SYSTEM_ROLE_ASSIGNMENT,
    &identity::USER,
    &image::IMAGE,
    &network::FLOATING_IP,
    &network::NETWORK,
    &network::PORT,
    &network::ROUTER,
    &network::ROUTER_INTERFACE,
    &network::SECURITY_GROUP,
    &network::SECURITY_GROUP_RULE,
    &network::SUBNET,
    &object_storage::CONTAINER,
    &object_storage::OBJECT,
    &placement::RESOURCE_CLASS,
    &placement::RESOURCE_PROVIDER,
    &placement::TRAIT,
    &volume::BACKUP,
    &volume::SNAPSHOT,
    &volume::VOLUME,
    &volume::VOLUME_TYPE,
];

/// Operations called `create` that leave nothing behind, and why.
const EXEMPT: &[(&str, &str)] = &[
    ("identity.auth_tokens.create", "a token ends by itself"),
    ("compute.server_remote_consoles.create", "a console ends by itself, with its server"),
    ("compute.server_external_events.create", "an event is told, not kept"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_making_operations_are_each_one_kinds_own() {
        let names: BTreeSet<_> = all().map(|kind| kind.name).collect();
        assert_eq!(names.len(), all().count());
        let making: Vec<_> = all().flat_map(|kind| kind.made_by).collect();
        assert_eq!(making.iter().collect::<BTreeSet<_>>().len(), making.len());
    }
}
