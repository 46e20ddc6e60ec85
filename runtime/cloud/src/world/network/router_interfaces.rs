//! Joining subnets to routers.

use serde_json::{Value, json};

use super::address::Prefix;
use super::{State, find, ports, routers, subnets};
use crate::behaviour::Behaviour;
use crate::document::{Document, document, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("network.routers.add_router_interface", add),
    ("network.routers.remove_router_interface", remove),
];

fn add(world: &mut World, context: &RequestContext) -> Outcome {
    let router = context.id();
    routers::find(&world.network, router, context)?;
    let (port, subnet) = match (asked(context, "port_id"), asked(context, "subnet_id")) {
        ("", "") => return Err(unclear()),
        ("", subnet) => (by_subnet(world, context, subnet)?, subnet.to_owned()),
        (port, _) => {
            let found = ports::find(&world.network, port, context)?;
            if !text(found, "device_id").is_empty() {
                return Err(Fault::conflict(format!(
                    "Unable to complete operation on port {port}: it is in use by {}.",
                    text(found, "device_id")
                ))
                .word("PortInUse"));
            }
            let subnet = find::fixed_ips(found).next().map(|(subnet, _)| subnet.to_owned());
            let subnet = subnet.ok_or_else(unclear)?;
            ports::bind(world, port, router, "network:router_interface", "");
            (port.to_owned(), subnet)
        }
    };
    Ok(Reply::json(200, joined(world, router, &port, &subnet)))
}

fn remove(world: &mut World, context: &RequestContext) -> Outcome {
    let router = context.id();
    routers::find(&world.network, router, context)?;
    let (port, subnet) = (asked(context, "port_id"), asked(context, "subnet_id"));
    if port.is_empty() && subnet.is_empty() {
        return Err(unclear());
    }
    let found = routers::interfaces(&world.network, router)
        .find(|have| {
            (port.is_empty() || text(have, "id") == port)
                && (subnet.is_empty() || find::fixed_ips(have).any(|(id, _)| id == subnet))
        })
        .map(|have| {
            let subnet = find::fixed_ips(have).next().map_or("", |(subnet, _)| subnet);
            (text(have, "id").to_owned(), subnet.to_owned())
        });
    let (port, subnet) = found.ok_or_else(|| {
        Fault::not_found(format!("Router {router} has no interface on subnet {subnet}"))
            .word("RouterInterfaceNotFoundForSubnet")
    })?;
    let leads = |floating: &Document| {
        text(floating, "router_id") == router
            && world
                .network
                .ports
                .get(text(floating, "port_id"))
                .is_some_and(|port| find::fixed_ips(port).any(|(id, _)| id == subnet))
    };
    if world.network.floating_ips.values().any(leads) {
        return Err(Fault::conflict(format!(
            "Router interface for subnet {subnet} on router {router} cannot be deleted, as it is required by one or more floating IPs."
        ))
        .word("RouterInterfaceInUseByFloatingIP"));
    }
    if routed(&world.network, router, &subnet) {
        return Err(Fault::conflict(format!(
            "Router interface for subnet {subnet} on router {router} cannot be deleted, as it is required by one or more routes."
        ))
        .word("RouterInterfaceInUseByRoute"));
    }
    let body = joined(world, router, &port, &subnet);
    ports::remove(world, &port);
    Ok(Reply::json(200, body))
}

/// Whether a router has a route whose next hop is in a subnet; `neutron/db/extraroute_db.py`,
/// `_confirm_router_interface_not_in_use`.
fn routed(state: &State, router: &str, subnet: &str) -> bool {
    let routes = state.routers.get(router).and_then(|r| r.get("routes")?.as_array());
    let prefix = state.subnets.get(subnet).and_then(|s| Prefix::parse(text(s, "cidr")));
    let hops = routes.into_iter().flatten().filter_map(|route| route.get("nexthop")?.as_str());
    prefix.is_some_and(|prefix| {
        hops.filter_map(|hop| hop.parse().ok()).any(|hop| prefix.contains(hop))
    })
}

/// Makes a port with the subnet's gateway address.
fn by_subnet(world: &mut World, context: &RequestContext, subnet: &str) -> Result<String, Fault> {
    let found = subnets::find(&world.network, subnet, context)?;
    let gateway = text(found, "gateway_ip");
    if gateway.is_empty() {
        return Err(Fault::bad_request(format!(
            "Bad router request: Subnet {subnet} must have a gateway IP."
        ))
        .word("BadRequest"));
    }
    let twice = routers::interfaces(&world.network, context.id())
        .any(|port| find::fixed_ips(port).any(|(id, _)| id == subnet));
    if twice {
        return Err(Fault::bad_request(format!(
            "Bad router request: Router already has a port on subnet {subnet}."
        ))
        .word("BadRequest"));
    }
    let body = document(json!({
        "network_id": text(found, "network_id"), "device_id": context.id(),
        "device_owner": "network:router_interface",
        "fixed_ips": [{ "subnet_id": subnet, "ip_address": gateway }],
    }));
    let project = text(found, "project_id").to_owned();
    let port = ports::store(world, &body, &project)?;
    Ok(text(&port, "id").to_owned())
}

fn joined(world: &World, router: &str, port: &str, subnet: &str) -> Value {
    let project = world.network.routers.get(router).map(|router| text(router, "project_id"));
    let network = world.network.ports.get(port).map(|port| text(port, "network_id"));
    json!({
        "id": router, "project_id": project, "port_id": port, "network_id": network,
        "subnet_id": subnet, "subnet_ids": [subnet],
    })
}

fn asked<'a>(context: &'a RequestContext, key: &str) -> &'a str {
    context.json.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn unclear() -> Fault {
    Fault::bad_request("Bad router request: Either subnet_id or port_id must be specified.")
        .word("BadRequest")
}
