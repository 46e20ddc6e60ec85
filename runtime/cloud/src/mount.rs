//! Where each service stands below the cloud's one address.

use squall_model::ServiceSpec;

use crate::route::Routes;

/// The seven services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Identity,
    Compute,
    Image,
    Network,
    Volume,
    ObjectStorage,
    Placement,
}

/// How a service is found: its place, and what the catalog says of it.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) kind: Kind,
    /// The first segment of its paths.
    pub(crate) prefix: &'static str,
    /// Its type in the catalog, the official one.
    pub(crate) service_type: &'static str,
    /// Its name in the catalog.
    pub(crate) name: &'static str,
    /// What follows the prefix in the catalog's address.
    pub(crate) endpoint: &'static str,
    /// The word for it in the header that asks for a microversion.
    pub(crate) version_word: &'static str,
}

/// The seven places.
pub(crate) const PLACES: [Place; 7] = [
    Place {
        kind: Kind::Identity,
        prefix: "identity",
        service_type: "identity",
        name: "keystone",
        endpoint: "/v3",
        version_word: "identity",
    },
    Place {
        kind: Kind::Compute,
        prefix: "compute",
        service_type: "compute",
        name: "nova",
        endpoint: "/v2.1",
        version_word: "compute",
    },
    Place {
        kind: Kind::Image,
        prefix: "image",
        service_type: "image",
        name: "glance",
        endpoint: "",
        version_word: "image",
    },
    Place {
        kind: Kind::Network,
        prefix: "networking",
        service_type: "network",
        name: "neutron",
        endpoint: "",
        version_word: "network",
    },
    Place {
        kind: Kind::Volume,
        prefix: "volume",
        service_type: "block-storage",
        name: "cinder",
        endpoint: "/v3",
        version_word: "volume",
    },
    Place {
        kind: Kind::ObjectStorage,
        prefix: "object-store",
        service_type: "object-store",
        name: "swift",
        endpoint: "/v1/AUTH_$(project_id)s",
        version_word: "object-store",
    },
    Place {
        kind: Kind::Placement,
        prefix: "placement",
        service_type: "placement",
        name: "placement",
        endpoint: "",
        version_word: "placement",
    },
];

/// A service as it is served: its place, its spec, and its routes.
#[derive(Debug)]
pub(crate) struct Mount {
    pub(crate) place: &'static Place,
    pub(crate) spec: &'static ServiceSpec,
    pub(crate) routes: Routes,
}

impl Mount {
    pub(crate) fn new(place: &'static Place, spec: &'static ServiceSpec) -> Self {
        Self { place, spec, routes: Routes::new(spec.operations) }
    }
}
