//! The official service types and the names that they go by elsewhere.
//!
//! The pairs are facts of the service-types authority; a service that is not
//! here goes by its own name.

/// Official type, then its aliases in the order in which they are tried.
const TYPES: &[(&str, &[&str])] = &[
    ("accelerator", &[]),
    ("alarm", &["alarming"]),
    ("application-catalog", &[]),
    ("backup", &[]),
    ("baremetal", &["bare-metal"]),
    ("baremetal-introspection", &[]),
    ("block-storage", &["volumev3", "volumev2", "volume", "block-store"]),
    ("clustering", &["resource-cluster", "cluster"]),
    ("compute", &[]),
    ("container-infrastructure-management", &["container-infra", "container-infrastructure"]),
    ("dns", &[]),
    ("identity", &[]),
    ("image", &[]),
    ("instance-ha", &["ha"]),
    ("key-manager", &[]),
    ("load-balancer", &[]),
    ("message", &["messaging"]),
    ("network", &[]),
    ("nfv-orchestration", &[]),
    ("object-store", &["object-storage"]),
    ("orchestration", &[]),
    ("placement", &[]),
    ("reservation", &[]),
    ("resource-optimization", &["infra-optim"]),
    ("root-cause-analysis", &["rca"]),
    ("shared-file-system", &["sharev2", "share"]),
    ("workflow", &["workflowv2"]),
];

/// Gives the official type of a service type or alias.
///
/// ```
/// use squall_client::catalog::official;
/// assert_eq!(official("volumev3"), "block-storage");
/// assert_eq!(official("acme-rockets"), "acme-rockets");
/// ```
pub fn official(service_type: &str) -> &str {
    TYPES
        .iter()
        .find(|(name, aliases)| *name == service_type || aliases.contains(&service_type))
        .map_or(service_type, |(name, _)| name)
}

/// Gives every name of a service, the official one first.
pub fn aliases(service_type: &str) -> Vec<&str> {
    let name = official(service_type);
    let others = TYPES.iter().find(|(official, _)| *official == name);
    std::iter::once(name).chain(others.into_iter().flat_map(|(_, more)| *more).copied()).collect()
}
