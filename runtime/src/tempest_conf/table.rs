//! Which options of Tempest's have a counterpart.

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

/// What `[service_available]` calls services, ours and those that plugins test.
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

/// Options that stand for one another, and what is chosen by them: group, option, key.
pub(super) const CHOICES: &[(&str, &str, &str)] = &[
    ("compute", "flavor_ref", "flavor"),
    ("compute", "image_ref", "image"),
    ("network", "public_network_id", "external-network"),
];

/// Options that say how a cloud is entered: group, option, the key below the cloud in
/// `clouds.yaml`.
pub(super) const ENTRANCE: &[(&str, &str, &str)] = &[
    ("auth", "admin_domain_name", "auth.user_domain_name"),
    ("auth", "admin_password", "auth.password"),
    ("auth", "admin_project_name", "auth.project_name"),
    ("auth", "admin_system", "auth.system_scope"),
    ("auth", "admin_username", "auth.username"),
    ("identity", "ca_certificates_file", "cacert"),
    ("identity", "disable_ssl_certificate_validation", "verify"),
    ("identity", "region", "region_name"),
    ("identity", "uri_v3", "auth.auth_url"),
    ("identity", "v3_endpoint_type", "interface"),
];

/// What is asked instead of an option; `*` is any group.
pub(super) const PROBED: &[(&str, &str, &str)] = &[
    ("*", "api_extensions", "for its extensions"),
    ("*", "catalog_type", "for its catalog, where a service goes by any of its names"),
    ("*", "max_microversion", "for its microversions, and negotiates"),
    ("*", "min_microversion", "for its microversions, and negotiates"),
    ("compute", "min_compute_nodes", "for the compute services that are up"),
    ("identity-feature-enabled", "api_v3", "for version 3 of identity, which it needs"),
    ("image-feature-enabled", "import_image", "for the ways to import"),
    ("network-feature-enabled", "floating_ips", "for external networks"),
    ("object-storage-feature-enabled", "discoverability", "for /info"),
    ("object-storage-feature-enabled", "discoverable_apis", "for /info"),
];

/// What there is nothing like, and why; `*` is any group or any option.
const NONE: &[(&str, &str, &str)] = &[
    ("DEFAULT", "*", "a run keeps its journal, and needs no log to be set up"),
    ("oslo_concurrency", "*", "nothing here locks files that others have to know of"),
    ("*", "build_interval", "waiting paces itself"),
    ("*", "endpoint_type", "one `interface` in clouds.yaml holds for all services"),
    ("*", "region", "one `region_name` in clouds.yaml holds for all services"),
    ("auth", "create_isolated_networks", "tests that want a network make one"),
    ("auth", "tempest_roles", "a test says which roles its identities have"),
    ("auth", "default_credentials_domain_name", "identities are made in the admin's domain"),
    ("compute", "flavor_ref_alt", "no test is given a second flavor"),
    ("compute", "image_ref_alt", "no test is given a second image"),
    ("identity", "auth_version", "identity is version 3 here"),
    ("network", "floating_network_name", "`external-network` is taken from `public_network_id`"),
    ("network", "project_network_cidr", "tests that want a network say its addresses"),
    ("validation", "*", "tests that log into guests say how"),
    ("dashboard", "*", "nothing here looks at a dashboard"),
];

/// Gives why there is nothing like an option, in general words where none are known.
pub(super) fn why_none(group: &str, option: &str) -> Fate {
    let fits = |pattern: &str, name: &str| pattern == "*" || pattern == name;
    let known = NONE.iter().find(|(of, name, _)| fits(of, group) && fits(name, option));
    let why = known.map_or("no counterpart", |(_, _, why)| why).to_owned();
    Fate::None { why }
}
