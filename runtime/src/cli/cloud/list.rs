//! `squall cloud list`: the clouds on this machine.

use std::io::{self, Write as _};
use std::path::PathBuf;

use serde::Serialize;
use squall_topology::component::Service;
use squall_topology::health;
use squall_topology::site::Site;

use super::super::error::CliError;
use super::super::output::{Output, json_lines};
use super::arguments::ListArguments;
use super::site::{home, wrong};
use crate::exit::Exit;
use crate::program;

/// A cloud of this machine.
#[derive(Serialize)]
struct Listed {
    name: String,
    topology: String,
    release: String,
    running: usize,
    processes: usize,
    auth_url: String,
    folder: PathBuf,
}

/// Lists the clouds and how many of their processes run.
pub(super) fn list(arguments: &ListArguments) -> Result<Exit, CliError> {
    let home = home()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let mut all = Vec::new();
    for name in home.names() {
        let site = Site::open(&home, &name).map_err(|error| wrong(Exit::BadInput, error))?;
        let Some(site) = site else { continue };
        let states = runtime.block_on(health::processes(&site));
        let states = states.map_err(|error| wrong(Exit::Failed, error))?;
        all.push(Listed {
            name,
            topology: site.plan.topology.clone(),
            release: site.release(),
            running: states.iter().filter(|process| process.pid.is_some()).count(),
            processes: states.len(),
            auth_url: format!("http://127.0.0.1:{}/v3", site.endpoint(Service::Keystone)),
            folder: site.root,
        });
    }
    let mut out = io::stdout().lock();
    match arguments.format {
        Output::Json => json_lines(all.iter(), &mut out)?,
        Output::Text if all.is_empty() => {
            writeln!(out, "no cloud on this machine; `{} cloud up` creates one", program::name())?;
        }
        Output::Text => {
            let width = all.iter().map(|cloud| cloud.name.len()).max().unwrap_or_default();
            for cloud in &all {
                let Listed { name, topology, release, running, processes, auth_url, .. } = cloud;
                let state = match *running {
                    0 => "down".to_owned(),
                    some if some == *processes => "up".to_owned(),
                    some => format!("{some} of {processes} processes"),
                };
                writeln!(out, "{name:width$}  {state:16}  {topology} {release}  {auth_url}")?;
            }
        }
    }
    Ok(Exit::Ok)
}
