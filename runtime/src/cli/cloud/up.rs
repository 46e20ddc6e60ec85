//! `squall cloud up`: brings up a real cloud on this machine.

use std::io::{self, Write as _};

use squall_topology::bring_up::{BringUpError, Up, bring_up};
use squall_topology::component::Service;
use squall_topology::site::{Home, Site};
use squall_topology::{Plan, clouds_yaml, health};

use super::super::error::CliError;
use super::arguments::UpArguments;
use super::progress::{Shown, seconds};
use super::site::{DEFAULT, home, wrong};
use crate::exit::Exit;
use crate::program;

/// Brings up a cloud, or whatever part of it is down.
pub(super) fn up(arguments: &UpArguments) -> Result<Exit, CliError> {
    let home = home()?;
    let (name, plan) = wanted(&home, arguments)?;
    let shown = Shown::new();
    let runtime = tokio::runtime::Runtime::new()?;
    let outcome = runtime.block_on(async {
        tokio::select! {
            outcome = bring_up(&home, &name, plan, &shown) => Some(outcome),
            _ = tokio::signal::ctrl_c() => None,
        }
    });
    match outcome {
        Some(Ok(up)) => {
            summary(&up)?;
            Ok(Exit::Ok)
        }
        Some(Err(BringUpError::Site(error))) => Err(wrong(Exit::BadInput, error)),
        Some(Err(error)) => Err(wrong(Exit::Failed, error)),
        None => {
            interrupted(&runtime, &home, &name)?;
            Ok(Exit::Interrupted)
        }
    }
}

/// Returns the cloud's name and its plan.
fn wanted(home: &Home, arguments: &UpArguments) -> Result<(String, Plan), CliError> {
    let UpArguments { topology, release, name } = arguments;
    // An existing cloud keeps its plan unless the arguments name another.
    if topology.is_none() && release.is_none() {
        let name = name.as_deref().unwrap_or(DEFAULT);
        let kept = Site::open(home, name).map_err(|error| wrong(Exit::BadInput, error))?;
        if let Some(site) = kept {
            return Ok((site.name, site.plan));
        }
    }
    let topology = topology.as_deref().unwrap_or(DEFAULT);
    let document =
        squall_topology::topology(topology).map_err(|error| wrong(Exit::BadInput, error))?;
    let plan =
        document.resolve(release.as_deref()).map_err(|error| wrong(Exit::BadInput, error))?;
    let name = name.clone().unwrap_or_else(|| plan.topology.clone());
    Ok((name, plan))
}

fn summary(up: &Up) -> io::Result<()> {
    let Up { site, stages, total, started } = up;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "cloud `{}` is up: {}, release {}",
        site.name,
        site.plan.topology,
        site.release()
    )?;
    for (stage, took) in stages {
        writeln!(out, "{:>9}  {stage}", seconds(*took))?;
    }
    let all = site.plan.processes.len();
    writeln!(out, "{:>9}  total; {} of {all} processes started", seconds(*total), started.len())?;
    writeln!(out)?;
    for plan in &site.plan.services {
        let (service, port) = (plan.service, site.endpoint(plan.service));
        let path = if service == Service::Keystone { "/v3" } else { "" };
        writeln!(out, "{:>11}  http://127.0.0.1:{port}{path}", service.name())?;
    }
    let [admin, system, demo] = clouds_yaml::names(site);
    let name = &site.name;
    writeln!(
        out,
        "\nclouds.yaml  {}\n             as {admin}, {system} and {demo}\n\n\
         {program} run --cloud {admin}\n\
         {program} cloud status --name {name}\n\
         eval \"$({program} cloud env --name {name})\"",
        site.clouds_yaml().display(),
        program = program::name(),
    )
}

/// Reports what is running after an interrupt.
fn interrupted(runtime: &tokio::runtime::Runtime, home: &Home, name: &str) -> Result<(), CliError> {
    let site = Site::open(home, name).map_err(|error| wrong(Exit::BadInput, error))?;
    let mut err = io::stderr().lock();
    let Some(site) = site else {
        writeln!(err, "interrupted: no process of cloud `{name}` is running yet")?;
        return Ok(());
    };
    let processes =
        runtime.block_on(health::processes(&site)).map_err(|error| wrong(Exit::Failed, error))?;
    let running = processes.iter().filter(|process| process.pid.is_some()).count();
    writeln!(
        err,
        "interrupted: {running} of {} processes of cloud `{name}` are running; \
         `{program} cloud up --name {name}` continues, `{program} cloud down --name {name}` stops \
         them",
        processes.len(),
        program = program::name(),
    )?;
    Ok(())
}
