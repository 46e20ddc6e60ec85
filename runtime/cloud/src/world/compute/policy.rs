//! Which of nova's rules a request has to pass, of what, and when.
//!
//! Nova 34.0.0 asks in each controller of `nova.api.openstack.compute`, after the body was
//! validated: most look for the server first, so that another project's is not found, and ask
//! then of its owner.

use serde_json::Value;

use super::State;
use super::server::{Server, find, find_any};
use crate::document::Document;
use crate::fault::Fault;
use crate::policy::{Owned as _, Owner};
use crate::request::RequestContext;
use crate::world::World;

/// Asks the rules of a request.
pub(crate) fn ask(world: &World, context: &RequestContext) -> Result<(), Fault> {
    let state = &world.compute;
    let operation = context.operation;
    if operation.path.starts_with("/servers/{server_id}") {
        if BEFORE_THE_SERVER.contains(&operation.id.as_ref()) {
            return context.ask_gates(&Owner::caller(context));
        }
        let server = addressed(state, context)?;
        let owner = server.owner();
        context.ask_gates(&owner)?;
        return of_server(server, context, &owner);
    }
    match operation.resource() {
        "servers" => of_servers(context),
        "keypairs" => context.ask_gates(&Owner::user(user(context))),
        // A group is found whoever asks (`nova.objects.instance_group`).
        "server_groups" => match state.groups.get(context.id()) {
            Some(group) => context.ask_gates(&Owner::project(&group.project)),
            None if context.parameters.is_empty() => of_groups(context),
            None => Err(super::groups::missing(context.id())),
        },
        "quota_sets" => context.ask_gates(&Owner::project(context.id())),
        "simple_tenant_usages" if operation.verb() == "show" => {
            context.ask_gates(&Owner::project(context.id()))
        }
        "limits" => {
            context.ask_gates(&Owner::nothing())?;
            if context.query.has("tenant_id") {
                context.ask("os_compute_api:limits:other_project", &Owner::caller(context))?;
            }
            Ok(())
        }
        "migrations" => of_migrations(context),
        "simple_tenant_usages" | "flavor_access" => context.ask_gates(&Owner::caller(context)),
        "flavor_extra_specs" if operation.method.is_safe() => {
            context.ask_gates(&Owner::caller(context))
        }
        _ => context.ask_gates(&Owner::nothing()),
    }
}

/// The actions that ask of the caller's own project, and look for the server afterwards
/// (`nova.api.openstack.compute.remote_consoles`).
const BEFORE_THE_SERVER: [&str; 3] = [
    "compute.servers.get_serial_console",
    "compute.servers.get_spice_console",
    "compute.servers.get_vnc_console",
];

/// Finds the server of the path as the operation does.
fn addressed<'a>(state: &'a State, context: &RequestContext) -> Result<&'a Server, Fault> {
    let id = context.id();
    match context.operation.resource() {
        // Tags are found by the mapping of the server to its cell, which knows no projects
        // (`nova.api.openstack.compute.server_tags`).
        "server_tags" => state.servers.get(id).ok_or_else(|| super::server::missing(id)),
        "server_instance_actions" if context.since(21) => find_any(state, id, context),
        _ => find(state, id, context),
    }
}

