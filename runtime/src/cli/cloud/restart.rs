//! `squall cloud restart`: restarts processes.

use squall_topology::bring_up::{install, restart as restart_one};
use squall_topology::progress::Step;
use squall_topology::recipe::Setting;
use squall_topology::site::Lock;

use super::super::error::CliError;
use super::arguments::RestartArguments;
use super::progress::Shown;
use super::site::{home, open, processes, wrong};
use crate::exit::Exit;

/// Restarts a service or a process, and waits until it answers.
pub(super) fn restart(arguments: &RestartArguments) -> Result<Exit, CliError> {
    let home = home()?;
    let site = open(&home, &arguments.cloud)?;
    let chosen = processes(&site, &arguments.of)?;
    let lock = Lock::take(&home, &site.name, "squall cloud restart");
    let _lock = lock.map_err(|error| wrong(Exit::BadInput, error))?;
    let shown = Shown::new();
    let runtime = tokio::runtime::Runtime::new()?;
    let outcome = runtime.block_on(async {
        let environments = install(&site, &shown).await?;
        let setting = Setting { site: &site, environments: &environments };
        for process in chosen {
            let step = Step::begin(&shown, &format!("restart {}", process.id));
            restart_one(setting, process).await?;
            step.done();
        }
        Ok::<(), squall_topology::bring_up::BringUpError>(())
    });
    outcome.map_err(|error| wrong(Exit::Failed, error))?;
    Ok(Exit::Ok)
}
