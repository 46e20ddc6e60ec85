//! Ports: their addresses, and what they are plugged into.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::address::{Prefix, free};
use super::resource::{Kind, bodies, change, complete, made, owner, touch, visible};
use super::{State, find, networks, quotas, security_groups, subnets};
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

pub(crate) const KIND: Kind = Kind {
    singular: "port",
    plural: "ports",
    missing: "PortNotFound",
    label: "Port",
    hidden: &["binding:host_id", "binding:profile", "binding:vif_details", "binding:vif_type"],
};

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    KIND.many(world.network.ports.values().filter(|p| visible(p, context)), context)
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
    made(&KIND, &all, several, context)
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
    let addresses = allocate(&world.network, &network, body.get("fixed_ips"), None)?;
    let groups = match body.get("security_groups") {
        Some(groups) => checked_groups(world, groups)?,
        None if text(body, "device_owner").starts_with("network:") => json!([]),
        None => json!([security_groups::default_of(world, project)]),
    };
    let id = world.ids.uuid();
    let device = text(body, "device_id");
    let bound = !text(body, "binding:host_id").is_empty();
    let mut port = document(json!({
        "name": "", "description": "", "admin_state_up": true,
        "status": if device.is_empty() && !bound { "DOWN" } else { "ACTIVE" },
        "device_id": "", "device_owner": "", "allowed_address_pairs": [],
        "extra_dhcp_opts": [], "port_security_enabled": true,
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
    Ok(KIND.one(200, find(&world.network, context.id(), context)?, context))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = KIND.attributes(context)?;
    let id = context.id();
    let port = find(&world.network, id, context)?;
    let network = text(port, "network_id").to_owned();
    let addresses = match body.get("fixed_ips") {
        Some(asked) => Some(allocate(&world.network, &network, Some(asked), Some(id))?),
        None => None,
    };
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

pub(crate) fn find<'a>(
    state: &'a State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a Document, Fault> {
    state.ports.get(id).filter(|port| visible(port, context)).ok_or_else(|| KIND.missing(id))
}

/// Chooses the addresses of a port; `own` are its present ones, which it may keep.
fn allocate(
    state: &State,
    network: &str,
    asked: Option<&Value>,
    own: Option<&str>,
) -> Result<Value, Fault> {
    let of_network: Vec<&Document> =
        state.subnets.values().filter(|s| text(s, "network_id") == network).collect();
    let mut chosen: Vec<(String, IpAddr)> = Vec::new();
    match asked.and_then(Value::as_array) {
        Some(asked) => {
            for ip in asked {
                let one = choose(state, &of_network, ip, own, &chosen, network)?;
                chosen.push(one);
            }
        }
        None => {
            for version in [4, 6] {
                let mut subnets = of_network
                    .iter()
                    .filter(|s| s.get("ip_version").and_then(Value::as_u64) == Some(version))
                    .peekable();
                if subnets.peek().is_none() {
                    continue;
                }
                let found =
                    subnets.find_map(|s| Some((text(s, "id"), next(state, s, own, &chosen)?)));
                let (subnet, address) = found.ok_or_else(|| exhausted(network))?;
                chosen.push((subnet.to_owned(), address));
            }
        }
    }
    let shown = chosen
        .iter()
        .map(|(subnet, address)| json!({ "subnet_id": subnet, "ip_address": address }))
        .collect();
    Ok(shown)
}

/// Chooses one address: the one asked for, or the next of a subnet.
fn choose(
    state: &State,
    subnets: &[&Document],
    asked: &Value,
    own: Option<&str>,
    chosen: &[(String, IpAddr)],
    network: &str,
) -> Result<(String, IpAddr), Fault> {
    let address: Option<IpAddr> = match asked.get("ip_address").and_then(Value::as_str) {
        Some(text) => Some(text.parse().map_err(|_| {
            Fault::bad_request(format!("'{text}' is not a valid IP address.")).word("InvalidInput")
        })?),
        None => None,
    };
    let holds = |subnet: &Document, address: IpAddr| {
        Prefix::parse(text(subnet, "cidr")).is_some_and(|prefix| prefix.contains(address))
    };
    let subnet = match asked.get("subnet_id").and_then(Value::as_str) {
        Some(id) => subnets.iter().find(|s| text(s, "id") == id).copied().ok_or_else(|| {
            if state.subnets.contains(id) {
                Fault::bad_request(format!(
                    "Failed to create port on network {network}, because fixed_ips included invalid subnet {id}."
                ))
                .word("InvalidInput")
            } else {
                subnets::KIND.missing(id)
            }
        })?,
        None => subnets
            .iter()
            .find(|s| address.is_none_or(|address| holds(s, address)))
            .copied()
            .ok_or_else(|| {
                Fault::bad_request("IP address is not a valid IP for any of the subnets on the specified network.")
                    .word("InvalidIpForNetwork")
            })?,
    };
    let id = text(subnet, "id").to_owned();
    match address {
        None => {
            let address = next(state, subnet, own, chosen).ok_or_else(|| exhausted(network))?;
            Ok((id, address))
        }
        Some(address) if !holds(subnet, address) => Err(Fault::bad_request(format!(
            "IP address {address} is not a valid IP for the specified subnet."
        ))
        .word("InvalidIpForSubnet")),
        Some(address) if taken(state, &id, address, own) => {
            Err(Fault::conflict(format!("IP address {address} already allocated in subnet {id}."))
                .word("IpAddressAlreadyAllocated"))
        }
        Some(address) => Ok((id, address)),
    }
}

fn next(
    state: &State,
    subnet: &Document,
    own: Option<&str>,
    chosen: &[(String, IpAddr)],
) -> Option<IpAddr> {
    let id = text(subnet, "id");
    free(&find::pools(subnet), |address| {
        taken(state, id, address, own) || chosen.iter().any(|(_, other)| *other == address)
    })
}

fn taken(state: &State, subnet: &str, address: IpAddr, own: Option<&str>) -> bool {
    let address = address.to_string();
    let others = state.ports.iter().filter(|(id, _)| Some(*id) != own);
    others.flat_map(|(_, port)| find::fixed_ips(port)).any(|ip| ip == (subnet, address.as_str()))
}

fn exhausted(network: &str) -> Fault {
    Fault::conflict(format!("No more IP addresses available on network {network}."))
        .word("IpAddressGenerationFailure")
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
