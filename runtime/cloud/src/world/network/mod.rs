//! Network: networks, subnets, ports, routers, floating IPs, security groups.
//!
//! Addresses are really allocated from the subnets' pools; no packet moves.

pub(crate) mod address;
pub(crate) mod agents;
mod allocation;
pub(crate) mod bootstrap;
pub(crate) mod extensions;
pub(crate) mod find;
pub(crate) mod floating_ips;
mod ipv6;
pub(crate) mod networks;
pub(crate) mod policy;
mod port_security;
pub(crate) mod ports;
mod protocols;
pub(crate) mod quotas;
pub(crate) mod resource;
pub(crate) mod router_interfaces;
pub(crate) mod routers;
pub(crate) mod security_group_rules;
pub(crate) mod security_groups;
pub(crate) mod subnet_pools;
pub(crate) mod subnets;
pub(crate) mod tags;
mod target;

use std::collections::HashMap;

use crate::behaviour::Behaviour;
use crate::document::Document;
use crate::fault::Fault;
use crate::request::RequestContext;
use crate::table::Table;
pub(crate) use extensions::loaded as has_extension;

/// Looks for the router before the body of what joins it to a network: such a body is no resource
/// that is validated first (neutron 29.0.0, `neutron.pecan_wsgi.hooks.body_validation`).
pub(crate) fn before_body(state: &State, context: &RequestContext) -> Result<(), Fault> {
    match context.operation.verb() {
        "add_router_interface" | "remove_router_interface" => {
            routers::find(state, context.id(), context).map(|_| ())
        }
        _ => Ok(()),
    }
}

/// What network can do.
pub(crate) const BEHAVIOURS: &[&[Behaviour]] = &[
    agents::BEHAVIOURS,
    extensions::BEHAVIOURS,
    floating_ips::BEHAVIOURS,
    networks::BEHAVIOURS,
    ports::BEHAVIOURS,
    quotas::BEHAVIOURS,
    router_interfaces::BEHAVIOURS,
    routers::BEHAVIOURS,
    security_group_rules::BEHAVIOURS,
    security_groups::BEHAVIOURS,
    subnet_pools::BEHAVIOURS,
    subnets::BEHAVIOURS,
    tags::BEHAVIOURS,
];

/// What network knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct State {
    pub(crate) networks: Table<Document>,
    pub(crate) subnets: Table<Document>,
    pub(crate) ports: Table<Document>,
    pub(crate) routers: Table<Document>,
    pub(crate) floating_ips: Table<Document>,
    pub(crate) security_groups: Table<Document>,
    pub(crate) security_group_rules: Table<Document>,
    pub(crate) subnet_pools: Table<Document>,
    pub(crate) agents: Table<Document>,
    pub(crate) quotas: HashMap<String, Document>,
}
