//! Choosing the addresses of ports.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::address::{Prefix, free};
use super::ipv6::is_automatic;
use super::{State, find};
use crate::document::{Document, text};
use crate::fault::Fault;

/// The owners of ports that have no automatic addresses
/// (`neutron_lib.constants.ROUTER_INTERFACE_OWNERS_SNAT`).
const ROUTERS: [&str; 4] = [
    "network:router_interface",
    "network:router_interface_distributed",
    "network:ha_router_replicated_interface",
    "network:router_centralized_snat",
];

/// A port that wants addresses.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) network: &'a str,
    /// The addresses that are asked for, if any are.
    pub(crate) asked: Option<&'a Value>,
    /// The port, if it is there already: it may keep its addresses.
    pub(crate) own: Option<&'a str>,
    pub(crate) mac: &'a str,
    pub(crate) device_owner: &'a str,
}

impl Wanted<'_> {
    /// Returns the address that a subnet gives by itself, where it gives any.
    fn automatic(&self, subnet: &Document) -> Option<IpAddr> {
        automatic(subnet, self.mac).filter(|_| !ROUTERS.contains(&self.device_owner))
    }
}

/// Chooses the addresses of a port: those asked for, or one of each IP version; and that of every
/// subnet with automatic addresses, which is never left out (neutron 29.0.0,
/// `neutron.db.ipam_pluggable_backend.IpamPluggableBackend._allocate_ips_for_port`).
pub(crate) fn allocate(state: &State, wanted: &Wanted<'_>) -> Result<Value, Fault> {
    let of_network: Vec<&Document> =
        state.subnets.values().filter(|s| text(s, "network_id") == wanted.network).collect();
    let mut chosen: Vec<(String, IpAddr)> = Vec::new();
    match wanted.asked.and_then(Value::as_array) {
        Some(asked) => {
            for ip in asked {
                let one = choose(state, &of_network, ip, wanted, &chosen)?;
                chosen.push(one);
            }
        }
        None => {
            for version in [4, 6] {
                let mut subnets = of_network
                    .iter()
                    .filter(|s| s.get("ip_version").and_then(Value::as_u64) == Some(version))
                    .filter(|s| wanted.automatic(s).is_none())
                    .peekable();
                if subnets.peek().is_none() {
                    continue;
                }
                let found = subnets
                    .find_map(|s| Some((text(s, "id"), next(state, s, wanted.own, &chosen)?)));
                let (subnet, address) = found.ok_or_else(|| exhausted(wanted.network))?;
                chosen.push((subnet.to_owned(), address));
            }
        }
    }
    for subnet in of_network {
        let id = text(subnet, "id");
        if let Some(address) = wanted.automatic(subnet)
            && chosen.iter().all(|(other, _)| other != id)
        {
            chosen.push((id.to_owned(), address));
        }
    }
    let shown = chosen
        .iter()
        .map(|(subnet, address)| json!({ "subnet_id": subnet, "ip_address": address }))
        .collect();
    Ok(shown)
}

/// Adds a new subnet's automatic addresses to the ports that its network has.
pub(crate) fn spread(state: &mut State, subnet: &Document) {
    let network = text(subnet, "network_id");
    for port in state.ports.values_mut().filter(|port| text(port, "network_id") == network) {
        let address = automatic(subnet, text(port, "mac_address"))
            .filter(|_| !ROUTERS.contains(&text(port, "device_owner")));
        if let (Some(address), Some(Value::Array(ips))) = (address, port.get_mut("fixed_ips")) {
            ips.push(json!({ "subnet_id": text(subnet, "id"), "ip_address": address }));
        }
    }
}

/// Takes a subnet's automatic addresses from the ports that have one.
pub(crate) fn withdraw(state: &mut State, subnet: &str) {
    for port in state.ports.values_mut() {
        if let Some(Value::Array(ips)) = port.get_mut("fixed_ips") {
            ips.retain(|ip| ip.get("subnet_id").is_none_or(|id| id != subnet));
        }
    }
}

/// Whether a port keeps a subnet from going: automatic addresses alone do not.
pub(crate) fn holds(port: &Document, subnet: &Document) -> bool {
    let has_one = find::fixed_ips(port).any(|(id, _)| id == text(subnet, "id"));
    let owner = text(port, "device_owner");
    let goes = is_automatic(subnet) && !ROUTERS.contains(&owner) || owner == "network:dhcp";
    has_one && !goes
}

fn automatic(subnet: &Document, mac: &str) -> Option<IpAddr> {
    Prefix::parse(text(subnet, "cidr")).filter(|_| is_automatic(subnet))?.eui64(mac)
}

/// Chooses one address: the one asked for, or the next of a subnet.
fn choose(
    state: &State,
    subnets: &[&Document],
    asked: &Value,
    wanted: &Wanted<'_>,
    chosen: &[(String, IpAddr)],
) -> Result<(String, IpAddr), Fault> {
    let (network, own) = (wanted.network, wanted.own);
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
                find::SUBNET.missing(id)
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
    if let Some(automatic) = wanted.automatic(subnet) {
        return match address {
            Some(address) if address != automatic => Err(Fault::bad_request(format!(
                "IPv6 address {address} cannot be directly assigned to a port on subnet {id} as the subnet is configured for automatic addresses"
            ))
            .word("AllocationOnAutoAddressSubnet")),
            _ => Ok((id, automatic)),
        };
    }
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
