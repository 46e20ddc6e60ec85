//! Lists that many waits can share instead of polling each resource.

use squall_model::ServiceSpec;
use squall_model::description::Resource;

use crate::services;

/// A list of resources of one kind, with their states.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listing {
    /// The service's tables.
    pub(super) spec: &'static ServiceSpec,
    /// The operation that lists them with details.
    pub(super) operation: &'static str,
    /// The JSON pointer to the items in its response.
    pub(super) collection: &'static str,
    /// The JSON pointer, in an item, to its id.
    pub(super) id: &'static str,
    /// The query with which an admin sees every project.
    pub(super) everywhere: &'static [(&'static str, &'static str)],
    /// How the list is filtered.
    pub(super) narrow: Narrow,
}

/// How a list is filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Narrow {
    /// By the prefix of the run's names, in this parameter.
    Name(&'static str),
    /// By ids, one parameter each.
    Each(&'static str),
    /// By ids in one parameter, as `in:one,two`.
    In(&'static str),
    /// Not filtered: the service cannot.
    Not,
}

impl Listing {
    /// Returns the list of a described resource, if it has one for all projects.
    pub(super) fn of(resource: &Resource) -> Option<Self> {
        let list = ["list_detail", "list"].into_iter().find_map(|verb| resource.standard(verb))?;
        let operation = list.operation;
        let (spec, table) = services::operation(operation)?;
        if table.path_parameters().next().is_some() {
            return None;
        }
        let everywhere = resource.kind.list().map_or(&[][..], |listed| listed.everywhere);
        let (collection, id) = (resource.collection, resource.id);
        Some(Self { spec, operation, collection, id, everywhere, narrow: narrow(operation) })
    }
}

/// Returns how a service filters a list by several resources at once, which its description
/// does not say: most filter by one exact name only.
fn narrow(operation: &str) -> Narrow {
    match operation {
        // A part of a name is enough (nova.db.main.api, `_regex_instance_filter`).
        "compute.servers.list_detail" => Narrow::Name("name"),
        "image.images.list" => Narrow::In("id"),
        // A parameter may be repeated for every resource (neutron.api.api_common, `get_filters`).
        _ if operation.starts_with("network.") => Narrow::Each("id"),
        _ => Narrow::Not,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_a_resource_follows_from_its_description() {
        let of = |kind: &str| {
            Listing::of(services::resource(kind).unwrap()).map(|listing| {
                (listing.operation, listing.collection, listing.everywhere, listing.narrow)
            })
        };
        let everyone: &[(&str, &str)] = &[("all_tenants", "1")];
        for (kind, operation, collection, everywhere, narrow) in [
            (
                "compute.server",
                "compute.servers.list_detail",
                "/servers",
                everyone,
                Narrow::Name("name"),
            ),
            ("volume.volume", "volume.volumes.list_detail", "/volumes", everyone, Narrow::Not),
            (
                "volume.snapshot",
                "volume.snapshots.list_detail",
                "/snapshots",
                everyone,
                Narrow::Not,
            ),
            ("volume.backup", "volume.backups.list_detail", "/backups", everyone, Narrow::Not),
            ("image.image", "image.images.list", "/images", &[], Narrow::In("id")),
            ("network.port", "network.ports.list", "/ports", &[], Narrow::Each("id")),
        ] {
            assert_eq!(of(kind), Some((operation, collection, everywhere, narrow)), "{kind}");
        }
    }
}
