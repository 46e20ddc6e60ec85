//! Lists that many waits can share instead of polling each resource.

use squall_model::ServiceSpec;

use crate::compute::Compute;
use crate::image::Image;
use crate::network::Network;
use crate::volume::Volume;

/// A list of resources of one type, with their states.
#[derive(Debug)]
pub(crate) struct Listing {
    /// The service's tables.
    pub(super) spec: &'static ServiceSpec,
    /// The operation that lists them with details.
    pub(super) operation: &'static str,
    /// The JSON pointer to the items in its response; each has an `id`.
    pub(super) collection: &'static str,
    /// The query with which an admin sees every project.
    pub(super) everywhere: &'static [(&'static str, &'static str)],
    /// How the list is filtered.
    pub(super) narrow: Narrow,
}

/// How a list is filtered.
#[derive(Debug, Clone, Copy)]
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

const EVERY_PROJECT: &[(&str, &str)] = &[("all_tenants", "1")];

pub(super) static SERVERS: Listing = Listing {
    spec: Compute::SPEC,
    operation: "compute.servers.list_detail",
    collection: "/servers",
    everywhere: EVERY_PROJECT,
    narrow: Narrow::Name("name"),
};

pub(super) static VOLUMES: Listing = Listing {
    spec: Volume::SPEC,
    operation: "volume.volumes.list_detail",
    collection: "/volumes",
    everywhere: EVERY_PROJECT,
    narrow: Narrow::Not,
};

pub(super) static SNAPSHOTS: Listing = Listing {
    spec: Volume::SPEC,
    operation: "volume.snapshots.list_detail",
    collection: "/snapshots",
    everywhere: EVERY_PROJECT,
    narrow: Narrow::Not,
};

pub(super) static BACKUPS: Listing = Listing {
    spec: Volume::SPEC,
    operation: "volume.backups.list_detail",
    collection: "/backups",
    everywhere: EVERY_PROJECT,
    narrow: Narrow::Not,
};

pub(super) static IMAGES: Listing = Listing {
    spec: Image::SPEC,
    operation: "image.images.list",
    collection: "/images",
    everywhere: &[],
    narrow: Narrow::In("id"),
};

pub(super) static PORTS: Listing = Listing {
    spec: Network::SPEC,
    operation: "network.ports.list",
    collection: "/ports",
    everywhere: &[],
    narrow: Narrow::Each("id"),
};
