//! Compares the agents that the services know with those that a plan expects.

use std::collections::BTreeSet;

use futures_util::future::try_join4;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;
use squall_client::Error;

use super::{Agent, Found, Fresh};
use crate::bootstrap::Rest;
use crate::component::{Component, Service};
use crate::recipe::{BACK_ENDS, NETWORK_NODE, host};
use crate::site::Site;

/// An agent that a plan expects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// The service that should know it.
    pub service: Service,
    /// Its program.
    pub binary: String,
    /// Its host.
    pub host: String,
    /// The process that reports it.
    pub process: String,
}

/// Returns the agents that a plan expects.
pub fn expected(site: &Site) -> Vec<Expected> {
    let mut all = Vec::new();
    for process in &site.plan.processes {
        let host = host(site, process);
        let binary = process.component.name();
        let mut add = |service, binary: &str, host: String| {
            let (binary, process) = (binary.to_owned(), process.id.clone());
            all.push(Expected { service, binary, host, process });
        };
        match process.component {
            Component::NovaConductor | Component::NovaScheduler | Component::NovaCompute => {
                add(Service::Nova, binary, host);
            }
            Component::CinderScheduler | Component::CinderBackup => {
                add(Service::Cinder, binary, host);
            }
            Component::CinderVolume => {
                for back_end in BACK_ENDS {
                    add(Service::Cinder, binary, format!("{host}@{back_end}"));
                }
            }
            Component::NeutronAgents => {
                let computes = site.processes(Component::NovaCompute).map(|p| p.node.clone());
                let hosts: BTreeSet<String> = computes.chain([NETWORK_NODE.to_owned()]).collect();
                for host in hosts {
                    add(Service::Neutron, "neutron-openvswitch-agent", host);
                }
                for kind in ["dhcp", "l3", "metadata"] {
                    let binary = format!("neutron-{kind}-agent");
                    add(Service::Neutron, &binary, NETWORK_NODE.to_owned());
                }
            }
            _ => {}
        }
    }
    all
}

pub(super) async fn look(
    site: &Site,
    rest: &Rest,
    fresh: Option<Fresh<'_>>,
) -> Result<Found, Error> {
    let (nova, cinder, neutron, hosts) = try_join4(
        list(site, rest, Service::Nova, "/os-services", "services"),
        list(site, rest, Service::Cinder, "/os-services", "services"),
        list(site, rest, Service::Neutron, "/agents", "agents"),
        list(site, rest, Service::Nova, "/os-hypervisors", "hypervisors"),
    )
    .await?;
    let mut found = Found::default();
    for (service, list) in
        [(Service::Nova, nova), (Service::Cinder, cinder), (Service::Neutron, neutron)]
    {
        found.agents.extend(list.iter().map(|value| agent(service, value)));
    }
    let name = |host: &Value| host.get("hypervisor_hostname")?.as_str().map(str::to_owned);
    found.hosts = hosts.iter().filter_map(name).collect();
    found.missing = missing(site, &found, fresh);
    Ok(found)
}

async fn list(
    site: &Site,
    rest: &Rest,
    service: Service,
    path: &str,
    key: &str,
) -> Result<Vec<Value>, Error> {
    if !site.plan.services.iter().any(|plan| plan.service == service) {
        return Ok(Vec::new());
    }
    let document = rest.get(service, path).await?;
    Ok(document.get(key).and_then(Value::as_array).cloned().unwrap_or_default())
}

fn agent(service: Service, value: &Value) -> Agent {
    let text = |field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default();
    let alive = value.get("alive").and_then(Value::as_bool).unwrap_or_default();
    let seen = [text("updated_at"), text("heartbeat_timestamp")];
    Agent {
        service,
        binary: text("binary").to_owned(),
        host: text("host").to_owned(),
        up: alive || text("state") == "up",
        seen: seen.iter().find_map(|text| moment(text)),
    }
}

/// Reads a database timestamp, which is in UTC without an offset.
fn moment(text: &str) -> Option<Timestamp> {
    let civil: DateTime = text.parse().ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

fn missing(site: &Site, found: &Found, fresh: Option<Fresh<'_>>) -> Vec<String> {
    let mut sentences = Vec::new();
    for Expected { service, binary, host, process } in expected(site) {
        let alike = |agent: &&Agent| {
            agent.service == service && agent.binary == binary && agent.host == host
        };
        let known = found.agents.iter().find(alike);
        let stale = |agent: &Agent| {
            let asked = fresh.filter(|fresh| fresh.started.contains(&process));
            asked.is_some_and(|fresh| agent.seen.is_none_or(|seen| seen < fresh.since))
        };
        match known {
            Some(agent) if agent.up && !stale(agent) => {}
            Some(agent) if agent.up => sentences
                .push(format!("{binary} on {host} has not reported since {process} was started")),
            Some(_) => sentences.push(format!("{binary} on {host} is down")),
            None => sentences.push(format!("{service} does not list {binary} on {host}")),
        }
    }
    for process in site.processes(Component::NovaCompute) {
        if !found.hosts.contains(&host(site, process)) {
            sentences.push(format!(
                "{} is not mapped to a cell yet, so no server can be scheduled to it",
                process.node
            ));
        }
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_services_are_utc() {
        let nova = moment("2026-11-24T11:00:00.000000").unwrap();
        assert_eq!(nova, moment("2026-11-24 11:00:00").unwrap());
        assert_eq!(nova.to_string(), "2026-11-24T11:00:00Z");
        assert!(moment("").is_none());
    }
}
