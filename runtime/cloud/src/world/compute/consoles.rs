//! What is seen of servers: console output, addresses of consoles, passwords.

use serde_json::{Value, json};

use super::server::find;
use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.servers.get_console_output", output),
    ("compute.servers.get_vnc_console", console),
    ("compute.servers.get_spice_console", console),
    ("compute.servers.get_serial_console", console),
    ("compute.server_remote_consoles.create", remote),
    ("compute.server_password.show", password),
    ("compute.server_password.delete", clear_password),
    ("compute.server_diagnostics.show", diagnostics),
];

fn output(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    if server.vm == "building" {
        return Err(Fault::conflict(format!("Instance {} is not ready", server.id)));
    }
    let mut lines: Vec<String> =
        ["Booting.", "Looking for a disk.", "Looking for a network."].map(str::to_owned).into();
    lines.push(format!("Welcome to {}.", server.hostname));
    lines.push("login: ".to_owned());
    let length = match context.action().get("length") {
        Some(Value::String(text)) => text.parse().ok(),
        Some(value) => value.as_u64(),
        None => None,
    };
    let kept = length.and_then(|length| usize::try_from(length).ok()).unwrap_or(lines.len());
    let start = lines.len().saturating_sub(kept);
    Ok(Reply::json(200, json!({ "output": lines[start..].join("\n") })))
}

fn console(world: &mut World, context: &RequestContext) -> Outcome {
    let shown = address(world, context, context.action())?;
    Ok(Reply::json(200, json!({ "console": shown })))
}

fn remote(world: &mut World, context: &RequestContext) -> Outcome {
    let asked = context.json.get("remote_console").cloned().unwrap_or(Value::Null);
    let mut shown = address(world, context, &asked)?;
    shown["protocol"] = asked["protocol"].clone();
    Ok(Reply::json(200, json!({ "remote_console": shown })))
}

fn address(world: &World, context: &RequestContext, asked: &Value) -> Result<Value, Fault> {
    let server = find(&world.compute, context.id(), context)?;
    if server.vm == "building" {
        return Err(Fault::conflict(format!("Instance {} is not ready", server.id)));
    }
    let token = crate::ids::secret();
    let url = format!("{}/console?token={token}", context.base);
    Ok(json!({ "type": asked["type"], "url": url }))
}

fn password(world: &mut World, context: &RequestContext) -> Outcome {
    find(&world.compute, context.id(), context)?;
    Ok(Reply::json(200, json!({ "password": "" })))
}

fn clear_password(world: &mut World, context: &RequestContext) -> Outcome {
    find(&world.compute, context.id(), context)?;
    Ok(Reply::empty(204))
}

fn diagnostics(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    if !context.since(48) {
        return Ok(Reply::json(200, json!({ "cpu0_time": 1, "memory": server.flavor.ram })));
    }
    let nics: Vec<Value> = server
        .nics
        .iter()
        .filter_map(|nic| world.network.ports.get(&nic.port))
        .map(|port| {
            let mac = crate::document::text(port, "mac_address");
            json!({
                "mac_address": mac, "rx_drop": 0, "rx_errors": 0, "rx_octets": 0,
                "rx_packets": 0, "rx_rate": null, "tx_drop": 0, "tx_errors": 0,
                "tx_octets": 0, "tx_packets": 0, "tx_rate": null,
            })
        })
        .collect();
    let state = match server.power() {
        1 => "running",
        3 => "paused",
        4 => "shutdown",
        _ => "pending",
    };
    Ok(Reply::json(
        200,
        json!({
            "config_drive": server.config_drive, "cpu_details": [], "disk_details": [],
            "driver": "libvirt", "hypervisor": "qemu", "hypervisor_os": "linux",
            "memory_details": { "maximum": server.flavor.ram, "used": server.flavor.ram },
            "nic_details": nics, "num_cpus": server.flavor.vcpus, "num_disks": 1,
            "num_nics": server.nics.len(), "state": state, "uptime": 1,
        }),
    ))
}
