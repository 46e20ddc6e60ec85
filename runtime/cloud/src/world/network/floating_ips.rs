//! Floating IPs: addresses of an external network that lead to a port.

use serde_json::json;

use super::resource::{Kind, complete, made, owner, touch, visible};
use super::{State, find, networks, ports, quotas, routers};
use crate::behaviour::Behaviour;
use crate::clock::Stamp;
use crate::document::{Document, document, flag, merge, required, text};
use crate::fault::Fault;
use crate::outcome::{Outcome, Reply};
use crate::request::RequestContext;
use crate::world::World;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    ("network.floating_ips.list", list),
    ("network.floating_ips.create", create),
    ("network.floating_ips.show", show),
    ("network.floating_ips.update", update),
    ("network.floating_ips.delete", delete),
];

pub(crate) const KIND: Kind = Kind {
    singular: "floatingip",
    plural: "floatingips",
    missing: "FloatingIPNotFound",
    label: "Floating IP",
};

fn list(world: &mut World, context: &RequestContext) -> Outcome {
    KIND.many(
        world.network.floating_ips.values().filter(|f| visible(f, context)),
        &world.network,
        context,
    )
}

/// Refuses a router: it follows from the port (`neutron_lib.api.definitions.l3`).
fn router_is_not_set(body: &Document, method: &str) -> Result<(), Fault> {
    if body.contains_key("router_id") {
        let message = format!("Attribute 'router_id' not allowed in {method}");
        return Err(Fault::bad_request(message).word("HTTPBadRequest"));
    }
    Ok(())
}

fn create(world: &mut World, context: &RequestContext) -> Outcome {
    let body = KIND.attributes(context)?;
    router_is_not_set(body, "POST")?;
    quotas::room(&world.network, &KIND, &[body], context)?;
    let network = required(body, "floating_network_id")?;
    if !flag(networks::find(&world.network, network, context)?, "router:external") {
        return Err(Fault::bad_request(format!(
            "Bad floatingip request: Network {network} is not a valid external network."
        ))
        .word("BadRequest"));
    }
    let project = owner(body, context)?;
    let tie = tie(&world.network, body, network, None, context)?;
    let id = world.ids.uuid();
    let mut outside = document(json!({
        "network_id": network, "device_id": id, "device_owner": "network:floatingip",
    }));
    let address = text(body, "floating_ip_address");
    if !address.is_empty() {
        outside.insert("fixed_ips".to_owned(), json!([{ "ip_address": address }]));
    } else if !text(body, "subnet_id").is_empty() {
        outside.insert("fixed_ips".to_owned(), json!([{ "subnet_id": text(body, "subnet_id") }]));
    }
    let outside = ports::store(world, &outside, "")?;
    let address = find::fixed_ips(&outside).next().map(|(_, address)| address.to_owned());
    let mut floating = document(json!({
        "description": "", "dns_domain": "", "dns_name": "", "qos_policy_id": null,
        "port_forwardings": [], "port_details": null,
        "floating_network_id": network, "floating_ip_address": address,
    }));
    floating.insert("description".to_owned(), json!(text(body, "description")));
    find::untie(&mut floating);
    if let Some(tie) = tie {
        merge(&mut floating, &tie);
    }
    complete(world, &mut floating, &id, &project);
    world.network.floating_ips.insert(id, floating.clone());
    made(&KIND, &[floating], false, &world.network, context)
}

fn show(world: &mut World, context: &RequestContext) -> Outcome {
    Ok(KIND.one(200, find(&world.network, context)?, &world.network, context))
}

/// Ties a floating IP to a port, or unties it where the port is null.
fn update(world: &mut World, context: &RequestContext) -> Outcome {
    let body = KIND.attributes(context)?;
    router_is_not_set(body, "PUT")?;
    let network = text(find(&world.network, context)?, "floating_network_id").to_owned();
    let tie = tie(&world.network, body, &network, Some(context.id()), context)?;
    let now = world.stamp(Stamp::Seconds);
    if let Some(floating) = world.network.floating_ips.get_mut(context.id()) {
        if body.contains_key("port_id") {
            find::untie(floating);
        }
        if let Some(tie) = tie {
            merge(floating, &tie);
        }
        if let Some(description) = body.get("description") {
            floating.insert("description".to_owned(), description.clone());
        }
        touch(floating, &now);
    }
    show(world, context)
}

