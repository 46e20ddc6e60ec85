//! Which of Tempest's options have a counterpart.

use super::Fate;

/// Options that say whether a cloud has a feature: group, option, our feature.
pub(super) const FEATURES: &[(&str, &str, &str)] = &[
    ("compute-feature-enabled", "change_password", "compute.change_password"),
    ("compute-feature-enabled", "cold_migration", "compute.cold_migration"),
    ("compute-feature-enabled", "config_drive", "compute.config_drive"),
    ("compute-feature-enabled", "console_output", "compute.console_log"),
    ("compute-feature-enabled", "interface_attach", "compute.interface_attach"),
    ("compute-feature-enabled", "live_migration", "compute.live_migration"),
    ("compute-feature-enabled", "metadata_service", "compute.metadata_service"),
    ("compute-feature-enabled", "pause", "compute.pause"),
    ("compute-feature-enabled", "rescue", "compute.rescue"),
    ("compute-feature-enabled", "resize", "compute.resize"),
    ("compute-feature-enabled", "serial_console", "compute.serial_console"),
    ("compute-feature-enabled", "shelve", "compute.shelve"),
    ("compute-feature-enabled", "snapshot", "compute.snapshot"),
    ("compute-feature-enabled", "spice_console", "compute.spice_console"),
    ("compute-feature-enabled", "suspend", "compute.suspend"),
    ("compute-feature-enabled", "vnc_console", "compute.vnc_console"),
    ("compute-feature-enabled", "volume_multiattach", "compute.volume_multiattach"),
    ("identity-feature-enabled", "application_credentials", "identity.application_credentials"),
    ("identity-feature-enabled", "project_tags", "identity.project_tags"),
    ("identity-feature-enabled", "trust", "identity.trusts"),
    ("image-feature-enabled", "deactivate_image", "image.deactivate"),
    ("network-feature-enabled", "ipv6", "network.ipv6"),
    ("network-feature-enabled", "port_security", "network.extension.port-security"),
    ("object-storage-feature-enabled", "object_versioning", "object_storage.object_versioning"),
    ("volume-feature-enabled", "backup", "volume.backup"),
    ("volume-feature-enabled", "clone", "volume.clone"),
    ("volume-feature-enabled", "extend_attached_volume", "volume.extend_attached"),
    ("volume-feature-enabled", "manage_snapshot", "volume.manage_snapshots"),
    ("volume-feature-enabled", "manage_volume", "volume.manage"),
    ("volume-feature-enabled", "snapshot", "volume.snapshot"),
    ("volume-feature-enabled", "volume_revert", "volume.revert"),
];

/// The names of services in `[service_available]`, and ours.
pub(super) const SERVICES: &[(&str, &str)] = &[
    ("barbican", "key-manager"),
    ("cinder", "volume"),
    ("designate", "dns"),
    ("glance", "image"),
    ("heat", "orchestration"),
    ("heat_plugin", "orchestration"),
    ("ironic", "baremetal"),
    ("manila", "shared-file-system"),
    ("neutron", "network"),
    ("nova", "compute"),
    ("octavia", "load-balancer"),
    ("placement", "placement"),
    ("swift", "object_storage"),
];

/// Options that choose a resource: group, option, our key.
pub(super) const CHOICES: &[(&str, &str, &str)] = &[
    ("compute", "flavor_ref", "flavor"),
    ("compute", "image_ref", "image"),
    ("network", "public_network_id", "external-network"),
];

/// Options of the credential and the endpoint: group, option, the key below the cloud in
/// `clouds.yaml`.
pub(super) const ENTRANCE: &[(&str, &str, &str)] = &[
    ("auth", "admin_domain_name", BOTH_DOMAINS),
    ("auth", "admin_password", "auth.password"),
    ("auth", "admin_project_domain_name", "auth.project_domain_name"),
    ("auth", "admin_project_name", "auth.project_name"),
    ("auth", "admin_system", "auth.system_scope"),
    ("auth", "admin_user_domain_name", "auth.user_domain_name"),
    ("auth", "admin_username", "auth.username"),
    ("identity", "ca_certificates_file", "cacert"),
    ("identity", "disable_ssl_certificate_validation", "verify"),
    ("identity", "region", "region_name"),
    ("identity", "uri_v3", "auth.auth_url"),
    ("identity", "v3_endpoint_type", "interface"),
];

/// The domain of the admin's user and project, where they have none of their own.
pub(super) const BOTH_DOMAINS: &str = "auth.user_domain_name and auth.project_domain_name";

/// What the cloud is asked for instead of an option; `*` is any group.
pub(super) const PROBED: &[(&str, &str, &str)] = &[
    ("*", "api_extensions", "network extensions"),
    ("*", "catalog_type", "catalog, in which a service may have any of its type's names"),
    ("*", "max_microversion", "microversions, which are negotiated"),
    ("*", "min_microversion", "microversions, which are negotiated"),
    ("compute", "min_compute_nodes", "compute services that are up"),
    ("identity-feature-enabled", "api_v3", "identity version 3, which is required"),
    ("image-feature-enabled", "import_image", "import methods"),
    ("network-feature-enabled", "floating_ips", "external networks"),
    ("object-storage-feature-enabled", "discoverability", "/info"),
    ("object-storage-feature-enabled", "discoverable_apis", "/info"),
];

/// Options without a counterpart, and why; `*` is any group or any option.
const NONE: &[(&str, &str, &str)] = &[
    ("DEFAULT", "*", "a run always keeps a journal; logging needs no setup"),
    ("oslo_concurrency", "*", "no lock directory is needed"),
    ("*", "build_interval", "the polling interval adapts itself"),
    ("*", "endpoint_type", "set `interface` or `SERVICE_interface` in clouds.yaml"),
    ("*", "region", "set `region_name` or `SERVICE_region_name` in clouds.yaml"),
    ("auth", "create_isolated_networks", "tests create the networks that they need"),
    ("auth", "tempest_roles", "tests declare the roles of their identities"),
    ("auth", "default_credentials_domain_name", "identities are created in the admin's domain"),
    ("compute", "flavor_ref_alt", "tests take no second flavor"),
    ("compute", "image_ref_alt", "tests take no second image"),
    ("identity", "auth_version", "identity is always version 3"),
    ("identity", "uri", "identity is always version 3, whose URL is `uri_v3`"),
    ("network", "floating_network_name", "`external-network` comes from `public_network_id`"),
    ("network", "project_network_cidr", "tests choose the addresses of their networks"),
    ("validation", "*", "tests that log into servers configure that themselves"),
    ("dashboard", "*", "there are no dashboard tests"),
];

/// Returns why an option has no counterpart.
pub(super) fn why_none(group: &str, option: &str) -> Fate {
    let fits = |pattern: &str, name: &str| pattern == "*" || pattern == name;
    let known = NONE.iter().find(|(of, name, _)| fits(of, group) && fits(name, option));
    let why = known.map_or("no counterpart", |(_, _, why)| why).to_owned();
    Fate::None { why }
}
