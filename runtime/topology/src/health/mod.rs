//! The health of a cloud: its processes, its APIs, and the agents and hosts that its
//! services list. It is read from the cloud each time and not stored.

mod agents;
mod apis;
mod processes;

use jiff::Timestamp;
use serde::Serialize;

use crate::bootstrap::Rest;
use crate::component::Service;
use crate::driver::DriverError;
use crate::site::Site;

pub use agents::{Expected, expected};
pub use processes::{driver, look as processes};

/// The health of a cloud.
#[derive(Debug, Clone, Serialize)]
pub struct Health {
    /// Its name.
    pub cloud: String,
    /// Its topology.
    pub topology: String,
    /// Its releases.
    pub release: String,
    /// Its processes, in starting order.
    pub processes: Vec<ProcessHealth>,
    /// Its APIs, as clients reach them.
    pub apis: Vec<ApiHealth>,
    /// The agents and services that its services list.
    pub agents: Vec<Agent>,
    /// The compute hosts that servers can be scheduled to.
    pub hosts: Vec<String>,
    /// The problems, as sentences; empty for a healthy cloud.
    pub troubles: Vec<String>,
}

/// The health of a process.
#[derive(Debug, Clone, Serialize)]
pub struct ProcessHealth {
    /// Its id.
    pub id: String,
    /// Its node.
    pub node: String,
    /// Its release; `None` for programs from Debian.
    pub release: Option<String>,
    /// Its state.
    pub state: ProcessState,
    /// Whether it answers, where that can be checked.
    pub answers: Option<bool>,
    /// Its port; 0 where it does not listen.
    pub port: u16,
    /// The id of the process that was started.
    pub pid: Option<u32>,
    /// The number of processes.
    pub processes: u32,
    /// Memory in bytes (proportional set size).
    pub memory: u64,
    /// Seconds of processor time since the start.
    pub cpu_seconds: f64,
}

/// The state of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProcessState {
    /// It is running.
    Running,
    /// It ended without being stopped.
    Died,
    /// It was stopped, or never started.
    Stopped,
}

/// The health of an API.
#[derive(Debug, Clone, Serialize)]
pub struct ApiHealth {
    /// The service.
    pub service: Service,
    /// Its URL.
    pub url: String,
    /// Whether it answers.
    pub answers: bool,
    /// Its lowest microversion, where it has any.
    pub min: Option<String>,
    /// Its highest microversion, or its version.
    pub max: Option<String>,
}

/// An agent, or a service that works only through the broker.
#[derive(Debug, Clone, Serialize)]
pub struct Agent {
    /// The service that lists it.
    pub service: Service,
    /// Its program.
    pub binary: String,
    /// Its host.
    pub host: String,
    /// Whether the service considers it up.
    pub up: bool,
    /// The time of its last report.
    pub seen: Option<Timestamp>,
}

impl Health {
    /// Whether the cloud is healthy.
    pub fn is_healthy(&self) -> bool {
        self.troubles.is_empty()
    }

    /// Whether any process runs.
    pub fn runs(&self) -> bool {
        self.processes.iter().any(|process| process.state == ProcessState::Running)
    }
}

/// Checks a cloud.
///
/// # Errors
/// The files of its processes cannot be read.
pub async fn look(site: &Site) -> Result<Health, DriverError> {
    let processes = processes::look(site).await?;
    let mut health = Health {
        cloud: site.name.clone(),
        topology: site.plan.topology.clone(),
        release: site.release(),
        troubles: processes::troubles(&processes),
        processes,
        apis: Vec::new(),
        agents: Vec::new(),
        hosts: Vec::new(),
    };
    if !health.runs() {
        return Ok(health);
    }
    health.apis = apis::look(site).await;
    let silent = health.apis.iter().filter(|api| !api.answers);
    health
        .troubles
        .extend(silent.map(|api| format!("{} does not answer at {}", api.service, api.url)));
    match agents(site, None).await {
        Ok(found) => {
            health.troubles.extend(found.missing);
            (health.agents, health.hosts) = (found.agents, found.hosts);
        }
        Err(why) => health.troubles.push(why),
    }
    Ok(health)
}

/// The agents and hosts of a cloud.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The agents.
    pub agents: Vec<Agent>,
    /// The compute hosts that servers can be scheduled to.
    pub hosts: Vec<String>,
    /// Those that are expected but missing or down, as sentences.
    pub missing: Vec<String>,
}

/// Processes that were started, and when. Their agents count as up only after a report
/// since then, because services consider an agent up for a while after it ended.
#[derive(Debug, Clone, Copy)]
pub struct Fresh<'a> {
    /// The time of the start.
    pub since: Timestamp,
    /// The processes.
    pub started: &'a [String],
}

/// Reads a cloud's agents and hosts.
///
/// # Errors
/// A sentence that says which request failed.
pub async fn agents(site: &Site, fresh: Option<Fresh<'_>>) -> Result<Found, String> {
    let rest = Rest::admin(site).map_err(|error| error.to_string())?;
    agents::look(site, &rest, fresh).await.map_err(|error| error.to_string())
}
