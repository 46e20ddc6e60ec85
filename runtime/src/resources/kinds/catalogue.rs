//! All kinds, ours and the plugins', by name and by the operations that make them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Kind, Listed};
use crate::services;

/// Returns every kind of every registered service.
pub fn all() -> impl Iterator<Item = &'static Kind> {
    services::registered().iter().flat_map(services::Registered::every_kind)
}

/// Returns what is described and no ledger has: parts of other resources, and what nothing
/// creates. A kind may stand on one.
pub(super) fn parts() -> impl Iterator<Item = &'static Kind> {
    services::registered().iter().flat_map(services::Registered::parts)
}

/// Finds a kind by its name.
pub fn find(name: &str) -> Option<&'static Kind> {
    if name == SETTING.name {
        return Some(&SETTING);
    }
    BY_NAME.get(name).copied()
}

/// What a test changed of the cloud itself. No operation makes one: the ledger has the request
/// that restores it.
pub(crate) static SETTING: Kind = Kind::new("cloud.setting");

/// Finds the kind that an operation makes.
pub fn making(operation: &str) -> Option<&'static Kind> {
    BY_OPERATION.get(operation).copied()
}

/// Returns the list that shows every resource of a kind to an admin, if there is one: it
/// needs no parent.
pub fn census(kind: &Kind) -> Option<Listed> {
    let list = kind.list()?;
    let operation = services::operation(list.operation);
    let needs_parent =
        operation.is_some_and(|(_, operation)| operation.path_parameters().next().is_some());
    (!needs_parent).then_some(list)
}

/// Whether what an operation creates goes with another resource: it is a part of one, or its
/// description says that it acts on one and why it leaves nothing.
pub(crate) fn goes_with_another(operation: &str) -> bool {
    let description = services::description(services::service_of(operation));
    let call = description.call(operation);
    call.is_some_and(|call| call.on.is_some() && call.leaves_nothing.is_some())
        || description
            .resources
            .iter()
            .any(|one| one.within.is_some() && one.kind.made_by.contains(&operation))
}

/// Why an operation that looks as if it made something needs no ledger. A description vouches
/// for its own request alone: another body might leave something.
pub(crate) fn exempt(operation: &str, as_described: bool) -> Option<&'static str> {
    let known = EXEMPT.iter().find(|(id, _)| *id == operation).map(|(_, why)| *why);
    let description = services::description(services::service_of(operation));
    let call = description.call(operation).filter(|_| as_described);
    let described = call.and_then(|call| {
        let refused = call.answers.map(|(_, why)| why);
        // What it does to a resource goes with that resource, if the resource is the run's.
        refused.or(call.leaves_nothing.filter(|_| call.on.is_none()))
    });
    known.or(described)
}

/// What is not kept, although its description is of a resource or of a call on one, or says
/// that it cannot be called on a cloud of ours.
const EXEMPT: &[(&str, &str)] = &[
    ("identity.auth_saml2.create", "an assertion about the caller, which is not stored"),
    ("identity.auth_saml2_ecp.create", "an assertion about the caller, which is not stored"),
    ("identity.auth_tokens.create", "a token expires"),
    ("identity.ec2tokens.create", "a token expires"),
    ("identity.oauth1_access_token.create", "a token expires"),
    ("identity.oauth1_request_token.create", "a token expires"),
    ("identity.oauth2_token.create", "a token expires"),
    ("identity.s3tokens.create", "a signature is checked, nothing is stored"),
];

static BY_NAME: LazyLock<BTreeMap<&str, &Kind>> =
    LazyLock::new(|| all().map(|kind| (kind.name, kind)).collect());

static BY_OPERATION: LazyLock<BTreeMap<&str, &Kind>> = LazyLock::new(|| {
    all().flat_map(|kind| kind.made_by.iter().map(move |id| (*id, kind))).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_other_cleanups_forget_has_a_kind() {
        for kind in [
            "object_storage.container",
            "object_storage.object",
            "volume.backup",
            "volume.volume_type",
            "volume.group_type",
            "volume.qos_spec",
            "network.trunk",
            "network.qos_policy",
            "identity.group",
            "identity.application_credential",
            "compute.server_group",
            "compute.aggregate",
        ] {
            assert!(find(kind).is_some_and(|kind| !kind.undo.is_empty()), "{kind}");
        }
    }
}
