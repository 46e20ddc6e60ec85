//! The ports of a cloud's processes: one block per cloud.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};

use serde::{Deserialize, Serialize};

use crate::Plan;
use crate::component::{Component, Service};

/// The first port of the first block. Blocks end below the ephemeral ports
/// (`ip_local_port_range`, from 32768).
const FIRST: u16 = 20_000;
const LAST: u16 = 32_700;
const BLOCK: u16 = 100;

/// The ports of a cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ports {
    base: u16,
    by_name: BTreeMap<String, u16>,
}

impl Ports {
    /// Returns a port by its process's id or by `process/purpose`; 0 where there is none.
    pub fn of(&self, name: &str) -> u16 {
        self.by_name.get(name).copied().unwrap_or_default()
    }

    /// Returns every port with its name.
    pub fn all(&self) -> impl Iterator<Item = (&str, u16)> {
        self.by_name.iter().map(|(name, port)| (name.as_str(), *port))
    }

    /// Finds a block that no cloud has and in which no program listens.
    pub(super) fn free(plan: &Plan, taken: &[Self]) -> Option<Self> {
        let names = names(plan);
        let blocks = (FIRST..LAST).step_by(usize::from(BLOCK));
        let mut free = blocks
            .filter(|base| taken.iter().all(|ports| ports.base != *base))
            .filter(|base| (*base..*base + BLOCK).all(quiet));
        let base = free.next()?;
        let numbered = names.into_iter().zip(base..base + BLOCK).collect();
        Some(Self { base, by_name: numbered })
    }
}

/// Returns the name of a service's port at the load balancer.
pub(super) fn front(service: Service) -> String {
    format!("{}/{service}", Component::LoadBalancer)
}

/// Returns the names of all ports: APIs first, so that they get the block's low numbers.
fn names(plan: &Plan) -> Vec<String> {
    let mut names = Vec::new();
    let balanced = plan.processes.iter().any(|p| p.component == Component::LoadBalancer);
    if balanced {
        let fronted = plan.services.iter().filter(|service| service.fronted);
        names.extend(fronted.map(|service| front(service.service)));
    }
    let apis = plan.processes.iter().filter(|process| process.component.is_api());
    names.extend(apis.map(|process| process.id.clone()));
    for process in &plan.processes {
        match process.component {
            Component::Broker => {
                names.extend([process.id.clone(), format!("{}/distribution", process.id)]);
            }
            Component::Database
            | Component::PortMapper
            | Component::Cache
            | Component::LoadBalancer
            | Component::SwiftAccount
            | Component::SwiftContainer
            | Component::SwiftObject => names.push(process.id.clone()),
            _ => {}
        }
    }
    names
}

/// Whether a loopback port is free.
fn quiet(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}
