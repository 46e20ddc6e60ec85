//! All kinds, ours and the plugins', by name and by the operations that make them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Kind, OURS};

/// A plugin's kind.
#[derive(Debug)]
pub struct Registered(pub &'static Kind);

inventory::collect!(Registered);

/// Returns every kind, ours first.
pub fn all() -> impl Iterator<Item = &'static Kind> {
    let plugins = inventory::iter::<Registered>.into_iter().map(|registered| registered.0);
    OURS.iter().copied().flatten().copied().chain(plugins)
}

/// Finds a kind by its name.
pub fn find(name: &str) -> Option<&'static Kind> {
    BY_NAME.get(name).copied()
}

/// Finds the kind that an operation makes.
pub fn making(operation: &str) -> Option<&'static Kind> {
    BY_OPERATION.get(operation).copied()
}

/// Why an operation that looks as if it made something needs no ledger.
pub fn exempt(operation: &str) -> Option<&'static str> {
    EXEMPT.iter().find(|(id, _)| *id == operation).map(|(_, why)| *why)
}

static BY_NAME: LazyLock<BTreeMap<&str, &Kind>> =
    LazyLock::new(|| all().map(|kind| (kind.name, kind)).collect());

static BY_OPERATION: LazyLock<BTreeMap<&str, &Kind>> = LazyLock::new(|| {
    all().flat_map(|kind| kind.made_by.iter().map(move |id| (*id, kind))).collect()
});

/// Operations called `create` that leave nothing behind, and why.
const EXEMPT: &[(&str, &str)] = &[
    ("compute.aggregate_images.create", "hosts cache images; no resource is created"),
    ("compute.server_external_events.create", "an event is delivered, not stored"),
    ("compute.server_remote_consoles.create", "a console expires, and ends with its server"),
    ("identity.auth_saml2.create", "an assertion about the caller, which is not stored"),
    ("identity.auth_saml2_ecp.create", "an assertion about the caller, which is not stored"),
    ("identity.auth_tokens.create", "a token expires"),
    ("identity.ec2tokens.create", "a token expires"),
    ("identity.oauth1_access_token.create", "a token expires"),
    ("identity.oauth1_request_token.create", "a token expires"),
    ("identity.oauth2_token.create", "a token expires"),
    ("identity.s3tokens.create", "a signature is checked, nothing is stored"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use squall_model::Operation;

    use super::*;
    use crate::kinds::{Find, Gone};

    #[test]
    fn the_tables_have_everything_that_kinds_name() {
        let mut missing = Vec::new();
        for kind in OURS.iter().copied().flatten() {
            let spec = (kind.spec)();
            // What makes a thing may be another service's operation, a proxy's say.
            let makers: Vec<&Operation> = kind.made_by.iter().filter_map(|id| found(id)).collect();
            if makers.len() < kind.made_by.len() {
                missing.push(format!("{}: one of {:?}", kind.name, kind.made_by));
            }
            let listing = match kind.find {
                Find::Listed(listed) => Some(listed.operation),
                Find::Name | Find::Coordinates => None,
            };
            let seeing = match kind.gone {
                Gone::Deleted(operation)
                | Gone::NotFound(operation)
                | Gone::NotFoundOr(operation, ..) => Some(operation),
                Gone::Accepted => None,
            };
            let undoing = kind.undo.iter().map(|step| step.operation);
            for id in undoing.chain(listing).chain(seeing) {
                let Some(operation) = spec.operation(id) else {
                    missing.push(format!("{}: {id}", kind.name));
                    continue;
                };
                for param in operation.path_parameters() {
                    let known = param == kind.id_param
                        || kind.body_params.iter().any(|(name, _)| *name == param)
                        || makers.iter().any(|made| made.path_parameters().any(|p| p == param));
                    if !known {
                        missing.push(format!("{}: {id} needs `{param}`", kind.name));
                    }
                }
            }
        }
        assert_eq!(missing, [""; 0]);
    }

    fn found(id: &str) -> Option<&'static Operation> {
        OURS.iter().copied().flatten().find_map(|kind| (kind.spec)().operation(id))
    }

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

    #[test]
    fn names_and_making_operations_are_each_one_kinds_own() {
        let names: BTreeSet<_> = all().map(|kind| kind.name).collect();
        assert_eq!(names.len(), all().count());
        let making: Vec<_> = all().flat_map(|kind| kind.made_by).collect();
        assert_eq!(making.iter().collect::<BTreeSet<_>>().len(), making.len());
    }
}
