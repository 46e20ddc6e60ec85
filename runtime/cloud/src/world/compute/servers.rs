//! Listing, showing, changing and deleting servers; [`super::build`] makes them.

use serde_json::{Value, json};

use super::build;
use super::change::note;
use super::collection::paged;
use super::server::{Server, find, find_mut};
use super::view::{Answer, brief, detail};
use super::{devices, nics};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::query::truth;
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.servers.list", list),
    ("compute.servers.list_detail", list_detail),
    ("compute.servers.create", build::create),
    ("compute.servers.show", show),
    ("compute.servers.update", update),
    ("compute.servers.delete", delete),
    ("compute.servers.force_delete", force_delete),
    ("compute.server_ips.list", addresses),
    ("compute.server_ips.show", addresses_of),
];

/// How long a server takes to remove, in milliseconds.
const WORK: u32 = 200;

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let kept = visible(world, context)?;
    let shown = |server: &&Server| brief(server, context);
    let body = paged("servers", "servers_links", kept, |s| s.id.as_str(), shown, context)?;
    Ok(Reply::json(200, body))
}

fn list_detail(world: &mut World, context: &RequestContext) -> Outcome {
    let kept = visible(world, context)?;
    let shown = |server: &&Server| detail(world, server, Answer::Detail, context);
    let body = paged("servers", "servers_links", kept, |s| s.id.as_str(), shown, context)?;
    Ok(Reply::json(200, body))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    Ok(Reply::json(200, json!({ "server": detail(world, server, Answer::Show, context) })))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.envelope("server")?;
    let now = world.stamp(Stamp::Seconds);
    let server = find_mut(&mut world.compute, context.id(), context)?;
    let given = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    if let Some(name) = given("name") {
        name.trim().clone_into(&mut server.name);
    }
    if body.contains_key("description") {
        server.description = given("description");
    }
    if let Some(hostname) = given("hostname") {
        server.hostname = hostname;
    }
    if let Some(config) = given("OS-DCF:diskConfig") {
        server.disk_config = config;
    }
    for (index, key) in ["accessIPv4", "accessIPv6"].into_iter().enumerate() {
        if let Some(address) = given(key) {
            server.access[index] = address;
        }
    }
    if body.contains_key("pinned_availability_zone") {
        server.zone = given("pinned_availability_zone");
    }
    server.updated = now;
    let server = find(&world.compute, context.id(), context)?;
    Ok(Reply::json(200, json!({ "server": detail(world, server, Answer::Update, context) })))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    start_removal(world, context)?;
    Ok(Reply::empty(204))
}

fn force_delete(world: &mut World, context: &RequestContext) -> Outcome {
    start_removal(world, context)?;
    Ok(Reply::empty(202))
}

fn start_removal(world: &mut World, context: &RequestContext) -> Result<(), Fault> {
    let id = context.id();
    find_mut(&mut world.compute, id, context)?;
    note(world, id, "delete", context);
    if let Some(server) = world.compute.servers.get_mut(id) {
        server.task = Some("deleting");
        server.then = None;
    }
    world.later(WORK, become_gone, id);
    Ok(())
}

/// Removes a server, unplugs it and lets its volumes go.
fn become_gone(world: &mut World, id: &str) {
    let Some(server) = world.compute.servers.remove(id) else { return };
    for nic in &server.nics {
        nics::unplug(world, nic);
    }
    for device in &server.volumes {
        devices::detach(world, device);
    }
}

fn addresses(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    let shown = super::view::addresses(world, server, false);
    Ok(Reply::json(200, json!({ "addresses": shown })))
}

fn addresses_of(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    let network = context.parameter(1);
    let shown = super::view::addresses(world, server, false);
    let list = shown.get(network).ok_or_else(|| {
        Fault::not_found(format!("Instance is not a member of network {network}"))
    })?;
    Ok(Reply::json(200, json!({ network: list })))
}

/// Returns the servers that the query leaves, the newest first.
fn visible<'a>(world: &'a World, context: &RequestContext) -> Result<Vec<&'a Server>, Fault> {
    let query = &context.query;
    let all = match query.get("all_tenants") {
        Some("") => true,
        Some(value) => {
            truth(value).ok_or_else(|| Fault::bad_request(format!("Invalid value '{value}'")))?
        }
        None => false,
    };
    if all && !context.is_admin() {
        return Err(Fault::forbidden(
            "Policy doesn't allow os_compute_api:servers:index:get_all_tenants to be performed.",
        ));
    }
    let project = query.get("project_id").or(query.get("tenant_id")).filter(|_| all);
    let mut kept: Vec<&Server> = world
        .compute
        .servers
        .values()
        .rev()
        .filter(|server| all || server.project == context.project())
        .filter(|server| project.is_none_or(|project| server.project == project))
        .filter(|server| matches(world, server, context))
        .collect();
    let key = |server: &Server| match query.get("sort_key") {
        Some("display_name" | "name") => server.name.clone(),
        Some("uuid" | "id") => server.id.clone(),
        Some("updated_at") => server.updated.clone(),
        Some("vm_state") => server.vm.to_owned(),
        _ => server.created.clone(),
    };
    if query.has("sort_key") {
        kept.sort_by_key(|server| key(server));
        if query.get("sort_dir") != Some("asc") {
            kept.reverse();
        }
    }
    Ok(kept)
}

fn matches(world: &World, server: &Server, context: &RequestContext) -> bool {
    let split = |text: &str| -> Vec<String> { text.split(',').map(str::to_owned).collect() };
    let has = |tag: &String| server.tags.contains(tag);
    context.query.iter().all(|(key, wanted)| match key {
        // Nova takes a regular expression; that of a name is most often the name.
        "name" | "display_name" => server.name.contains(wanted.trim_matches(['^', '$'])),
        "status" => {
            context.query.all("status").any(|status| server.status().eq_ignore_ascii_case(status))
        }
        "vm_state" => server.vm == wanted,
        "image" => server.image.as_deref() == Some(wanted.rsplit('/').next().unwrap_or_default()),
        "flavor" => server.flavor.id == wanted.rsplit('/').next().unwrap_or_default(),
        "uuid" => server.id == wanted,
        "user_id" if context.is_admin() => server.user == wanted,
        "key_name" => server.key_name.as_deref() == Some(wanted),
        "hostname" => server.hostname == wanted,
        "reservation_id" => server.reservation == wanted,
        "description" => server.description.as_deref().is_some_and(|text| text.contains(wanted)),
        "host" if context.is_admin() => wanted == crate::names::HOST,
        "locked" => truth(wanted).is_none_or(|locked| locked == server.lock.is_some()),
        "changes-since" => server.updated.as_str() >= wanted,
        "changes-before" => server.updated.as_str() <= wanted,
        "tags" => split(wanted).iter().all(has),
        "tags-any" => split(wanted).iter().any(has),
        "not-tags" => !split(wanted).iter().all(has),
        "not-tags-any" => !split(wanted).iter().any(has),
        "ip" | "ip6" => super::view::addresses(world, server, false)
            .to_string()
            .contains(wanted.trim_matches(['^', '$'])),
        _ => true,
    })
}
