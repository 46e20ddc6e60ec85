//! Plugging servers into networks: which ports a body asks for, and making them.

use serde_json::{Value, json};

use super::server::Nic;
use crate::document::{Document, document, flag, text};
use crate::fault::Fault;
use crate::names::HOST;
use crate::policy::Owner;
use crate::request::RequestContext;
use crate::world::World;
use crate::world::network::{networks, ports, security_groups};

/// What compute calls itself at the ports of servers.
pub(crate) const OWNER: &str = "compute:nova";

/// A port that is asked for: one that is there, or a new one.
#[derive(Debug, Clone)]
pub(crate) enum Asked {
    Port { id: String, tag: Option<String> },
    Network { id: String, address: Option<String>, tag: Option<String> },
}

/// Reads the networks of a new server.
pub(crate) fn read(
    world: &World,
    body: &Document,
    context: &RequestContext,
) -> Result<Vec<Asked>, Fault> {
    match body.get("networks") {
        Some(Value::String(word)) if word == "none" => Ok(Vec::new()),
        Some(Value::Array(list)) if !list.is_empty() => {
            list.iter().map(|one| read_one(world, one, context)).collect()
        }
        None if context.since(37) => Err(Fault::bad_request(
            "Invalid input for field/attribute server: 'networks' is a required property",
        )),
        _ => only_network(world, context),
    }
}

/// Takes the one network that the project has, as nova does where none is named.
fn only_network(world: &World, context: &RequestContext) -> Result<Vec<Asked>, Fault> {
    let mut own = world.network.networks.values().filter(|network| {
        !flag(network, "router:external")
            && (text(network, "project_id") == context.project() || flag(network, "shared"))
    });
    match (own.next(), own.next()) {
        (None, _) => Ok(Vec::new()),
        (Some(network), None) => Ok(vec![Asked::Network {
            id: text(network, "id").to_owned(),
            address: None,
            tag: None,
        }]),
        _ => Err(Fault::conflict(
            "Multiple possible networks found, use a Network ID to be more specific.",
        )),
    }
}

/// Reads one network or port, and looks whether it can be used.
pub(crate) fn read_one(
    world: &World,
    one: &Value,
    context: &RequestContext,
) -> Result<Asked, Fault> {
    let get = |key: &str| one.get(key).and_then(Value::as_str).map(str::to_owned);
    let tag = get("tag");
    if let Some(id) = get("port").or_else(|| get("port_id")) {
        let port = ports::find(&world.network, &id, context)
            .map_err(|_| Fault::bad_request(format!("Port id {id} could not be found.")))?;
        if !text(port, "device_id").is_empty() {
            return Err(Fault::conflict(format!("Port {id} is still in use.")));
        }
        return Ok(Asked::Port { id, tag });
    }
    let id = get("uuid").or_else(|| get("net_id")).unwrap_or_default();
    let network = networks::find(&world.network, &id, context)
        .map_err(|_| Fault::bad_request(format!("Network {id} could not be found.")))?;
    let outside = flag(network, "router:external") && !flag(network, "shared");
    if outside && !context.may("network:attach_external_network", &Owner::caller(context)) {
        return Err(Fault::forbidden(format!(
            "It is not allowed to create an interface on external network {id}"
        )));
    }
    let from_list = one
        .get("fixed_ips")
        .and_then(|list| list.get(0)?.get("ip_address")?.as_str())
        .map(str::to_owned);
    Ok(Asked::Network { id, address: get("fixed_ip").or(from_list), tag })
}

/// Plugs a server in; where that fails, nothing of it is left.
pub(crate) fn plug(
    world: &mut World,
    server: &str,
    project: &str,
    groups: &[String],
    asked: &[Asked],
) -> Result<Vec<Nic>, Fault> {
    let mut made = Vec::new();
    for one in asked {
        match plug_one(world, server, project, groups, one) {
            Ok(nic) => made.push(nic),
            Err(fault) => {
                for nic in made {
                    unplug(world, &nic);
                }
                return Err(fault);
            }
        }
    }
    Ok(made)
}

fn plug_one(
    world: &mut World,
    server: &str,
    project: &str,
    groups: &[String],
    asked: &Asked,
) -> Result<Nic, Fault> {
    match asked {
        Asked::Port { id, tag } => {
            ports::bind(world, id, server, OWNER, HOST);
            Ok(Nic { port: id.clone(), tag: tag.clone(), ours: false })
        }
        Asked::Network { id, address, tag } => {
            let mut body = document(json!({
                "network_id": id, "device_id": server, "device_owner": OWNER,
                "binding:host_id": HOST,
            }));
            if !groups.is_empty() {
                body.insert("security_groups".to_owned(), json!(groups));
            }
            if let Some(address) = address {
                body.insert("fixed_ips".to_owned(), json!([{ "ip_address": address }]));
            }
            let port = ports::store(world, &body, project)
                .map_err(|fault| Fault::new(fault.status, fault.message))?;
            Ok(Nic { port: text(&port, "id").to_owned(), tag: tag.clone(), ours: true })
        }
    }
}

/// Unplugs a server: a port of ours goes, one of the caller's stays.
pub(crate) fn unplug(world: &mut World, nic: &Nic) {
    if nic.ours {
        ports::remove(world, &nic.port);
    } else {
        ports::bind(world, &nic.port, "", "", "");
    }
}

/// Finds the security groups that a body names; gives ids and names.
pub(crate) fn groups(
    world: &mut World,
    body: &Document,
    context: &RequestContext,
) -> Result<Vec<(String, String)>, Fault> {
    let default = security_groups::default_of(world, context.project());
    let Some(list) = body.get("security_groups").and_then(Value::as_array) else {
        return Ok(vec![(default, "default".to_owned())]);
    };
    let names = list.iter().filter_map(|one| one.get("name").and_then(Value::as_str));
    names.map(|name| group(world, name, context)).collect()
}

/// Finds a security group of the project by name or id.
pub(crate) fn group(
    world: &World,
    name: &str,
    context: &RequestContext,
) -> Result<(String, String), Fault> {
    world
        .network
        .security_groups
        .values()
        .filter(|group| text(group, "project_id") == context.project())
        .find(|group| text(group, "name") == name || text(group, "id") == name)
        .map(|group| (text(group, "id").to_owned(), text(group, "name").to_owned()))
        .ok_or_else(|| {
            Fault::bad_request(format!(
                "Security group {name} not found for project {}.",
                context.project()
            ))
        })
}
