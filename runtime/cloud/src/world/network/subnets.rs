//! Subnets and their pools of addresses.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::address::{Prefix, within};
pub(crate) use super::find::SUBNET as KIND;
use super::resource::{bodies, change, complete, made, owner, touch, visible};
use super::{State, allocation, ipv6, networks, quotas};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::{Document, document, flag, merge, required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("network.subnets.list", list),
    ("network.subnets.create", create),
    ("network.subnets.create_bulk", create),
    ("network.subnets.show", show),
    ("network.subnets.update", update),
    ("network.subnets.delete", delete),
];

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    let state = &world.network;
    KIND.many(state.subnets.values().filter(|s| usable(state, s, context)), state, context)
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

/// Makes a subnet in a network that exists.
pub(crate) fn store(world: &mut World, body: &Document, project: &str) -> Result<Document, Fault> {
    let network = text(body, "network_id").to_owned();
    let version = body.get("ip_version").and_then(Value::as_u64).unwrap_or(4);
    let prefix = prefix(world, body)?;
    if prefix.is_v4() != (version == 4) {
        return Err(invalid(&format!("ip_version {version} does not match cidr {prefix}")));
    }
    ipv6::check(body, prefix)?;
    let others = world.network.subnets.values().filter(|s| text(s, "network_id") == network);
    let clash =
        others.filter_map(|s| Prefix::parse(text(s, "cidr"))).find(|other| other.overlaps(prefix));
    if let Some(other) = clash {
        return Err(invalid(&format!(
            "Requested subnet with cidr: {prefix} for network: {network} overlaps with another subnet, {other}"
        )));
    }
    let gateway = match body.get("gateway_ip") {
        // Where hosts make their addresses, the gateway is any router of the subnet.
        None if ipv6::is_automatic(body) => Some(prefix.first()),
        None => Some(prefix.nth(1)),
        Some(Value::Null) => None,
        Some(value) => Some(address(value)?),
    };
    let pools = match body.get("allocation_pools").and_then(Value::as_array) {
        Some(pools) => read_pools(pools, prefix)?,
        None => prefix.pools(gateway),
    };
    if let Some(gateway) = gateway.filter(|gateway| within(&pools, *gateway)) {
        return Err(Fault::conflict(format!(
            "Gateway ip {gateway} conflicts with allocation pool."
        ))
        .word("GatewayConflictWithAllocationPools"));
    }
    let id = world.ids.uuid();
    let mut subnet = document(json!({
        "name": "", "description": "", "enable_dhcp": true, "dns_nameservers": [],
        "host_routes": [], "ipv6_address_mode": null, "ipv6_ra_mode": null,
        "service_types": [], "subnetpool_id": null, "router:external": false,
    }));
    merge(&mut subnet, body);
    subnet.remove("prefixlen");
    subnet.remove("use_default_subnetpool");
    complete(world, &mut subnet, &id, project);
    let pools: Vec<Value> =
        pools.iter().map(|(start, end)| json!({ "start": start, "end": end })).collect();
    for (key, value) in [
        ("cidr", json!(prefix.to_string())),
        ("ip_version", json!(version)),
        ("gateway_ip", json!(gateway)),
        ("allocation_pools", json!(pools)),
    ] {
        subnet.insert(key.to_owned(), value);
    }
    let now = world.stamp(Stamp::Seconds);
    if let Some(network) = world.network.networks.get_mut(&network) {
        subnet.insert("router:external".to_owned(), json!(flag(network, "router:external")));
        if let Some(Value::Array(subnets)) = network.get_mut("subnets") {
            subnets.push(json!(id));
        }
        touch(network, &now);
    }
    world.network.subnets.insert(id, subnet.clone());
    allocation::spread(&mut world.network, &subnet);
    Ok(subnet)
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(KIND.one(200, find(&world.network, context.id(), context)?, &world.network, context))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = KIND.attributes(context)?;
    find(&world.network, context.id(), context)?;
    let now = world.stamp(Stamp::Seconds);
    if let Some(subnet) = world.network.subnets.get_mut(context.id()) {
        if let Some(pools) = body.get("allocation_pools").and_then(Value::as_array) {
            let prefix = Prefix::parse(text(subnet, "cidr"));
            prefix.map(|prefix| read_pools(pools, prefix)).transpose()?;
        }
        change(
            subnet,
            body,
            &["id", "cidr", "ip_version", "network_id", "tenant_id", "project_id"],
            &now,
        )?;
    }
    show(world, context)
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    find(&world.network, context.id(), context)?;
    let state = &mut world.network;
    let gone = state.subnets.get(id).cloned().unwrap_or_default();
    if state.ports.values().any(|port| allocation::holds(port, &gone)) {
        return Err(Fault::conflict(format!(
            "Unable to complete operation on subnet {id}: One or more ports have an IP allocation from this subnet."
        ))
        .word("SubnetInUse"));
    }
    allocation::withdraw(state, id);
    let network = state.subnets.remove(id).map(|s| text(&s, "network_id").to_owned());
    if let Some(network) = network.and_then(|network| state.networks.get_mut(&network))
        && let Some(Value::Array(subnets)) = network.get_mut("subnets")
    {
        subnets.retain(|subnet| subnet != id);
    }
    Ok(Reply::empty(204))
}

pub(crate) fn find<'a>(
    state: &'a State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a Document, Fault> {
    state
        .subnets
        .get(id)
        .filter(|subnet| usable(state, subnet, context))
        .ok_or_else(|| KIND.missing(id))
}

fn usable(state: &State, subnet: &Document, context: &RequestContext) -> bool {
    let network = state.networks.get(text(subnet, "network_id"));
    visible(subnet, context) || network.is_some_and(|n| visible(n, context) || flag(n, "shared"))
}

/// Takes the prefix from the body, or the next free one of its subnet pool.
fn prefix(world: &World, body: &Document) -> Result<Prefix, Fault> {
    let pool = text(body, "subnetpool_id");
    if !text(body, "cidr").is_empty() || pool.is_empty() {
        let cidr = required(body, "cidr")?;
        return Prefix::parse(cidr).ok_or_else(|| {
            invalid(&format!("Invalid input for cidr. Reason: '{cidr}' is not a valid IP subnet."))
        });
    }
    super::subnet_pools::next_prefix(&world.network, pool, body)
}

fn read_pools(pools: &[Value], prefix: Prefix) -> Result<Vec<(IpAddr, IpAddr)>, Fault> {
    pools
        .iter()
        .map(|pool| {
            let end = |key| address(pool.get(key).unwrap_or(&Value::Null));
            let (start, end) = (end("start")?, end("end")?);
            if !prefix.contains(start) || !prefix.contains(end) {
                return Err(Fault::bad_request(format!(
                    "The allocation pool {start}-{end} spans beyond the subnet cidr {prefix}."
                ))
                .word("OutOfBoundsAllocationPool"));
            }
            if start > end {
                return Err(Fault::bad_request(format!(
                    "The allocation pool {start}-{end} is not valid."
                ))
                .word("InvalidAllocationPool"));
            }
            Ok((start, end))
        })
        .collect()
}

fn address(value: &Value) -> Result<IpAddr, Fault> {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| invalid(&format!("{value} is not a valid IP address.")))
}

fn invalid(message: &str) -> Fault {
    Fault::bad_request(format!("Invalid input for operation: {message}.")).word("InvalidInput")
}