fn delete(world: &mut World, context: &RequestContext) -> Outcome {
    let id = context.id();
    find(&world.network, context)?;
    world.network.floating_ips.remove(id);
    world.network.ports.remove_where(|port| text(port, "device_id") == id);
    Ok(Reply::empty(204))
}

/// Returns what ties a floating IP to the port asked for.
///
/// - A router must join the port's subnet with the external network.
/// - An address has one floating IP of an external network; `own` is the one that is tied
///   (neutron 29.0.0, `neutron.db.l3_db.L3_NAT_dbonly_mixin._check_and_get_fip_assoc`).
fn tie(
    state: &State,
    body: &Document,
    network: &str,
    own: Option<&str>,
    context: &RequestContext,
) -> Result<Option<Document>, Fault> {
    let id = text(body, "port_id");
    if id.is_empty() {
        if !text(body, "fixed_ip_address").is_empty() {
            return Err(Fault::bad_request(
                "Bad floatingip request: fixed_ip_address cannot be specified without a port_id.",
            )
            .word("BadRequest"));
        }
        return Ok(None);
    }
    let port = ports::find(state, id, context)?;
    let wanted = text(body, "fixed_ip_address");
    let (subnet, address) = find::fixed_ips(port)
        .find(|(_, address)| wanted.is_empty() || *address == wanted)
        .ok_or_else(|| {
            Fault::bad_request(format!(
                "Bad floatingip request: Port {id} does not have fixed ip {wanted}."
            ))
            .word("BadRequest")
        })?;
    let joins = |router: &&Document| {
        let outside = router.get("external_gateway_info").and_then(|info| info.get("network_id"));
        outside.is_some_and(|outside| outside == network)
            && routers::interfaces(state, text(router, "id"))
                .any(|port| find::fixed_ips(port).any(|(id, _)| id == subnet))
    };
    let router = state.routers.values().find(joins).ok_or_else(|| {
        Fault::not_found(format!(
            "External network {network} is not reachable from subnet {subnet}. Therefore, cannot associate Port {id} with a Floating IP."
        ))
        .word("ExternalGatewayForFloatingIPNotFound")
    })?;
    let has_one = |floating: &Document| {
        text(floating, "port_id") == id
            && text(floating, "fixed_ip_address") == address
            && text(floating, "floating_network_id") == network
    };
    let mut others = state.floating_ips.iter().filter(|(other, _)| Some(*other) != own);
    if others.any(|(_, floating)| has_one(floating)) {
        let outside = own.and_then(|own| state.floating_ips.get(own));
        let outside = outside.map_or("None", |own| text(own, "floating_ip_address"));
        return Err(Fault::conflict(format!(
            "Cannot associate floating IP {outside} ({}) with port {id} using fixed IP {address}, as that fixed IP already has a floating IP on external network {network}.",
            own.unwrap_or("None")
        ))
        .word("FloatingIPPortAlreadyAssociated"));
    }
    Ok(Some(document(json!({
        "port_id": id, "fixed_ip_address": address, "router_id": text(router, "id"),
        "status": "ACTIVE",
        "port_details": {
            "name": text(port, "name"), "network_id": text(port, "network_id"),
            "mac_address": text(port, "mac_address"), "admin_state_up": true,
            "status": text(port, "status"), "device_id": text(port, "device_id"),
            "device_owner": text(port, "device_owner"),
        },
    }))))
}

pub(crate) fn find<'a>(state: &'a State, context: &RequestContext) -> Result<&'a Document, Fault> {
    let id = context.id();
    state.floating_ips.get(id).filter(|f| visible(f, context)).ok_or_else(|| KIND.missing(id))
}
