//! Networks.

use serde_json::json;

use super::resource::{Kind, bodies, change, complete, made, owner, visible};
use super::{State, quotas};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::{Document, document, flag, merge, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("network.networks.list", list),
    ("network.networks.create", create),
    ("network.networks.create_bulk", create),
    ("network.networks.show", show),
    ("network.networks.update", update),
    ("network.networks.delete", delete),
];

pub(crate) const KIND: Kind =
    Kind { singular: "network", plural: "networks", missing: "NetworkNotFound", label: "Network" };

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    KIND.many(
        world.network.networks.values().filter(|n| usable(n, context)),
        &world.network,
        context,
    )
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let (bodies, several) = bodies(&KIND, context)?;
    quotas::room(&world.network, &KIND, &bodies, context)?;
    let mut all = Vec::new();
    for body in bodies {
        let network = store(world, body, &owner(body, context)?);
        all.push(network);
    }
    made(&KIND, &all, several, &world.network, context)
}

/// Makes a network with a project's attributes.
pub(crate) fn store(world: &mut World, body: &Document, project: &str) -> Document {
    let id = world.ids.uuid();
    let segment = world.network.networks.len() + 1;
    let mut network = document(json!({
        "name": "", "description": "", "admin_state_up": true, "status": "ACTIVE",
        "shared": false, "router:external": false, "subnets": [], "mtu": 1450,
        "availability_zone_hints": [], "availability_zones": [],
        "ipv4_address_scope": null, "ipv6_address_scope": null,
        "port_security_enabled": true, "qos_policy_id": null, "dns_domain": "",
        "provider:network_type": "vxlan", "provider:physical_network": null,
        "provider:segmentation_id": segment,
    }));
    merge(&mut network, body);
    if flag(&network, "router:external") {
        network.entry("is_default").or_insert(json!(false));
    }
    complete(world, &mut network, &id, project);
    world.network.networks.insert(id, network.clone());
    network
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    let network = find(&world.network, context.id(), context)?;
    Ok(KIND.one(200, network, &world.network, context))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = KIND.attributes(context)?;
    if body.get("router:external") == Some(&json!(false)) {
        keep_external(&world.network, context.id())?;
    }
    let now = world.stamp(Stamp::Seconds);
    if let Some(network) = world.network.networks.get_mut(context.id()) {
        change(network, body, &["id", "status", "subnets", "tenant_id", "project_id"], &now)?;
    }
    show(world, context)
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    let state = &mut world.network;
    let used = state
        .ports
        .values()
        .any(|port| text(port, "network_id") == id && text(port, "device_owner") != "network:dhcp");
    if used {
        return Err(Fault::conflict(format!(
            "Unable to complete operation on network {id}. There are one or more ports still in use on the network."
        ))
        .word("NetworkInUse"));
    }
    state.ports.remove_where(|port| text(port, "network_id") == id);
    state.subnets.remove_where(|subnet| text(subnet, "network_id") == id);
    state.networks.remove(id);
    Ok(Reply::empty(204))
}

/// Finds a network that the caller may use.
pub(crate) fn find<'a>(
    state: &'a State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a Document, Fault> {
    state.networks.get(id).filter(|n| usable(n, context)).ok_or_else(|| KIND.missing(id))
}

/// Whether a network is the caller's, shared, or leads outside.
pub(crate) fn usable(network: &Document, context: &RequestContext) -> bool {
    visible(network, context) || flag(network, "shared") || flag(network, "router:external")
}

/// Refuses to make a network inner while routers reach out by it;
/// `neutron/db/external_net_db.py`, `_process_l3_update`.
fn keep_external(state: &State, id: &str) -> Result<(), Fault> {
    let leads_out = |port: &Document| {
        text(port, "network_id") == id && text(port, "device_owner") == "network:router_gateway"
    };
    if !state.ports.values().any(leads_out) {
        return Ok(());
    }
    Err(Fault::conflict(format!(
        "External network {id} cannot be updated to be made non-external, since it has existing gateway ports."
    ))
    .word("ExternalNetworkInUse"))
}
