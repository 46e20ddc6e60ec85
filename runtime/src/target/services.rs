//! The services with a generated client, and their operation tables.

use std::borrow::Cow;

use squall_model::service::{ServiceProfile, aliases};
use squall_model::{Operation, ServiceSpec};
use squall_services::ALL;

/// Returns every service, sorted by Squall's name.
pub fn all() -> [&'static ServiceSpec; ALL.len()] {
    ALL
}

/// Finds a service by any of its names: Squall's, the official type, or an alias.
pub fn named(name: &str) -> Option<&'static ServiceSpec> {
    let ours = ServiceProfile::named(name)?.name;
    all().into_iter().find(|service| service.name == ours)
}

/// Returns our name of a service that has a client of ours; of any other the name as it is.
pub fn our_name(name: &str) -> &str {
    named(name).map_or(name, |spec| spec.name)
}

/// Returns every name of a service: the one that is given, and of a service that
/// OpenStack knows the official type, its aliases and our name with `-`.
pub fn names(name: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let official = named(name).map(|spec| spec.service_type);
    let others = official.into_iter().flat_map(aliases).map(Cow::from);
    std::iter::once(Cow::from(name))
        .chain(others)
        .chain(official.map(|_| Cow::from(name.replace('_', "-"))))
}

/// Finds an operation, and its service, by the operation's id.
pub fn operation(id: &str) -> Option<(&'static ServiceSpec, &'static Operation)> {
    let service = named(id.split('.').next().unwrap_or_default())?;
    Some((service, service.operation(id)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_found_by_any_of_its_names() {
        for (name, ours) in [
            ("volume", "volume"),
            ("block-storage", "volume"),
            ("volumev3", "volume"),
            ("object-store", "object_storage"),
            ("object-storage", "object_storage"),
            ("compute", "compute"),
        ] {
            assert_eq!(named(name).map(|spec| spec.name), Some(ours), "{name}");
        }
        assert!(named("key-manager").is_none(), "there is no client of ours for it");
    }

    #[test]
    fn specs_and_the_table_of_services_agree() {
        for spec in all() {
            let row = spec.profile();
            assert_eq!((row.name, row.service_type), (spec.name, spec.service_type));
            assert_eq!(row.version_path, spec.version_path, "{}", spec.name);
        }
    }

    #[test]
    fn every_operation_is_found_by_its_id() {
        assert!(all().is_sorted_by_key(|service| service.name));
        for known in all().iter().flat_map(|service| service.operations) {
            assert!(operation(&known.id).is_some_and(|(_, found)| std::ptr::eq(found, *known)));
        }
    }
}
