//! The seven services: how each is called where.

/// A service as the spec introduces it.
#[derive(Debug)]
pub(super) struct Service {
    /// Our name, the first part of every operation id.
    pub(super) name: &'static str,
    /// The folder below `api-specs/`.
    pub(super) dir: &'static str,
    /// The official service type.
    pub(super) official_type: &'static str,
    /// The path of the API version below the endpoint.
    pub(super) version_path: &'static str,
    pub(super) title: &'static str,
}

const SERVICES: [Service; 7] = [
    service("compute", "compute", "compute", "/v2.1", "Compute"),
    service("identity", "identity", "identity", "/v3", "Identity"),
    service("image", "image", "image", "/v2", "Image"),
    service("network", "network", "network", "/v2.0", "Network"),
    service("object_storage", "object-storage", "object-store", "", "Object Storage"),
    service("placement", "placement", "placement", "", "Placement"),
    service("volume", "volume", "block-storage", "/v3", "Block Storage"),
];

const fn service(
    name: &'static str,
    dir: &'static str,
    official_type: &'static str,
    version_path: &'static str,
    title: &'static str,
) -> Service {
    Service { name, dir, official_type, version_path, title }
}

/// Finds a service by its folder.
pub(super) fn by_dir(dir: &str) -> Option<&'static Service> {
    SERVICES.iter().find(|service| service.dir == dir)
}
