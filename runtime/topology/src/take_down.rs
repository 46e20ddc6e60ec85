//! Takes a cloud down: stops its processes in the reverse of their starting order, and
//! keeps or removes what the cloud stored.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::time::Duration;

use futures_util::future::join_all;
use miette::Diagnostic;
use squall_model::program;
use thiserror::Error;

use crate::component::Component;
use crate::driver::local::Local;
use crate::driver::{Driver as _, DriverError, State};
use crate::progress::{Progress, Step};
use crate::site::{Home, Lock, Site, SiteError, SiteErrorKind};

/// How long a process may take to end after SIGTERM.
const GRACE: Duration = Duration::from_secs(10);
/// How long a process that stores data may take.
const LONG_GRACE: Duration = Duration::from_secs(30);

/// A cloud that could not be taken down.
#[derive(Debug, Error, Diagnostic)]
pub enum TakeDownError {
    /// The cloud cannot be read back or is locked.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Site(#[from] SiteError),
    /// Its processes cannot be listed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Driver(#[from] DriverError),
    /// Some processes are still running.
    #[error("cloud `{cloud}` is not down: {}", reasons(.resisted))]
    #[diagnostic(help(
        "`{} cloud status --name {cloud}` shows what still runs; try again",
        program::name()
    ))]
    Resisted {
        /// The cloud.
        cloud: String,
        /// The processes that did not end, each with its reason.
        resisted: Vec<DriverError>,
    },
}

/// Takes a cloud down and returns the names of the processes it stopped. With `wipe`,
/// its folder is removed too; releases and dumps, which clouds share, stay.
///
/// # Errors
/// A process did not end. All others are stopped, and nothing is wiped.
pub async fn take_down(
    home: &Home,
    name: &str,
    wipe: bool,
    progress: &dyn Progress,
) -> Result<Vec<String>, TakeDownError> {
    let _lock = Lock::take(home, name, "squall cloud down")?;
    let root = home.cloud(name)?;
    if !root.exists() {
        let kind = SiteErrorKind::Unknown { known: home.names() };
        return Err(SiteError::new(name, kind).into());
    }
    let local = Local::new(root.join("run"));
    // The run folder says what runs, not the plan: a cloud whose `cloud.json` is lost
    // or was written by another version of this program can be stopped as well.
    let known: BTreeSet<String> = local.known()?.into_iter().collect();
    let mut resisted = Vec::new();
    for wave in waves(home, name, &known) {
        let stops = wave.iter().map(|(id, grace)| stop(&local, id, *grace, progress));
        resisted.extend(join_all(stops).await.into_iter().filter_map(Result::err));
    }
    let ended: Vec<String> = known.into_iter().collect();
    if !resisted.is_empty() {
        return Err(TakeDownError::Resisted { cloud: name.to_owned(), resisted });
    }
    if wipe {
        let step = Step::begin(progress, &format!("remove {}", root.display()));
        match fs::remove_dir_all(&root) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(SiteError::file(name, &root, error).into());
            }
            _ => drop(step.done()),
        }
    }
    Ok(ended)
}

/// The groups of processes that may end together: the services, then the backing
/// services, then the port mapper, with which the broker is registered.
fn waves(home: &Home, name: &str, known: &BTreeSet<String>) -> Vec<Vec<(String, Duration)>> {
    let mut waves = [const { Vec::new() }; 3];
    let site = Site::open(home, name).ok().flatten();
    let component = |id: &str| {
        let processes = site.iter().flat_map(|site| &site.plan.processes);
        processes.into_iter().find(|process| process.id == id).map(|process| process.component)
    };
    for id in known {
        let (wave, grace) = match component(id) {
            Some(Component::Database | Component::Broker) | None => (1, LONG_GRACE),
            Some(Component::Cache | Component::LoadBalancer) => (1, GRACE),
            Some(Component::PortMapper) => (2, GRACE),
            Some(_) => (0, GRACE),
        };
        if let Some(wave) = waves.get_mut(wave) {
            wave.push((id.clone(), grace));
        }
    }
    waves.into()
}

async fn stop(
    local: &Local,
    id: &str,
    grace: Duration,
    progress: &dyn Progress,
) -> Result<(), DriverError> {
    let step = Step::begin(progress, &format!("stop {id}"));
    local.stop(id, grace).await?;
    // The driver reported that it is gone. It is checked once more, as a successor
    // may be started in its place.
    if let State::Running(usage) = local.status(id).await? {
        let kind = crate::driver::DriverErrorKind::Unkillable(vec![usage.pid]);
        return Err(DriverError::new(id, kind));
    }
    step.done();
    Ok(())
}

fn reasons(resisted: &[DriverError]) -> String {
    resisted.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
