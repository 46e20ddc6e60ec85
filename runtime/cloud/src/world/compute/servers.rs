//! Listing, showing, changing and deleting servers; [`super::build`] makes them.

use jiff::Timestamp;
use regex::Regex;
use serde_json::{Value, json};

use super::build;
use super::change::note;
use super::collection::{name_pattern, paged};
use super::server::{Server, find, find_mut};
use super::view::{Answer, brief, detail, progress};
use super::{devices, nics, scheduler};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::policy::Owner;
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
            server.access[index] = build::normalised(address);
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
    let Some(mut server) = world.compute.servers.remove(id) else { return };
    scheduler::release(world, id);
    // The image of a shelved server goes with it (nova 34.0.0, `nova.compute.api.API._delete`).
    if let Some(image) = server.kept_as.take() {
        world.image.images.remove(&image);
    }
    for nic in &server.nics {
        nics::unplug(world, nic);
    }
    for device in &server.volumes {
        devices::detach(world, device);
    }
    let (now, precise) = (world.stamp(Stamp::Seconds), world.stamp(Stamp::MicrosBare));
    for event in server.history.iter_mut().filter(|event| event.finish.is_none()) {
        event.finish = Some(precise.clone());
    }
    (server.vm, server.task, server.updated) = ("deleted", None, now);
    (server.nics, server.volumes) = (Vec::new(), Vec::new());
    world.compute.deleted.insert(id, server);
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
    let own = Owner::caller(context);
    if all {
        let rule = match context.operation.verb() {
            "list_detail" => "os_compute_api:servers:detail:get_all_tenants",
            _ => "os_compute_api:servers:index:get_all_tenants",
        };
        context.ask(rule, &own)?;
    }
    let any_filter = context.may("os_compute_api:servers:allow_all_filters", &own);
    let project = query.get("project_id").or(query.get("tenant_id")).filter(|_| all);
    let filters = Filters::read(context)?;
    // Who asks for changes learns of deletions as well; an admin may ask for what is deleted.
    let asked = query.get("deleted").filter(|_| any_filter).and_then(truth);
    let changes = filters.since.is_some() || filters.before.is_some();
    let with_deleted = asked.unwrap_or(changes);
    let deleted = with_deleted.then(|| world.compute.deleted.values().rev());
    let mut kept: Vec<&Server> = world
        .compute
        .servers
        .values()
        .rev()
        .filter(|_| asked != Some(true))
        .chain(deleted.into_iter().flatten())
        .filter(|server| all || server.project == context.project())
        .filter(|server| project.is_none_or(|project| server.project == project))
        .filter(|server| filters.keep(server))
        .filter(|server| matches(world, server, any_filter, context))
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

/// The filters that are more than a comparison of texts.
struct Filters {
    names: Vec<Regex>,
    since: Option<Timestamp>,
    before: Option<Timestamp>,
}

impl Filters {
    fn read(context: &RequestContext) -> Result<Self, Fault> {
        let query = &context.query;
        let names = query.all("name").chain(query.all("display_name")).map(name_pattern);
        let time = |name: &str| {
            query.get(name).map(|text| {
                time(text).ok_or_else(|| {
                    Fault::bad_request(format!(
                        "Invalid input for query parameters {name}. Value: {text}. '{text}' is not a 'date-time'"
                    ))
                })
            })
        };
        let (since, before) =
            (time("changes-since").transpose()?, time("changes-before").transpose()?);
        if since.zip(before).is_some_and(|(since, before)| before < since) {
            return Err(Fault::bad_request(
                "The value of changes-since must be less than or equal to changes-before.",
            ));
        }
        Ok(Self { names: names.collect::<Result<_, _>>()?, since, before })
    }

    fn keep(&self, server: &Server) -> bool {
        let updated = server.updated.parse::<Timestamp>().ok();
        let bounded = |bound: Option<Timestamp>, holds: fn(Timestamp, Timestamp) -> bool| {
            bound.zip(updated).is_none_or(|(bound, updated)| holds(updated, bound))
        };
        self.names.iter().all(|name| name.is_match(&server.name))
            && bounded(self.since, |updated, since| updated >= since)
            && bounded(self.before, |updated, before| updated <= before)
    }
}

/// Reads a time in ISO 8601, a date alone among them; without a zone it is UTC.
fn time(text: &str) -> Option<Timestamp> {
    let midnight = format!("{text}T00:00:00Z");
    let utc = format!("{text}Z");
    [text, &utc, &midnight].into_iter().find_map(|form| form.parse().ok())
}

fn matches(world: &World, server: &Server, any_filter: bool, context: &RequestContext) -> bool {
    let split = |text: &str| -> Vec<String> { text.split(',').map(str::to_owned).collect() };
    let has = |tag: &String| server.tags.contains(tag);
    // Filters that all have since 2.83, and before who may use any
    // (`ServersController._get_server_search_options`).
    let anyone = any_filter || context.since(83);
    context.query.iter().all(|(key, wanted)| match key {
        "status" => {
            context.query.all("status").any(|status| server.status().eq_ignore_ascii_case(status))
        }
        "vm_state" => server.vm == wanted,
        "image" => server.image.as_deref() == Some(wanted.rsplit('/').next().unwrap_or_default()),
        "flavor" => server.flavor.id == wanted.rsplit('/').next().unwrap_or_default(),
        "uuid" => server.id == wanted,
        "user_id" if anyone => server.user == wanted,
        "progress" if anyone => progress(server).to_string() == wanted,
        "key_name" => server.key_name.as_deref() == Some(wanted),
        "hostname" => server.hostname == wanted,
        "reservation_id" => server.reservation == wanted,
        "description" => server.description.as_deref().is_some_and(|text| text.contains(wanted)),
        "host" if any_filter => wanted == crate::names::HOST,
        "locked" => truth(wanted).is_none_or(|locked| locked == server.lock.is_some()),
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
