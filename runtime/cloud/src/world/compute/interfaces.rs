//! The ports that servers hold.

use serde_json::{Value, json};

use super::nics;
use super::server::{Nic, find, find_mut, in_state};
use crate::behaviour::Behaviour;
use crate::document::text;
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;
use crate::world::network::find::fixed_ips;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("compute.server_interfaces.list", list),
    ("compute.server_interfaces.create", create),
    ("compute.server_interfaces.show", show),
    ("compute.server_interfaces.delete", delete),
];

/// The states in which ports come and go (`nova.compute.api.API.attach_interface`).
const CHANGEABLE: &[&str] = &["active", "paused", "stopped"];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    let list: Vec<Value> = server.nics.iter().filter_map(|nic| view(world, nic, context)).collect();
    Ok(Reply::json(200, json!({ "interfaceAttachments": list })))
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = context.json.get("interfaceAttachment").cloned().unwrap_or_else(|| json!({}));
    let server = find_mut(&mut world.compute, context.id(), context)?;
    in_state(server, "attach_interface", CHANGEABLE)?;
    let project = server.project.clone();
    if body.get("net_id").is_some() && body.get("port_id").is_some() {
        return Err(Fault::bad_request("Must not input both network_id and port_id"));
    }
    let asked = if body.get("net_id").is_none() && body.get("port_id").is_none() {
        nics::read(world, &crate::document::document(json!({ "networks": "auto" })), context)?
    } else {
        vec![nics::read_one(world, &body, context)?]
    };
    let made = nics::plug(world, context.id(), &project, &[], &asked)?;
    super::change::note(world, context.id(), "attach_interface", context);
    let server = find_mut(&mut world.compute, context.id(), context)?;
    server.nics.extend(made.iter().cloned());
    let shown = made.first().and_then(|nic| view(world, nic, context));
    let shown = shown.ok_or_else(|| Fault::bad_request("No network to attach to was found."))?;
    Ok(Reply::json(200, json!({ "interfaceAttachment": shown })))
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find(&world.compute, context.id(), context)?;
    let nic = server.nics.iter().find(|nic| nic.port == context.parameter(1));
    let shown = nic.and_then(|nic| view(world, nic, context)).ok_or_else(|| missing(context))?;
    Ok(Reply::json(200, json!({ "interfaceAttachment": shown })))
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let server = find_mut(&mut world.compute, context.id(), context)?;
    let index = server.nics.iter().position(|nic| nic.port == context.parameter(1));
    let index = index.ok_or_else(|| missing(context))?;
    in_state(server, "detach_interface", CHANGEABLE)?;
    let nic = server.nics.remove(index);
    nics::unplug(world, &nic);
    super::change::note(world, context.id(), "detach_interface", context);
    Ok(Reply::empty(202))
}

fn missing(context: &RequestContext) -> Fault {
    Fault::not_found(format!("Port {} is not attached.", context.parameter(1)))
}

fn view(world: &World, nic: &Nic, context: &RequestContext) -> Option<Value> {
    let port = world.network.ports.get(&nic.port)?;
    let fixed: Vec<Value> = fixed_ips(port)
        .map(|(subnet, address)| json!({ "subnet_id": subnet, "ip_address": address }))
        .collect();
    let mut out = json!({
        "port_id": nic.port, "net_id": text(port, "network_id"),
        "mac_addr": text(port, "mac_address"), "port_state": text(port, "status"),
        "fixed_ips": fixed,
    });
    if context.since(70) {
        out["tag"] = json!(nic.tag);
    }
    Some(out)
}
