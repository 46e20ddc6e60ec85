//! Who may call what: a coarse stand-in for the policy engine to come.
//!
//! Operations are open (no token), for administrators, or for everyone with a
//! token; whose resource it is, the behaviours look at themselves.

use http::Method;

use crate::fault::Fault;
use crate::request::RequestContext;

/// Whether a path of a service is answered without a token.
pub(crate) fn is_open(service: &str, method: &Method, rest: &str) -> bool {
    match service {
        "identity" => method == Method::POST && rest == "/v3/auth/tokens",
        // Pages, temporary URLs and open containers need none; the account's gate asks.
        "object_storage" => {
            rest.starts_with("/v1/AUTH_")
                || rest == "/info" && (method == Method::GET || method == Method::HEAD)
        }
        _ => false,
    }
}

/// Refuses an operation that the caller's role is not enough for.
pub(crate) fn check(context: &RequestContext) -> Result<(), Fault> {
    if context.access.is_none() || context.is_admin() {
        return Ok(());
    }
    let id = context.operation.id.as_ref();
    let service = context.operation.service();
    let allowed = match service {
        "identity" => identity_allows(context, id),
        "placement" => false,
        // Its access is by account and by lists, which know no reader.
        "object_storage" => return Ok(()),
        _ => !ADMIN_ONLY.iter().any(|pattern| matches(pattern, id)),
    };
    if allowed { reader_may(context) } else { Err(refused(context)) }
}

/// Lets a caller without any role above reader only read.
fn reader_may(context: &RequestContext) -> Result<(), Fault> {
    let read_only = context.access.as_ref().is_some_and(|access| {
        access.project().is_some() && access.roles.iter().all(|(_, name)| name == "reader")
    });
    let reads = context.operation.method.is_safe() || context.operation.service() == "identity";
    if read_only && !reads { Err(refused(context)) } else { Ok(()) }
}

/// Identity is the other way round: most is for administrators.
fn identity_allows(context: &RequestContext, id: &str) -> bool {
    let own = !context.id().is_empty() && context.id() == context.user();
    IDENTITY_FOR_ALL.iter().any(|pattern| matches(pattern, id))
        || (own && IDENTITY_FOR_OWN_USER.iter().any(|pattern| matches(pattern, id)))
}

/// Returns the fault of a request that the caller's role is not enough for.
pub(crate) fn refused(context: &RequestContext) -> Fault {
    let rule = context
        .operation
        .policies
        .first()
        .map_or_else(|| context.operation.id.replace('.', ":"), |policy| policy.rule.to_string());
    match context.operation.service() {
        "identity" => Fault::forbidden(format!(
            "You are not authorized to perform the requested action: {rule}."
        )),
        "network" => Fault::forbidden(format!("(rule:{rule}) is disallowed by policy")),
        "image" => Fault::forbidden("You are not authorized to complete this action."),
        _ => Fault::forbidden(format!("Policy doesn't allow {rule} to be performed.")),
    }
}

/// Matches an id against a pattern, whose `*` at the end stands for anything.
fn matches(pattern: &str, id: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => id.starts_with(start),
        None => pattern == id,
    }
}

/// What every token may call in identity; the behaviours see to the rest.
const IDENTITY_FOR_ALL: &[&str] = &[
    "identity.auth_*",
    "identity.projects.show",
    "identity.regions.list",
    "identity.regions.show",
    "identity.trusts.*",
    "identity.trust_roles.*",
];

/// What a user may call about itself.
const IDENTITY_FOR_OWN_USER: &[&str] = &[
    "identity.users.show",
    "identity.users.change_password",
    "identity.user_projects.list",
    "identity.user_groups.list",
    "identity.user_application_credentials.*",
    "identity.user_access_rules.*",
];

/// What only administrators may call in the other services.
const ADMIN_ONLY: &[&str] = &[
    "compute.agents.*",
    "compute.aggregates.*",
    "compute.availability_zones.list_detail",
    "compute.flavors.create",
    "compute.flavors.update",
    "compute.flavors.delete",
    "compute.flavors.add_tenant_access",
    "compute.flavors.remove_tenant_access",
    "compute.flavor_access.*",
    "compute.flavor_extra_specs.create",
    "compute.flavor_extra_specs.update",
    "compute.flavor_extra_specs.delete",
    "compute.hypervisors.*",
    "compute.migrations.*",
    "compute.quota_sets.update",
    "compute.quota_sets.delete",
    "compute.servers.evacuate",
    "compute.servers.migrate",
    "compute.servers.migrate_live",
    "compute.servers.reset_state",
    "compute.servers.inject_network_info",
    "compute.server_diagnostics.*",
    "compute.server_external_events.*",
    "compute.server_migrations.*",
    "compute.services.*",
    "network.agents.*",
    "network.quotas.update",
    "network.quotas.delete",
    "volume.hosts.*",
    "volume.quota_sets.update",
    "volume.quota_sets.delete",
    "volume.services.*",
    "volume.volume_types.create",
    "volume.volume_types.update",
    "volume.volume_types.delete",
    "volume.volumes.reset_status",
    "volume.volumes.force_delete",
    "volume.volumes.migrate_volume",
    "volume.snapshots.reset_status",
    "volume.qos_specs.*",
];
