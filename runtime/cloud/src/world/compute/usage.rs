//! What projects used, and events that other services tell of.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::server::Server;
use crate::behaviour::Behaviour;
use crate::clock::{Stamp, stamp};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.simple_tenant_usages.list", list),
    ("compute.simple_tenant_usages.show", show),
    ("compute.server_external_events.create", events),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let detailed = context.query.get("detailed") == Some("1");
    period(world, context)?;
    let list: Vec<Value> = world
        .identity
        .projects
        .iter()
        .filter_map(|(project, _)| usage(world, project, detailed, context))
        .collect();
    Ok(Reply::json(200, json!({ "tenant_usages": list })))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    period(world, context)?;
    let found = usage(world, context.id(), true, context).unwrap_or_else(|| json!({}));
    Ok(Reply::json(200, json!({ "tenant_usage": found })))
}

/// Refuses a period that is none (nova 34.0.0,
/// `nova.api.openstack.compute.simple_tenant_usage.SimpleTenantUsageController._get_datetime_range`).
fn period(world: &World, context: &RequestContext) -> Result<(), Fault> {
    let now = world.clock.now();
    let read = |name: &str| match context.query.get(name).filter(|text| !text.is_empty()) {
        None => Ok(now),
        Some(text) => text
            .replace(' ', "T")
            .parse::<DateTime>()
            .and_then(|at| TimeZone::UTC.to_timestamp(at))
            .map_err(|_| Fault::bad_request("Datetime is in invalid format")),
    };
    let (start, end) = (read("start")?, read("end")?);
    // Without either both are now, which nova reads a moment apart.
    if start > end || start == end && context.query.get("start").is_some() {
        return Err(Fault::bad_request(
            "Invalid start time. The start time cannot occur after the end time.",
        ));
    }
    Ok(())
}

fn usage(world: &World, project: &str, detailed: bool, context: &RequestContext) -> Option<Value> {
    let now = world.clock.now();
    let servers: Vec<&Server> =
        world.compute.servers.values().filter(|server| server.project == project).collect();
    if servers.is_empty() {
        return None;
    }
    let hours = |server: &Server| {
        let start: Timestamp = server.created.parse().unwrap_or(now);
        #[expect(clippy::cast_precision_loss, reason = "seconds of a run are few")]
        let seconds = now.duration_since(start).as_secs().max(0) as f64;
        seconds / 3600.0
    };
    #[expect(clippy::cast_precision_loss, reason = "sizes of flavors are small")]
    let sum = |each: fn(&Server) -> u64| -> f64 {
        servers.iter().map(|server| hours(server) * each(server) as f64).sum()
    };
    let given = |name: &str| context.query.get(name).map(str::to_owned);
    let written = stamp(now, Stamp::MicrosBare);
    let mut out = json!({
        "tenant_id": project,
        "start": given("start").unwrap_or_else(|| written.clone()),
        "stop": given("end").unwrap_or_else(|| written.clone()),
        "total_hours": sum(|_| 1),
        "total_memory_mb_usage": sum(|server| server.flavor.ram),
        "total_vcpus_usage": sum(|server| server.flavor.vcpus),
        "total_local_gb_usage": sum(|server| server.flavor.disk),
    });
    if detailed {
        out["server_usages"] = servers
            .iter()
            .map(|server| {
                json!({
                    "instance_id": server.id, "name": server.name, "tenant_id": project,
                    "flavor": server.flavor.name, "hours": hours(server),
                    "memory_mb": server.flavor.ram, "vcpus": server.flavor.vcpus,
                    "local_gb": server.flavor.disk, "ended_at": null,
                    "started_at": server.launched.as_ref().unwrap_or(&server.created),
                    "state": if server.vm == "building" { "building" } else { "active" },
                    "uptime": 0,
                })
            })
            .collect();
    }
    Some(out)
}

fn events(world: &mut World, context: &RequestContext) -> Outcome {
    let mut failed = false;
    let given = context.json.get("events").and_then(Value::as_array);
    let list: Vec<Value> = given
        .into_iter()
        .flatten()
        .map(|event| {
            let mut out = event.clone();
            let server = event["server_uuid"].as_str().unwrap_or_default();
            let there = world.compute.servers.contains(server);
            failed |= !there;
            out["code"] = json!(if there { 200 } else { 404 });
            out["status"] = if there {
                event.get("status").cloned().unwrap_or(json!("completed"))
            } else {
                json!("failed")
            };
            out
        })
        .collect();
    let status = if failed { 207 } else { 200 };
    Ok(Reply::json(status, json!({ "events": list })))
}
