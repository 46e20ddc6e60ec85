//! Migrations: what became of each resize and move, of which there is one host to go to.

use serde_json::{Value, json};

use super::server::{Server, find};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::fault::Fault;
use crate::names::HOST;
use crate::outcome::{Outcome, Reply};
use crate::page;
use crate::policy::{Owned as _, Owner};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.migrations.list", list),
    ("compute.server_migrations.list", of_server),
    ("compute.server_migrations.show", of_server_one),
];

/// A migration.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Migration {
    number: usize,
    uuid: String,
    server: String,
    project: String,
    user: String,
    kind: &'static str,
    status: &'static str,
    flavors: [u64; 2],
    created: String,
    updated: Option<String>,
}

impl Migration {
    /// Whether it is a live migration that is under way, the only ones that a server shows.
    fn is_live(&self) -> bool {
        self.kind == "live-migration" && self.status == "running"
    }
}

/// Writes down that a migration of a server began.
pub(crate) fn begin(
    world: &mut World,
    id: &str,
    kind: &'static str,
    to: u64,
    context: &RequestContext,
) {
    let (created, uuid) = (world.stamp(Stamp::MicrosBare), world.ids.uuid());
    let number = world.compute.migrations.len() + 1;
    let Some(server) = world.compute.servers.get(id) else { return };
    let migration = Migration {
        number,
        uuid,
        server: id.to_owned(),
        project: context.project().to_owned(),
        user: context.user().to_owned(),
        kind,
        status: if kind == "live-migration" { "running" } else { "migrating" },
        flavors: [number_of(server), to],
        created,
        updated: None,
    };
    world.compute.migrations.push(migration);
}

/// Returns the number that a flavor has in a migration: nova's is that of a table's row.
pub(crate) fn flavor_number(id: &str) -> u64 {
    id.parse().unwrap_or(0)
}

fn number_of(server: &Server) -> u64 {
    flavor_number(&server.flavor.id)
}

/// Writes down what became of the last migration of a server.
pub(crate) fn ended(world: &mut World, id: &str, status: &'static str) {
    let now = world.stamp(Stamp::MicrosBare);
    let last = world.compute.migrations.iter_mut().rev().find(|m| m.server == id);
    if let Some(last) = last {
        last.status = status;
        last.updated = Some(now);
    }
}

/// Writes down that a server's task is over, if it was a migration.
pub(crate) fn task_is_over(world: &mut World, id: &str, task: &str) {
    match task {
        "resize_migrating" => ended(world, id, "finished"),
        "resize_reverting" => ended(world, id, "reverted"),
        "migrating" => ended(world, id, "completed"),
        _ => {}
    }
}

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let query = &context.query;
    let with_host = context.may("os_compute_api:os-migrations:index:host", &Owner::caller(context));
    let is = |key: &str, value: &str| query.get(key).is_none_or(|wanted| wanted == value);
    let mut kept: Vec<&Migration> = world
        .compute
        .migrations
        .iter()
        .filter(|m| is("instance_uuid", &m.server) && is("status", m.status))
        .filter(|m| is("migration_type", m.kind) && is("host", HOST) && is("source_compute", HOST))
        .filter(|m| !context.since(80) || is("project_id", &m.project) && is("user_id", &m.user))
        .collect();
    if !context.since(59) {
        let shown: Vec<Value> = kept.into_iter().map(|m| view(m, with_host, context)).collect();
        return Ok(Reply::json(200, json!({ "migrations": shown })));
    }
    kept.reverse();
    let since = |m: &&Migration, key: &str| {
        let at = m.updated.as_ref().unwrap_or(&m.created);
        query.get(key).map(|bound| at.as_str().cmp(bound.trim_end_matches('Z')))
    };
    kept.retain(|m| since(m, "changes-since").is_none_or(std::cmp::Ordering::is_ge));
    kept.retain(|m| since(m, "changes-before").is_none_or(std::cmp::Ordering::is_le));
    let (limit, marker) = (query.number("limit")?, query.get("marker"));
    let page = page::page(kept, limit, marker, |m| m.uuid.as_str())?;
    let shown: Vec<Value> = page.items.iter().map(|m| view(m, with_host, context)).collect();
    let mut body = json!({ "migrations": shown });
    if let Some(marker) = page.next {
        let href = format!("{}{}?{}", context.base, context.path, query.with("marker", &marker));
        body["migrations_links"] = json!([{ "rel": "next", "href": href }]);
    }
    Ok(Reply::json(200, body))
}

fn of_server(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    let live = world.compute.migrations.iter().filter(|m| m.server == server.id && m.is_live());
    let rule = "os_compute_api:servers:migrations:index:host";
    let with_host = context.may(rule, &server.owner());
    let shown: Vec<Value> = live.map(|m| view_live(m, with_host, context)).collect();
    Ok(Reply::json(200, json!({ "migrations": shown })))
}

fn of_server_one(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    let number = context.parameter(1);
    let found = world
        .compute
        .migrations
        .iter()
        .find(|m| m.server == server.id && m.is_live() && m.number.to_string() == number);
    let migration = found.ok_or_else(|| {
        Fault::not_found(format!(
            "In-progress live migration {number} is not found for server {}.",
            server.id
        ))
    })?;
    Ok(Reply::json(200, json!({ "migration": view_live(migration, true, context) })))
}

fn view(migration: &Migration, with_host: bool, context: &RequestContext) -> Value {
    let mut out = common(migration, context);
    if !with_host {
        for key in HOSTS {
            out[key] = Value::Null;
        }
    }
    out["instance_uuid"] = json!(migration.server);
    out["old_instance_type_id"] = json!(migration.flavors[0]);
    out["new_instance_type_id"] = json!(migration.flavors[1]);
    if context.since(23) {
        out["migration_type"] = json!(migration.kind);
        if migration.is_live() {
            let path = format!("servers/{}/migrations/{}", migration.server, migration.number);
            out["links"] = json!([
                { "rel": "self", "href": format!("{}/compute/v2.1/{path}", context.base) },
                { "rel": "bookmark", "href": format!("{}/compute/{path}", context.base) },
            ]);
        }
    }
    out
}

fn view_live(migration: &Migration, with_host: bool, context: &RequestContext) -> Value {
    let mut out = common(migration, context);
    if let Some(out) = out.as_object_mut().filter(|_| !with_host) {
        out.retain(|key, _| !HOSTS.contains(&key.as_str()));
    }
    out["server_uuid"] = json!(migration.server);
    out["updated_at"] = json!(migration.updated.as_ref().unwrap_or(&migration.created));
    for what in ["memory", "disk"] {
        for part in ["total", "processed", "remaining"] {
            out[format!("{what}_{part}_bytes")] = Value::Null;
        }
    }
    out
}

/// The fields that tell of hosts.
const HOSTS: [&str; 5] =
    ["source_compute", "source_node", "dest_compute", "dest_node", "dest_host"];

fn common(migration: &Migration, context: &RequestContext) -> Value {
    let mut out = json!({
        "id": migration.number, "status": migration.status,
        "created_at": migration.created, "updated_at": migration.updated,
        "source_compute": HOST, "source_node": HOST,
        "dest_compute": HOST, "dest_node": HOST, "dest_host": "127.0.0.1",
    });
    if context.since(59) {
        out["uuid"] = json!(migration.uuid);
    }
    if context.since(80) {
        out["project_id"] = json!(migration.project);
        out["user_id"] = json!(migration.user);
    }
    out
}
