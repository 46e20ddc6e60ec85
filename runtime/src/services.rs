//! The services that have a client of ours, as their operation tables describe them.

use squall_model::{Operation, ServiceSpec};

/// Gives the seven, sorted by our name.
pub fn all() -> [&'static ServiceSpec; 7] {
    [
        crate::compute::Compute::SPEC,
        crate::identity::Identity::SPEC,
        crate::image::Image::SPEC,
        crate::network::Network::SPEC,
        crate::object_storage::ObjectStorage::SPEC,
        crate::placement::Placement::SPEC,
        crate::volume::Volume::SPEC,
    ]
}

/// Finds a service by our name, or by its official type.
pub fn named(name: &str) -> Option<&'static ServiceSpec> {
    all().into_iter().find(|service| service.name == name || service.service_type == name)
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
    fn every_operation_is_found_by_its_id() {
        assert!(all().is_sorted_by_key(|service| service.name));
        for known in all().iter().flat_map(|service| service.operations) {
            assert!(operation(&known.id).is_some_and(|(_, found)| std::ptr::eq(found, *known)));
        }
    }
}
