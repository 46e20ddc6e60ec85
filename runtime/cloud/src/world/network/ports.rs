//! Ports: their addresses, and what they are plugged into.

use serde_json::{Value, json};

use super::allocation::{Wanted, allocate};
use super::resource::{Kind, bodies, change, complete, made, owner, touch, visible};
use super::{State, find, networks, port_security, quotas, security_groups};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::{Document, document, merge, required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("network.ports.list", list),
    ("network.ports.create", create),
    ("network.ports.create_bulk", create),
    ("network.ports.show", show),
    ("network.ports.update", update),
    ("network.ports.delete", delete),
];

pub(crate) const KIND: Kind =
    Kind { singular: "port", plural: "ports", missing: "PortNotFound", label: "Port" };

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    KIND.many(world.network.ports.values().filter(|p| visible(p, context)), &world.network, context)
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let (bodies, several) = bodies(&KIND, context)?;
    quotas::room(&world.network, &KIND, &bodies, context)?;
    let mut all = Vec::new();
    for body in bodies {
        networks::find(&world.network, required(body, "network_id")?, context)?;
        let project = owner(body, context)?;
        all.push(store(world, body, &project)?);
    }
    made(&KIND, &all, several, &world.network, context)
}

/// Makes a port on a network that exists, with an address of each of its IP
/// versions where the body does not say which.
pub(crate) fn store(world: &mut World, body: &Document, project: &str) -> Result<Document, Fault> {
    let network = text(body, "network_id").to_owned();
    let mac = match text(body, "mac_address") {
        "" => world.ids.mac(),
        mac => mac.to_lowercase(),
    };
    let same =
        |port: &Document| text(port, "network_id") == network && text(port, "mac_address") == mac;
    if world.network.ports.values().any(same) {
        return Err(Fault::conflict(format!(
            "Unable to complete operation for network {network}. The mac address {mac} is in use."
        ))
        .word("MacAddressInUse"));
    }
    let wanted = Wanted {
        network: &network,
        asked: body.get("fixed_ips"),
        own: None,
        mac: &mac,
        device_owner: text(body, "device_owner"),
    };
    let addresses = allocate(&world.network, &wanted)?;
    let secure = port_security::of_new(&world.network, &network, body)?;
    let groups = match body.get("security_groups") {
        Some(groups) => checked_groups(world, groups)?,
        None if !secure || text(body, "device_owner").starts_with("network:") => json!([]),
        None => json!([security_groups::default_of(world, project)]),
    };
    let id = world.ids.uuid();
    let device = text(body, "device_id");
    let bound = !text(body, "binding:host_id").is_empty();
    let mut port = document(json!({
        "name": "", "description": "", "admin_state_up": true,
        "status": if device.is_empty() && !bound { "DOWN" } else { "ACTIVE" },
        "device_id": "", "device_owner": "", "allowed_address_pairs": [],
        "extra_dhcp_opts": [], "port_security_enabled": secure,
        "binding:host_id": "", "binding:profile": {}, "binding:vnic_type": "normal",
        "binding:vif_details": {},
        "binding:vif_type": if bound { "ovs" } else { "unbound" },
        "dns_name": "", "dns_assignment": [], "qos_policy_id": null,
        "qos_network_policy_id": null,
    }));
    merge(&mut port, body);
    complete(world, &mut port, &id, project);
    port.insert("mac_address".to_owned(), json!(mac));
    complete_pairs(&mut port);
    port.insert("fixed_ips".to_owned(), addresses);
    port.insert("security_groups".to_owned(), groups);
    world.network.ports.insert(id, port.clone());
    Ok(port)
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(KIND.one(200, find(&world.network, context.id(), context)?, &world.network, context))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = KIND.attributes(context)?;
    let id = context.id();
    let port = find(&world.network, id, context)?;
    let network = text(port, "network_id").to_owned();
    port_security::of_changed(port, body)?;
    let wanted = Wanted {
        network: &network,
        asked: body.get("fixed_ips"),
        own: Some(id),
        mac: text(port, "mac_address"),
        device_owner: text(port, "device_owner"),
    };
    let addresses = wanted.asked.map(|_| allocate(&world.network, &wanted)).transpose()?;
    if let Some(groups) = body.get("security_groups") {
        checked_groups(world, groups)?;
    }
    let now = world.stamp(Stamp::Seconds);
    if let Some(port) = world.network.ports.get_mut(id) {
        change(port, body, &["id", "network_id", "status", "tenant_id", "project_id"], &now)?;
        if let Some(addresses) = addresses {
            port.insert("fixed_ips".to_owned(), addresses);
        }
        complete_pairs(port);
    }
    show(world, context)
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let port = find(&world.network, context.id(), context)?;
    let owner = text(port, "device_owner");
    if ["network:router_interface", "network:router_gateway", "network:floatingip"].contains(&owner)
    {
        return Err(Fault::conflict(format!(
            "Port {} cannot be deleted directly via the port API: has device owner {owner}.",
            context.id()
        ))
        .word("ServicePortInUse"));
    }
    remove(world, context.id());
    Ok(Reply::empty(204))
}

/// Removes a port and unties the floating IPs that lead to it.
pub(crate) fn remove(world: &mut World, id: &str) {
    world.network.ports.remove(id);
    for floating in world.network.floating_ips.values_mut() {
        if text(floating, "port_id") == id {
            find::untie(floating);
        }
    }
}

/// Sets the port's own MAC address in allowed address pairs without one.
fn complete_pairs(port: &mut Document) {
    let mac = port.get("mac_address").cloned();
    let pairs = port.get_mut("allowed_address_pairs").and_then(Value::as_array_mut);
    for pair in pairs.into_iter().flatten().filter_map(Value::as_object_mut) {
        pair.entry("mac_address").or_insert_with(|| mac.clone().unwrap_or_default());
    }
}

/// Plugs a port into a device on a host, or out of it where both are empty.
pub(crate) fn bind(world: &mut World, id: &str, device: &str, owner: &str, host: &str) {
    let now = world.stamp(Stamp::Seconds);
    if let Some(port) = world.network.ports.get_mut(id) {
        let plugged = !device.is_empty();
        for (key, value) in [
            ("device_id", device),
            ("device_owner", owner),
            ("binding:host_id", host),
            ("status", if plugged { "ACTIVE" } else { "DOWN" }),
            ("binding:vif_type", if plugged { "ovs" } else { "unbound" }),
        ] {
            port.insert(key.to_owned(), json!(value));
        }
        touch(port, &now);
    }
}

/// Moves a plugged port to a host, or off every host where it is empty.
pub(crate) fn move_to(world: &mut World, id: &str, host: &str) {
    let now = world.stamp(Stamp::Seconds);
    if let Some(port) = world.network.ports.get_mut(id) {
        let bound = !host.is_empty();
        for (key, value) in [
            ("binding:host_id", host),
            ("status", if bound { "ACTIVE" } else { "DOWN" }),
            ("binding:vif_type", if bound { "ovs" } else { "unbound" }),
        ] {
            port.insert(key.to_owned(), json!(value));
        }
        touch(port, &now);
    }
}

pub(crate) fn find<'a>(
    state: &'a State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a Document, Fault> {
    state.ports.get(id).filter(|port| visible(port, context)).ok_or_else(|| KIND.missing(id))
}

fn checked_groups(world: &World, groups: &Value) -> Result<Value, Fault> {
    for group in groups.as_array().into_iter().flatten() {
        let id = group.as_str().unwrap_or_default();
        if !world.network.security_groups.contains(id) {
            return Err(find::SECURITY_GROUP.missing(id));
        }
    }
    Ok(groups.clone())
}
