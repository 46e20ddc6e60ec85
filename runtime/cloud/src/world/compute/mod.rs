//! Compute: servers, flavors, key pairs, groups, and the one host they are on.
//!
//! No server runs: each is a record that goes through the states of a real one.

pub(crate) mod actions;
pub(crate) mod aggregates;
pub(crate) mod bootstrap;
pub(crate) mod build;
pub(crate) mod change;
pub(crate) mod collection;
pub(crate) mod consoles;
pub(crate) mod devices;
pub(crate) mod extensions;
pub(crate) mod flavor_access;
pub(crate) mod flavor_extra_specs;
pub(crate) mod flavors;
pub(crate) mod groups;
mod hints;
pub(crate) mod host;
pub(crate) mod images;
pub(crate) mod instance_actions;
pub(crate) mod interfaces;
pub(crate) mod keypairs;
pub(crate) mod metadata;
pub(crate) mod migrations;
pub(crate) mod nics;
pub(crate) mod policy;
pub(crate) mod quotas;
pub(crate) mod rebuild;
pub(crate) mod resize;
pub(crate) mod scheduler;
pub(crate) mod security_groups;
pub(crate) mod server;
pub(crate) mod servers;
mod shelving;
mod snapshot;
pub(crate) mod tags;
pub(crate) mod usage;
pub(crate) mod view;
pub(crate) mod volumes;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::behaviour::Behaviour;
use crate::document::Document;
use crate::table::Table;

/// What compute can do.
pub(crate) const BEHAVIOURS: &[&[Behaviour]] = &[
    actions::BEHAVIOURS,
    aggregates::BEHAVIOURS,
    consoles::BEHAVIOURS,
    extensions::BEHAVIOURS,
    flavor_access::BEHAVIOURS,
    flavor_extra_specs::BEHAVIOURS,
    flavors::BEHAVIOURS,
    groups::BEHAVIOURS,
    host::BEHAVIOURS,
    images::BEHAVIOURS,
    instance_actions::BEHAVIOURS,
    interfaces::BEHAVIOURS,
    keypairs::BEHAVIOURS,
    metadata::BEHAVIOURS,
    migrations::BEHAVIOURS,
    quotas::BEHAVIOURS,
    rebuild::BEHAVIOURS,
    resize::BEHAVIOURS,
    security_groups::BEHAVIOURS,
    servers::BEHAVIOURS,
    tags::BEHAVIOURS,
    usage::BEHAVIOURS,
    volumes::BEHAVIOURS,
];

/// What compute knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct State {
    pub(crate) servers: Table<server::Server>,
    /// Those that are deleted, whose actions and changes are still shown.
    pub(crate) deleted: Table<server::Server>,
    pub(crate) migrations: Vec<migrations::Migration>,
    pub(crate) flavors: Table<Flavor>,
    /// By user and name.
    pub(crate) keypairs: Table<keypairs::Keypair>,
    pub(crate) groups: Table<groups::Group>,
    pub(crate) aggregates: Table<Document>,
    pub(crate) services: Vec<host::Service>,
    pub(crate) hypervisor: String,
    pub(crate) quotas: HashMap<String, Document>,
    pub(crate) quota_class: Document,
}

/// A flavor.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Flavor {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) ram: u64,
    pub(crate) vcpus: u64,
    pub(crate) disk: u64,
    pub(crate) ephemeral: u64,
    pub(crate) swap: u64,
    pub(crate) rxtx_factor: f64,
    pub(crate) public: bool,
    pub(crate) extra_specs: BTreeMap<String, String>,
    /// The projects that may use it where it is not public.
    pub(crate) projects: BTreeSet<String>,
}
