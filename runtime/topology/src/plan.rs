//! A resolved topology: every process of a cloud, its node, its release, and the
//! processes it waits for. Ports, paths and secrets belong to one cloud and are in
//! [`Site`](crate::site::Site).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::component::{Component, Service};

/// A cloud's processes, each after those it waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The topology's name.
    pub topology: String,
    /// The nodes, in the document's order.
    pub nodes: Vec<Node>,
    /// The services, each after those it needs to start.
    pub services: Vec<ServicePlan>,
    /// The processes, each after those it waits for.
    pub processes: Vec<Process>,
    /// The load balancer, where there is one.
    pub front: Option<Front>,
    /// Options of the backing services that override ours: option → value.
    pub backing: BTreeMap<Component, BTreeMap<String, String>>,
}

/// A load balancer and its backends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Front {
    /// The program: `haproxy`.
    pub kind: String,
    /// Its process.
    pub process: String,
    /// The services behind it.
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
    /// Its name, which services show as the host name.
    pub name: String,
    /// The driver that reaches it; `local` is this machine.
    pub driver: String,
}

/// A service of the cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePlan {
    /// The service.
    pub service: Service,
    /// The release that its processes run by default.
    pub release: String,
    /// Options that override ours: file → section → option → value.
    pub config: Fragments,
    /// The services that have to answer before its processes start.
    pub needs_to_start: Vec<Service>,
    /// The services that have to answer before it can do its work.
    pub needs_to_serve: Vec<Service>,
    /// The services that have to be upgraded before it.
    pub needs_to_upgrade: Vec<Service>,
    /// Whether its API processes are behind the load balancer.
    pub fronted: bool,
}

/// Configuration that overrides ours: file → section → option → value.
pub type Fragments = BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>;

/// A process of the cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its name in the cloud, valid as a file name: `keystone-api`, numbered where there
    /// are several (`nova-api-2`); a compute service is named after its node
    /// (`nova-compute-compute1`).
    pub id: String,
    /// The kind of process.
    pub component: Component,
    /// The node it runs on.
    pub node: String,
    /// Its number among the processes of its component, from 1.
    pub number: u32,
    /// The number of worker processes it forks; 0 where it forks none.
    pub workers: u32,
    /// The release it runs; `None` for programs from Debian.
    pub release: Option<String>,
    /// The processes that have to be ready before it starts.
    pub after: Vec<String>,
}
