//! The one host: its services, its zone, and its hypervisor.

use serde_json::{Value, json};

use super::scheduler;
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::text;
use crate::fault::Fault;
use crate::names::HOST;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.services.list", services),
    ("compute.services.update", update_service),
    ("compute.availability_zones.list", zones),
    ("compute.availability_zones.list_detail", zones_detail),
    ("compute.hypervisors.list", hypervisors),
    ("compute.hypervisors.list_detail", hypervisors_detail),
    ("compute.hypervisors.show", hypervisor),
    ("compute.hypervisors.search", search),
    ("compute.hypervisor_servers.list", servers),
    ("compute.hypervisor_statistics.show", statistics),
    ("compute.hypervisor_uptime.show", uptime),
];

/// A service of compute.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Service {
    pub(crate) number: u64,
    pub(crate) id: String,
    pub(crate) binary: &'static str,
    pub(crate) enabled: bool,
    pub(crate) reason: Option<String>,
    pub(crate) forced_down: bool,
}

/// What the host has: memory in MiB, disk in GiB.
const MEMORY: u64 = 65_536;
const DISK: u64 = 1000;
const CPUS: u64 = 64;
const UP: &str = " 00:00:00 up 1 day, 1 user, load average: 0.00, 0.00, 0.00";

fn services(world: &mut World, context: &RequestContext) -> Outcome {
    let (host, binary) = (context.query.get("host"), context.query.get("binary"));
    let list: Vec<Value> = world
        .compute
        .services
        .iter()
        .filter(|service| binary.is_none_or(|binary| binary == service.binary))
        .filter(|_| host.is_none_or(|host| host == HOST))
        .map(|service| view_service(world, service, context))
        .collect();
    Ok(Reply::json(200, json!({ "services": list })))
}

/// Changes a service: named by its id from 2.53, by an action and the body before.
fn update_service(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.json.as_object().cloned().unwrap_or_default();
    let named = context.id().to_owned();
    let by_id = context.since(53);
    let missing = || Fault::not_found(format!("Service {named} could not be found."));
    let service = world
        .compute
        .services
        .iter_mut()
        .find(
            |service| {
                if by_id { service.id == named } else { service.binary == text(&body, "binary") }
            },
        )
        .ok_or_else(missing)?;
    let reason = body.get("disabled_reason").and_then(Value::as_str).map(str::to_owned);
    let wanted = if by_id { text(&body, "status") } else { named.as_str() };
    match wanted {
        "enabled" | "enable" => {
            service.enabled = true;
            service.reason = None;
        }
        "disabled" | "disable" | "disable-log-reason" => {
            service.enabled = false;
            service.reason = reason;
        }
        "" | "force-down" => {}
        _ => return Err(Fault::not_found("Unknown action")),
    }
    if let Some(down) = body.get("forced_down") {
        service.forced_down = super::flavors::is_true(down);
    }
    let service = service.clone();
    let shown = view_service(world, &service, context);
    if by_id {
        return Ok(Reply::json(200, json!({ "service": shown })));
    }
    let mut brief = json!({ "binary": service.binary, "host": HOST });
    if wanted == "force-down" {
        brief["forced_down"] = json!(service.forced_down);
    } else {
        brief["status"] = shown["status"].clone();
        if wanted == "disable-log-reason" {
            brief["disabled_reason"] = json!(service.reason);
        }
    }
    Ok(Reply::json(200, json!({ "service": brief })))
}

fn view_service(world: &World, service: &Service, context: &RequestContext) -> Value {
    let compute = service.binary == "nova-compute";
    let zone = if compute { scheduler::zone(world) } else { "internal".to_owned() };
    let mut out = json!({
        "binary": service.binary, "host": HOST, "zone": zone,
        "status": if service.enabled { "enabled" } else { "disabled" },
        "state": if service.forced_down { "down" } else { "up" },
        "disabled_reason": service.reason, "updated_at": world.stamp(Stamp::MicrosBare),
        "id": if context.since(53) { json!(service.id) } else { json!(service.number) },
    });
    if context.since(11) {
        out["forced_down"] = json!(service.forced_down);
    }
    out
}

/// The zone that servers may ask for: that of the host, where it may be given any.
fn zones(world: &mut World, _: &RequestContext) -> Outcome {
    let zone = json!({
        "zoneName": scheduler::zone(world),
        "zoneState": { "available": scheduler::is_open(world) },
        "hosts": null,
    });
    Ok(Reply::json(200, json!({ "availabilityZoneInfo": [zone] })))
}

fn zones_detail(world: &mut World, _: &RequestContext) -> Outcome {
    let now = world.stamp(Stamp::MicrosBare);
    let zone = |name: &str, binaries: &[&str]| {
        let state = json!({ "active": true, "available": true, "updated_at": now });
        let services: serde_json::Map<String, Value> =
            binaries.iter().map(|binary| ((*binary).to_owned(), state.clone())).collect();
        json!({
            "zoneName": name, "zoneState": { "available": true }, "hosts": { HOST: services },
        })
    };
    let internal = zone("internal", &["nova-scheduler", "nova-conductor"]);
    let name = scheduler::zone(world);
    let own = if scheduler::is_open(world) {
        zone(&name, &["nova-compute"])
    } else {
        json!({ "zoneName": name, "zoneState": { "available": false }, "hosts": null })
    };
    Ok(Reply::json(200, json!({ "availabilityZoneInfo": [internal, own] })))
}

fn hypervisors(world: &mut World, context: &RequestContext) -> Outcome {
    let list: Vec<Value> = page(brief(world, context), context)?.into_iter().collect();
    Ok(Reply::json(200, json!({ "hypervisors": list })))
}

