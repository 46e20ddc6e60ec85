//! `squall cloud status`: the state of a cloud.

use std::io::{self, Write};

use squall_topology::health::{self, Health, ProcessHealth, ProcessState};

use super::super::error::CliError;
use super::super::output::Output;
use super::arguments::StatusArguments;
use super::site::{home, open, wrong};
use crate::exit::Exit;

/// Shows the state of a cloud; the exit code says whether it is healthy.
pub(super) fn status(arguments: &StatusArguments) -> Result<Exit, CliError> {
    let site = open(&home()?, &arguments.cloud)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let health = runtime.block_on(health::look(&site));
    let health = health.map_err(|error| wrong(Exit::Failed, error))?;
    let mut out = io::stdout().lock();
    match arguments.format {
        Output::Text => text(&health, &mut out)?,
        Output::Json => writeln!(out, "{}", serde_json::to_string(&health)?)?,
    }
    Ok(if health.is_healthy() { Exit::Ok } else { Exit::Failed })
}

fn text(health: &Health, out: &mut impl Write) -> io::Result<()> {
    let Health { cloud, topology, release, processes, apis, agents, hosts, troubles } = health;
    writeln!(out, "cloud `{cloud}`: {topology}, release {release}\n")?;
    let width = processes.iter().map(|process| process.id.len()).max().unwrap_or_default();
    for process in processes {
        line(process, width, out)?;
    }
    let memory: u64 = processes.iter().map(|process| process.memory).sum();
    let cpu: f64 = processes.iter().map(|process| process.cpu_seconds).sum();
    writeln!(out, "{:width$}  {:24}  {:>8}  {cpu:>8.1} s\n", "", "total", mebibytes(memory))?;
    for api in apis {
        let versions = match (&api.min, &api.max) {
            (Some(min), Some(max)) => format!("{min} to {max}"),
            (None, Some(max)) => max.clone(),
            _ => String::new(),
        };
        let answers = if api.answers { "answers" } else { "SILENT" };
        writeln!(out, "{:width$}  {answers:7}  {:28}  {versions}", api.service.name(), api.url)?;
    }
    if !agents.is_empty() {
        writeln!(out)?;
    }
    for agent in agents {
        let up = if agent.up { "up" } else { "DOWN" };
        writeln!(out, "{:26}  {up:4}  {}", agent.binary, agent.host)?;
    }
    if !hosts.is_empty() {
        writeln!(out, "\nservers can be placed on {}", hosts.join(", "))?;
    }
    if !troubles.is_empty() {
        writeln!(out)?;
    }
    for trouble in troubles {
        writeln!(out, "! {trouble}")?;
    }
    Ok(())
}

fn line(process: &ProcessHealth, width: usize, out: &mut impl Write) -> io::Result<()> {
    let ProcessHealth { id, pid, processes, memory, cpu_seconds, port, .. } = process;
    let state = match (process.state, process.answers) {
        (ProcessState::Running, Some(false)) => "SILENT",
        (ProcessState::Running, _) => "running",
        (ProcessState::Died, _) => "DIED",
        (ProcessState::Stopped, _) => "stopped",
    };
    let Some(pid) = pid else { return writeln!(out, "{id:width$}  {state:7}") };
    let port = if *port == 0 { String::new() } else { format!(":{port}") };
    let several = if *processes > 1 { format!("+{}", processes - 1) } else { String::new() };
    writeln!(
        out,
        "{id:width$}  {state:7}  {pid:>8} {several:6}  {:>8}  {cpu_seconds:>8.1} s  {port}",
        mebibytes(*memory),
    )
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes / (1024 * 1024))
}