/// Asks what depends on the body of an action.
fn of_server(server: &Server, context: &RequestContext, owner: &Owner<'_>) -> Result<(), Fault> {
    let action = context.action();
    let given =
        |key: &str| action.get(key).and_then(Value::as_str).is_some_and(|it| !it.is_empty());
    let rule = match context.operation.id.as_ref() {
        "compute.servers.migrate" if context.since(56) && given("host") => {
            "os_compute_api:os-migrate-server:migrate:host"
        }
        "compute.servers.migrate" => "os_compute_api:os-migrate-server:migrate",
        "compute.servers.migrate_live" if given("host") => {
            "os_compute_api:os-migrate-server:migrate_live:host"
        }
        "compute.servers.migrate_live" => "os_compute_api:os-migrate-server:migrate_live",
        "compute.servers.unlock" if !server.locked_as_expected(context.project()) => {
            "os_compute_api:os-lock-server:unlock:unlock_override"
        }
        "compute.servers.unshelve" if given("host") => "os_compute_api:os-shelve:unshelve_to_host",
        "compute.servers.create_image" if server.root_volume().is_some() => {
            "os_compute_api:servers:create_image:allow_volume_backed"
        }
        "compute.servers.rebuild"
            if action.get("trusted_image_certificates").is_some_and(|list| !list.is_null()) =>
        {
            "os_compute_api:servers:rebuild:trusted_certs"
        }
        "compute.server_volume_attachments.update" => {
            let volume = context.json.pointer("/volumeAttachment/volumeId");
            let same = volume.and_then(Value::as_str) == Some(context.parameter(1));
            if !context.since(85) || !same {
                return context
                    .ask("os_compute_api:os-volumes-attachments:swap", &Owner::nothing());
            }
            "os_compute_api:os-volumes-attachments:update"
        }
        _ => return Ok(()),
    };
    context.ask(rule, owner)
}

/// Asks for a list of servers, or for a new one, which is the caller's.
fn of_servers(context: &RequestContext) -> Result<(), Fault> {
    let own = Owner::caller(context);
    context.ask_gates(&own)?;
    if context.operation.verb() != "create" {
        return Ok(());
    }
    let Some(body) = context.json.get("server").and_then(Value::as_object) else { return Ok(()) };
    let ask = |wanted: bool, rule: &str| if wanted { context.ask(rule, &own) } else { Ok(()) };
    ask(
        has_items(body, "trusted_image_certificates"),
        "os_compute_api:servers:create:trusted_certs",
    )?;
    let zone = body.get("availability_zone").and_then(Value::as_str).unwrap_or_default();
    ask(names_host(zone), "os_compute_api:servers:create:forced_host")?;
    let destination = ["host", "hypervisor_hostname"].iter().any(|key| has_text(body, key));
    ask(context.since(74) && destination, "compute:servers:create:requested_destination")?;
    let mappings = ["block_device_mapping", "block_device_mapping_v2"];
    ask(
        mappings.iter().any(|key| has_items(body, key)),
        "os_compute_api:servers:create:attach_volume",
    )?;
    ask(has_items(body, "networks"), "os_compute_api:servers:create:attach_network")
}

/// Whether a zone names a host or a node as well, as `zone:host:node`.
fn names_host(zone: &str) -> bool {
    zone.split(':').skip(1).any(|part| !part.is_empty())
}

fn has_items(body: &Document, key: &str) -> bool {
    body.get(key).and_then(Value::as_array).is_some_and(|list| !list.is_empty())
}

fn has_text(body: &Document, key: &str) -> bool {
    body.get(key).and_then(Value::as_str).is_some_and(|text| !text.is_empty())
}

/// Asks for groups, or for a new one. Who is no administrator gets the groups of its own project
/// whatever it asks for.
fn of_groups(context: &RequestContext) -> Result<(), Fault> {
    let own = Owner::project(context.project());
    context.ask_gates(&own)?;
    if context.query.has("all_projects") && context.is_admin() {
        return context.ask("os_compute_api:os-server-groups:index:all_projects", &own);
    }
    Ok(())
}

/// Asks for migrations: those of all projects are meant unless a request names its own.
fn of_migrations(context: &RequestContext) -> Result<(), Fault> {
    let own = Owner::caller(context);
    context.ask_gates(&own)?;
    if context.query.get("project_id") == Some(context.project()) {
        return Ok(());
    }
    context.ask("os_compute_api:os-migrations:index:all_projects", &own)
}

/// Returns whose key pairs are meant, which a request may say since 2.10.
pub(crate) fn user(context: &RequestContext) -> &str {
    let asked = match context.operation.verb() {
        "create" => context.json.pointer("/keypair/user_id").and_then(Value::as_str),
        _ => context.query.get("user_id"),
    };
    asked.filter(|user| context.since(10) && !user.is_empty()).unwrap_or(context.user())
}