fn hypervisors_detail(world: &mut World, context: &RequestContext) -> Outcome {
    let list: Vec<Value> = page(detail(world, context), context)?.into_iter().collect();
    Ok(Reply::json(200, json!({ "hypervisors": list })))
}

/// Returns the one hypervisor if the page has it: it is on the first. Applies the pattern that
/// 2.53 brought; one that nothing matches is a fault, as is a marker that names nothing.
fn page(hypervisor: Value, context: &RequestContext) -> Result<Option<Value>, Fault> {
    if let Some(pattern) =
        context.query.get("hypervisor_hostname_pattern").filter(|_| context.since(53))
        && !HOST.contains(pattern)
    {
        return Err(Fault::not_found(format!(
            "No hypervisor matching '{pattern}' could be found."
        )));
    }
    let id = hypervisor["id"].as_str().map_or_else(|| hypervisor["id"].to_string(), str::to_owned);
    match context.query.get("marker") {
        None => Ok(Some(hypervisor)),
        Some(marker) if marker == id => Ok(None),
        Some(marker) => Err(Fault::bad_request(format!("marker [{marker}] not found"))),
    }
}

fn hypervisor(world: &mut World, context: &RequestContext) -> Outcome {
    known(world, context)?;
    let mut shown = detail(world, context);
    if context.query.flag("with_servers") && context.since(53) {
        shown["servers"] = names(world);
    }
    Ok(Reply::json(200, json!({ "hypervisor": shown })))
}

fn known(world: &World, context: &RequestContext) -> Result<(), Fault> {
    let id = context.id();
    let own = if context.since(53) { world.compute.hypervisor.as_str() } else { "1" };
    if id == own {
        return Ok(());
    }
    Err(Fault::not_found(format!("Hypervisor with ID '{id}' could not be found.")))
}

fn search(world: &mut World, context: &RequestContext) -> Outcome {
    by_name(context)?;
    Ok(Reply::json(200, json!({ "hypervisors": [brief(world, context)] })))
}

fn servers(world: &mut World, context: &RequestContext) -> Outcome {
    by_name(context)?;
    let mut shown = brief(world, context);
    if !world.compute.servers.values().any(|_| true) {
        return Ok(Reply::json(200, json!({ "hypervisors": [shown] })));
    }
    shown["servers"] = names(world);
    Ok(Reply::json(200, json!({ "hypervisors": [shown] })))
}

fn by_name(context: &RequestContext) -> Result<(), Fault> {
    let pattern = context.id();
    if HOST.contains(pattern) {
        return Ok(());
    }
    Err(Fault::not_found(format!("No hypervisor matching '{pattern}' could be found.")))
}

fn statistics(world: &mut World, context: &RequestContext) -> Outcome {
    let all = detail(world, context);
    let mut out = json!({ "count": 1 });
    for key in [
        "current_workload",
        "disk_available_least",
        "free_disk_gb",
        "free_ram_mb",
        "local_gb",
        "local_gb_used",
        "memory_mb",
        "memory_mb_used",
        "running_vms",
        "vcpus",
        "vcpus_used",
    ] {
        out[key] = all[key].clone();
    }
    Ok(Reply::json(200, json!({ "hypervisor_statistics": out })))
}

fn uptime(world: &mut World, context: &RequestContext) -> Outcome {
    known(world, context)?;
    let mut shown = brief(world, context);
    shown["uptime"] = json!(UP);
    Ok(Reply::json(200, json!({ "hypervisor": shown })))
}

fn names(world: &World) -> Value {
    world
        .compute
        .servers
        .values()
        .filter(|server| server.placed())
        .map(|server| json!({ "uuid": server.id, "name": format!("instance-{:08x}", server.number) }))
        .collect()
}

fn brief(world: &World, context: &RequestContext) -> Value {
    let id = if context.since(53) { json!(world.compute.hypervisor) } else { json!(1) };
    json!({ "id": id, "hypervisor_hostname": HOST, "state": "up", "status": "enabled" })
}

fn detail(world: &World, context: &RequestContext) -> Value {
    let mut out = brief(world, context);
    let service = world.compute.services.iter().find(|service| service.binary == "nova-compute");
    let (number, id) = service.map_or((0, ""), |service| (service.number, service.id.as_str()));
    let service_id = if context.since(53) { json!(id) } else { json!(number) };
    out["service"] = json!({ "host": HOST, "id": service_id, "disabled_reason": null });
    out["host_ip"] = json!("127.0.0.1");
    out["hypervisor_type"] = json!("QEMU");
    out["hypervisor_version"] = json!(8_002_000);
    if context.since(88) {
        out["uptime"] = json!(UP);
        return out;
    }
    let placed = || world.compute.servers.values().filter(|server| server.placed());
    let (memory, disk, cpus) = placed().fold((0, 0, 0), |(memory, disk, cpus), server| {
        let flavor = &server.flavor;
        (memory + flavor.ram, disk + flavor.disk, cpus + flavor.vcpus)
    });
    let info = json!({ "arch": "x86_64", "vendor": "Squall", "features": [] });
    out["cpu_info"] = if context.since(28) { info } else { json!(info.to_string()) };
    for (key, value) in [
        ("current_workload", 0),
        ("running_vms", placed().count() as u64),
        ("memory_mb", MEMORY),
        ("memory_mb_used", memory),
        ("free_ram_mb", MEMORY.saturating_sub(memory)),
        ("local_gb", DISK),
        ("local_gb_used", disk),
        ("free_disk_gb", DISK.saturating_sub(disk)),
        ("disk_available_least", DISK.saturating_sub(disk)),
        ("vcpus", CPUS),
        ("vcpus_used", cpus),
    ] {
        out[key] = json!(value);
    }
    out
}
