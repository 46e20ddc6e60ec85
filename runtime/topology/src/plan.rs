//! A topology resolved: every process of a cloud, its node, its release, and what
//! it waits for. No ports, no paths and no secrets: those belong to one cloud.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::component::{Component, Service};

/// A cloud's processes, each after those it waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The topology's name.
    pub topology: String,
    /// The nodes, as the document orders them.
    pub nodes: Vec<Node>,
    /// The services, each after those it needs to start.
    pub services: Vec<ServicePlan>,
    /// The processes, each after those it waits for.
    pub processes: Vec<Process>,
    /// The load balancer, where there is one.
    pub front: Option<Front>,
    /// Options set over ours in what services stand on: option → value.
    pub backing: BTreeMap<Component, BTreeMap<String, String>>,
}

/// A load balancer and what it stands before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Front {
    /// Which one: `haproxy`.
    pub kind: String,
    /// Its process.
    pub process: String,
    /// What it stands before, a service each.
    pub backends: Vec<Backend>,
}

/// A service behind a load balancer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backend {
    /// The service.
    pub service: Service,
    /// Its API processes.
    pub processes: Vec<String>,
}

/// A machine, or what stands for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Its name, which services show as the host.
    pub name: String,
    /// The driver that reaches it; `local` is this machine.
    pub driver: String,
}

/// A service of the cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePlan {
    /// Which one.
    pub service: Service,
    /// The release that its processes run unless they say otherwise.
    pub release: String,
    /// Options set over ours: file → section → option → value.
    pub config: Fragments,
    /// The services that have to answer before its processes start.
    pub needs_to_start: Vec<Service>,
    /// The services that have to answer before it can do its work.
    pub needs_to_serve: Vec<Service>,
    /// The services that have to be upgraded before it.
    pub needs_to_upgrade: Vec<Service>,
    /// Whether its API processes stand behind the load balancer.
    pub fronted: bool,
}

/// Configuration set over ours: file → section → option → value.
pub type Fragments = BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>;

/// A process of the cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its name in the cloud, fit for a file name: `keystone-api`, and with a
    /// number where there are several, `nova-api-2`; a compute service is named
    /// for its node, `nova-compute-compute1`.
    pub id: String,
    /// What it is.
    pub component: Component,
    /// Where it runs.
    pub node: String,
    /// Which of its component it is, from 1.
    pub number: u32,
    /// How many worker processes it forks, where it does.
    pub workers: u32,
    /// The release it runs; none for what Debian gives.
    pub release: Option<String>,
    /// The processes that have to be ready before it starts.
    pub after: Vec<String>,
}
