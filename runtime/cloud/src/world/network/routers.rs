//! Routers and their gateways.

use serde_json::{Value, json};

use super::address::Prefix;
use super::resource::{Kind, change, complete, made, owner, visible};
use super::{State, networks, ports, quotas};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::{Document, document, flag, merge, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("network.routers.list", list),
    ("network.routers.create", create),
    ("network.routers.show", show),
    ("network.routers.update", update),
    ("network.routers.delete", delete),
];

/// How many routes a router may have (`max_routes`).
const MOST_ROUTES: usize = 30;

pub(crate) const KIND: Kind =
    Kind { singular: "router", plural: "routers", missing: "RouterNotFound", label: "Router" };

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    KIND.many(
        world.network.routers.values().filter(|r| visible(r, context)),
        &world.network,
        context,
    )
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = KIND.attributes(context)?;
    quotas::room(&world.network, &KIND, &[body], context)?;
    let project = owner(body, context)?;
    let id = world.ids.uuid();
    let mut router = document(json!({
        "name": "", "description": "", "admin_state_up": true, "status": "ACTIVE",
        "external_gateway_info": null, "routes": [], "ha": false, "distributed": false,
        "availability_zone_hints": [], "availability_zones": ["nova"],
        "flavor_id": null, "conntrack_helpers": [],
    }));
    merge(&mut router, body);
    let gateway = gateway(world, body, &id, context)?;
    router.insert("external_gateway_info".to_owned(), gateway.unwrap_or(Value::Null));
    complete(world, &mut router, &id, &project);
    world.network.routers.insert(id, router.clone());
    made(&KIND, &[router], false, &world.network, context)
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(KIND.one(200, find(&world.network, context.id(), context)?, &world.network, context))
}

fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    let mut body = KIND.attributes(context)?.clone();
    find(&world.network, id, context)?;
    if body.contains_key("external_gateway_info") {
        keep_used_gateway(&world.network, id, &body)?;
        remove_gateway(world, id);
        let gateway = gateway(world, &body, id, context)?;
        body.insert("external_gateway_info".to_owned(), gateway.unwrap_or(Value::Null));
    }
    routes(&world.network, id, &body)?;
    let now = world.stamp(Stamp::Seconds);
    if let Some(router) = world.network.routers.get_mut(id) {
        change(router, &body, &["id", "status", "tenant_id", "project_id"], &now)?;
    }
    show(world, context)
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    find(&world.network, id, context)?;
    if interfaces(&world.network, id).next().is_some() {
        return Err(Fault::conflict(format!("Router {id} still has ports")).word("RouterInUse"));
    }
    remove_gateway(world, id);
    world.network.routers.remove(id);
    Ok(Reply::empty(204))
}

/// Walks the ports by which a router reaches inner networks.
pub(crate) fn interfaces<'a>(
    state: &'a State,
    router: &'a str,
) -> impl Iterator<Item = &'a Document> {
    state.ports.values().filter(move |port| {
        text(port, "device_id") == router
            && text(port, "device_owner") == "network:router_interface"
    })
}

pub(crate) fn find<'a>(
    state: &'a State,
    id: &str,
    context: &RequestContext,
) -> Result<&'a Document, Fault> {
    state.routers.get(id).filter(|r| visible(r, context)).ok_or_else(|| KIND.missing(id))
}

/// Makes the port by which a router reaches an external network.
fn gateway(
    world: &mut World,
    body: &Document,
    router: &str,
    context: &RequestContext,
) -> Result<Option<Value>, Fault> {
    let Some(asked) = body.get("external_gateway_info").and_then(Value::as_object) else {
        return Ok(None);
    };
    if asked.is_empty() {
        return Ok(None);
    }
    let network = text(asked, "network_id").to_owned();
    if !flag(networks::find(&world.network, &network, context)?, "router:external") {
        return Err(Fault::bad_request(format!(
            "Bad router request: Network {network} is not an external network."
        ))
        .word("BadRequest"));
    }
    let mut port = document(json!({
        "network_id": network, "device_id": router, "device_owner": "network:router_gateway",
    }));
    if let Some(ips) = asked.get("external_fixed_ips") {
        port.insert("fixed_ips".to_owned(), ips.clone());
    }
    let port = ports::store(world, &port, "")?;
    Ok(Some(json!({
        "network_id": network,
        "enable_snat": asked.get("enable_snat").and_then(Value::as_bool).unwrap_or(true),
        "external_fixed_ips": port.get("fixed_ips"),
    })))
}

/// Refuses routes whose next hop the router does not reach, or has itself, one twice, and too many
/// of them (neutron 29.0.0, `neutron.db.extraroute_db`).
fn routes(state: &State, router: &str, body: &Document) -> Result<(), Fault> {
    let Some(routes) = body.get("routes").and_then(Value::as_array) else { return Ok(()) };
    let mut before = routes.iter().enumerate();
    if let Some((_, route)) = before.find(|(index, route)| routes[..*index].contains(route)) {
        return Err(Fault::bad_request(format!(
            "Invalid input for routes. Reason: Duplicate hostroute '{route}'."
        )));
    }
    if routes.len() > MOST_ROUTES {
        let message = "Quota exceeded for resources: ['router_route'].";
        return Err(Fault::conflict(message).word("OverQuota"));
    }
    let own: Vec<(&str, &str)> = state
        .ports
        .values()
        .filter(|port| text(port, "device_id") == router)
        .flat_map(super::find::fixed_ips)
        .collect();
    let prefix = |subnet: &str| Prefix::parse(text(state.subnets.get(subnet)?, "cidr"));
    for route in routes {
        let hop = route.get("nexthop").and_then(Value::as_str).unwrap_or_default();
        let reached = |hop| own.iter().any(|(id, _)| prefix(id).is_some_and(|p| p.contains(hop)));
        let reason = if !hop.parse().is_ok_and(reached) {
            "the nexthop is not connected with router"
        } else if own.iter().any(|(_, address)| *address == hop) {
            "the nexthop is used by router"
        } else {
            continue;
        };
        let routes = body.get("routes").map(Value::to_string).unwrap_or_default();
        let message = format!("Invalid format for routes: {routes}, {reason}");
        return Err(Fault::bad_request(message).word("InvalidRoutes"));
    }
    Ok(())
}

/// Refuses to take a gateway away that floating IPs need; `neutron/db/l3_db.py`,
/// `_delete_current_gw_port`.
fn keep_used_gateway(state: &State, router: &str, body: &Document) -> Result<(), Fault> {
    let network = |info: Option<&Value>| {
        info.and_then(|info| info.get("network_id")?.as_str()).map(ToOwned::to_owned)
    };
    let present = state.routers.get(router).and_then(|r| network(r.get("external_gateway_info")));
    let Some(present) = present else { return Ok(()) };
    let stays = network(body.get("external_gateway_info")).is_some_and(|asked| asked == present);
    if stays || !state.floating_ips.values().any(|f| text(f, "router_id") == router) {
        return Ok(());
    }
    Err(Fault::conflict(format!(
        "Gateway cannot be updated for router {router}, since a gateway to external network {present} is required by one or more floating IPs."
    ))
    .word("RouterExternalGatewayInUseByFloatingIp"))
}

fn remove_gateway(world: &mut World, router: &str) {
    world.network.ports.remove_where(|port| {
        text(port, "device_id") == router && text(port, "device_owner") == "network:router_gateway"
    });
}
