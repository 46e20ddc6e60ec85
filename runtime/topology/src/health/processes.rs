//! The processes of a cloud.

use futures_util::future::{join, join_all, try_join_all};

use super::{ProcessHealth, ProcessState};
use crate::backing::Ready;
use crate::driver::local::Local;
use crate::driver::{Driver, DriverError, State};
use crate::plan::Process;
use crate::recipe;
use crate::site::Site;

/// Returns the driver that reaches a process's node.
pub fn driver(site: &Site, _node: &str) -> Box<dyn Driver> {
    // `local` is the only driver so far.
    Box::new(Local::new(site.run()))
}

/// Checks only the processes of a cloud.
///
/// # Errors
/// Their files cannot be read.
pub async fn look(site: &Site) -> Result<Vec<ProcessHealth>, DriverError> {
    try_join_all(site.plan.processes.iter().map(|process| one(site, process))).await
}

async fn one(site: &Site, process: &Process) -> Result<ProcessHealth, DriverError> {
    let driver = driver(site, &process.node);
    let (state, answers) = join(driver.status(&process.id), answers(site, process)).await;
    let mut health = ProcessHealth {
        id: process.id.clone(),
        node: process.node.clone(),
        release: process.release.clone(),
        state: ProcessState::Stopped,
        answers,
        port: site.port(&process.id),
        pid: None,
        processes: 0,
        memory: 0,
        cpu_seconds: 0.0,
    };
    match state? {
        State::Running(usage) => {
            health.state = ProcessState::Running;
            health.pid = Some(usage.pid);
            health.processes = usage.processes;
            health.memory = usage.memory;
            health.cpu_seconds = usage.cpu.as_secs_f64();
        }
        State::Died => health.state = ProcessState::Died,
        State::Stopped => {}
    }
    Ok(health)
}

/// Whether a process answers; `None` where that cannot be checked.
async fn answers(site: &Site, process: &Process) -> Option<bool> {
    let checks = recipe::ready(site, process);
    if checks.is_empty() {
        return None;
    }
    let held = join_all(checks.iter().map(Ready::holds)).await;
    Some(held.into_iter().all(|holds| holds))
}

pub(super) fn troubles(processes: &[ProcessHealth]) -> Vec<String> {
    let trouble = |process: &ProcessHealth| match (process.state, process.answers) {
        (ProcessState::Running, Some(false)) => Some(format!("{} does not answer", process.id)),
        (ProcessState::Running, _) => None,
        (ProcessState::Died, _) => Some(format!("{} has died", process.id)),
        (ProcessState::Stopped, _) => Some(format!("{} is not running", process.id)),
    };
    processes.iter().filter_map(trouble).collect()
}
