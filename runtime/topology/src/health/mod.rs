//! How a cloud is: its processes, its APIs, and the agents and hosts that its
//! services know of. It is found by asking, and kept nowhere.

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

/// How a cloud is.
#[derive(Debug, Clone, Serialize)]
pub struct Health {
    /// Its name.
    pub cloud: String,
    /// The topology that it is made of.
    pub topology: String,
    /// The releases that it runs.
    pub release: String,
    /// Its processes, in the order in which they start.
    pub processes: Vec<ProcessHealth>,
    /// Its APIs, as clients reach them.
    pub apis: Vec<ApiHealth>,
    /// The agents and services that its services know of.
    pub agents: Vec<Agent>,
    /// The compute hosts that servers can be placed on.
    pub hosts: Vec<String>,
    /// What is not as it should be, in sentences; nothing where all is well.
    pub troubles: Vec<String>,
}

/// How a process is.
#[derive(Debug, Clone, Serialize)]
pub struct ProcessHealth {
    /// Its id.
    pub id: String,
    /// Its node.
    pub node: String,
    /// Its release; none for what Debian gives.
    pub release: Option<String>,
    /// What it is found to be.
    pub state: ProcessState,
    /// Whether it answers, for one that can be asked.
    pub answers: Option<bool>,
    /// Where it listens; 0 where it does not.
    pub port: u16,
    /// The id of the process that was started.
    pub pid: Option<u32>,
    /// How many processes it came to.
    pub processes: u32,
    /// Memory in bytes (proportional set size).
    pub memory: u64,
    /// Seconds of processor time since the start.
    pub cpu_seconds: f64,
}

/// What a process is found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProcessState {
    /// It runs.
    Running,
    /// It was not stopped, and is gone.
    Died,
    /// It was stopped, or never started.
    Stopped,
}

/// How an API is.
#[derive(Debug, Clone, Serialize)]
pub struct ApiHealth {
    /// The service.
    pub service: Service,
    /// Where clients reach it.
    pub url: String,
    /// Whether it answers.
    pub answers: bool,
    /// Its lowest microversion, where it has any.
    pub min: Option<String>,
    /// Its highest microversion, or its version.
    pub max: Option<String>,
}

/// An agent, or a service that works through the broker.
#[derive(Debug, Clone, Serialize)]
pub struct Agent {
    /// The service that knows it.
    pub service: Service,
    /// Its program.
    pub binary: String,
    /// Its host.
    pub host: String,
    /// Whether the service takes it to be up.
    pub up: bool,
    /// When it was heard of last.
    pub seen: Option<Timestamp>,
}

impl Health {
    /// Tells whether all is as it should be.
    pub fn is_healthy(&self) -> bool {
        self.troubles.is_empty()
    }

    /// Tells whether any process runs.
    pub fn runs(&self) -> bool {
        self.processes.iter().any(|process| process.state == ProcessState::Running)
    }
}

/// Looks at a cloud.
///
/// # Errors
/// The files about its processes cannot be read.
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
    /// The compute hosts that servers can be placed on.
    pub hosts: Vec<String>,
    /// Those that should be there and up, and are not, in sentences.
    pub missing: Vec<String>,
}

/// Processes that were started, and when: what speaks for them counts as up only
/// once it was heard of since. A service takes an agent to be up for a while after
/// its end.
#[derive(Debug, Clone, Copy)]
pub struct Fresh<'a> {
    /// From when on.
    pub since: Timestamp,
    /// The processes.
    pub started: &'a [String],
}

/// Asks a cloud for its agents and hosts.
///
/// # Errors
/// A sentence that says which question was not answered.
pub async fn agents(site: &Site, fresh: Option<Fresh<'_>>) -> Result<Found, String> {
    let rest = Rest::admin(site).map_err(|error| error.to_string())?;
    agents::look(site, &rest, fresh).await.map_err(|error| error.to_string())
}
