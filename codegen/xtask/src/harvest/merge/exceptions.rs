//! The tables that overrule the naming rules, each line with its reason.

use super::place::Shape;

/// Last parts of a path that are verbs, by their first word.
pub(super) const VERBS: [&str; 40] = [
    "accept",
    "add",
    "associate",
    "clean",
    "cleanup",
    "create",
    "deactivate",
    "delete",
    "disable",
    "disassociate",
    "download",
    "enable",
    "export",
    "failover",
    "freeze",
    "get",
    "import",
    "insert",
    "prune",
    "reactivate",
    "reboot",
    "remove",
    "resetstate",
    "restore",
    "search",
    "set",
    "shutdown",
    "stage",
    "startup",
    "thaw",
    "unset",
    "update",
    "upload",
    "validate",
    "authorize",
    "revoke",
    "attach",
    "detach",
    "rename",
    "verify",
];

/// (service, part of a path, our word, reason); a service left empty means any.
pub(super) const WORDS: [(&str, &str, &str, &str); 9] = [
    ("", "os-availability-zone", "availability_zones", "a collection named in the singular"),
    ("compute", "os-flavor-access", "access", "the flavor is named before it"),
    ("compute", "os-instance_usage_audit_log", "instance_usage_audit_logs", "a collection"),
    ("compute", "os-interface", "interfaces", "a collection named in the singular"),
    ("compute", "os-simple-tenant-usage", "simple_tenant_usages", "a collection"),
    ("volume", "consistencygroups", "consistency_groups", "two words"),
    ("volume", "cgsnapshots", "consistency_group_snapshots", "an abbreviation"),
    ("volume", "os-volume-type-access", "access", "the volume type is named before it"),
    ("volume", "types", "volume_types", "a type of what must be said"),
];

/// (service, part of a path, name of the parameter after it, reason).
pub(super) const PARAMETERS: [(&str, &str, &str, &str); 16] = [
    ("compute", "extensions", "alias", "extensions go by their alias"),
    ("compute", "metadata", "key", "an item of metadata goes by its key"),
    ("compute", "os-extra_specs", "key", "an extra spec goes by its key"),
    ("compute", "ips", "network_label", "addresses are grouped by the label of their network"),
    ("compute", "os-hosts", "host_name", "hosts go by name"),
    ("compute", "os-instance_usage_audit_log", "before", "a time, not an id"),
    ("compute", "os-instance-actions", "request_id", "actions go by the request that asked"),
    ("compute", "os-interface", "port_id", "interfaces go by their port"),
    ("compute", "os-keypairs", "keypair_name", "keypairs go by name"),
    ("compute", "os-quota-class-sets", "class_name", "quota classes go by name"),
    ("compute", "os-quota-sets", "project_id", "a project has one quota set"),
    ("compute", "os-simple-tenant-usage", "project_id", "usage is counted by project"),
    ("compute", "os-volume_attachments", "volume_id", "attachments go by their volume"),
    ("compute", "shares", "share_id", "upstream's name for it is `id`"),
    ("compute", "tags", "tag", "a tag is its own name"),
    ("compute", "os-console-auth-tokens", "token", "the path holds the token itself"),
];

/// (service, path, resource, what the path leads to, reason).
pub(super) const PLACES: [(&str, &str, &str, Shape, &str); 4] = [
    ("compute", "", "versions", Shape::Collection, "the root lists the versions"),
    ("compute", "/limits", "limits", Shape::Single, "one document, not a list"),
    (
        "compute",
        "/flavors/{}/os-flavor-access",
        "flavor_access",
        Shape::Collection,
        "a list named by a word without plural",
    ),
    ("volume", "/limits", "limits", Shape::Single, "one document, not a list"),
];

/// (service, method, path, action, resource and verb, reason).
pub(super) const NAMES: [(&str, &str, &str, &str, &str, &str); 2] = [
    (
        "compute",
        "GET",
        "/os-quota-sets/{}/defaults",
        "",
        "quota_sets.show_defaults",
        "a view of the quota set, as `detail` is",
    ),
    (
        "compute",
        "GET",
        "/servers/{}/tags/{}",
        "",
        "server_tags.check",
        "it answers without a body whether the tag is there",
    ),
];

/// (operation, summary) where the rule gives poor English.
pub(super) const SUMMARIES: [(&str, &str); 13] = [
    ("compute.aggregate_images.create", "Has the hosts of an aggregate cache images."),
    ("compute.hypervisor_statistics.show", "Shows sums over all hypervisors."),
    ("compute.server_ips.show", "Shows the addresses of a server on one network."),
    ("compute.servers.force_delete", "Deletes a server at once, whatever its state."),
    ("compute.servers.inject_network_info", "Injects network information into a server."),
    ("compute.servers.migrate_live", "Migrates a running server to another host."),
    ("compute.servers.shelve_offload", "Frees the host of a shelved server."),
    ("compute.servers.create_backup", "Creates a backup image of a server."),
    ("compute.hosts.startup", "Starts a host up."),
    ("compute.hosts.shutdown", "Shuts a host down."),
    ("compute.hypervisors.search", "Lists the hypervisors whose host name matches."),
    (
        "compute.server_migrations.force_complete",
        "Completes a live migration by pausing the server.",
    ),
    ("compute.limits.show", "Shows the limits of the project."),
];

/// (service, method, path, action, request or query or response, reason): versions
/// at which upstream has no schema on purpose.
pub(super) const HOLES: [(&str, &str, &str, &str, &str, &str); 2] = [
    (
        "compute",
        "POST",
        "/servers/{}/action",
        "migrate",
        "request",
        "the body has been checked since 2.56 alone, when it could first name a host",
    ),
    (
        "compute",
        "POST",
        "/servers/{}/action",
        "unlock",
        "request",
        "the body has not been checked since 2.73, when `lock` began to take a reason",
    ),
];
