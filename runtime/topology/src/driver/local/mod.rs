//! The driver for this machine: each process runs in its own session and is found again
//! through a file that identifies it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::task::spawn_blocking;

use super::{Command, Daemon, Driver, DriverError, DriverErrorKind, File, Pending, Signal, State};
use end::{Handle, Victim};
use family::{Family, main_of, mark};
use lock::Lock;

mod end;
mod family;
mod files;
mod lock;
mod record;
mod start;
#[cfg(test)]
mod tests;
mod usage;

/// This machine.
///
/// - Each process leads its own session, so that it outlives this program and the
///   processes it starts can be recognised.
/// - A file in the run folder identifies it by its id *and* its start time, so that
///   another process that got the same id is never touched.
/// - Its environment has what its command sets, `PATH`, `HOME`, the user, the language
///   and the temporary folder, and nothing else from this program's.
/// - No process is ever found or signalled by its program's name.
#[derive(Debug, Clone)]
pub struct Local {
    run: PathBuf,
}

impl Local {
    /// Creates the driver; `run` is the folder of its process files.
    pub fn new(run: impl Into<PathBuf>) -> Self {
        Self { run: run.into() }
    }

    /// Returns the names of the processes that were started and not stopped, including
    /// those that died.
    pub fn known(&self) -> Result<Vec<String>, DriverError> {
        record::names(&self.run)
    }

    async fn start_locked(&self, daemon: &Daemon) -> Result<(), DriverError> {
        let mark = mark(&self.run, &daemon.id);
        let found = record::read(&self.run, &daemon.id)?;
        if found.as_ref().and_then(main_of).is_some() {
            return Ok(());
        }
        // Processes left behind by an earlier one would be in its way.
        let remains = Victim { id: &daemon.id, record: found.as_ref(), mark: &mark };
        end::end(&remains, daemon.grace).await?;
        let record = start::start(daemon, &mark)?;
        record::write(&self.run, &daemon.id, &record)
    }

    async fn stop_locked(&self, id: &str, grace: Duration) -> Result<(), DriverError> {
        let found = record::read(&self.run, id)?;
        let victim = Victim { id, record: found.as_ref(), mark: &mark(&self.run, id) };
        end::end(&victim, grace).await?;
        record::remove(&self.run, id)
    }

    async fn signal_now(&self, id: &str, signal: Signal) -> Result<(), DriverError> {
        let not_running = || DriverError::new(id, DriverErrorKind::NotRunning);
        let record = record::read(&self.run, id)?.ok_or_else(not_running)?;
        let main = main_of(&record).ok_or_else(not_running)?;
        let signal = match signal {
            Signal::Kill => {
                let mark = mark(&self.run, id);
                let victim = Victim { id, record: Some(&record), mark: &mark };
                return end::kill(&victim, BTreeSet::new()).await;
            }
            Signal::Terminate => rustix::process::Signal::TERM,
            Signal::Reload => rustix::process::Signal::HUP,
            Signal::Stop => rustix::process::Signal::STOP,
            Signal::Continue => rustix::process::Signal::CONT,
        };
        let refused = |error| DriverError::new(id, DriverErrorKind::System(error));
        let handle = Handle::open(main).map_err(refused)?.ok_or_else(not_running)?;
        handle.signal(signal).map_err(refused)
    }

    fn look(&self, id: &str) -> Result<State, DriverError> {
        let Some(record) = record::read(&self.run, id)? else {
            return Ok(State::Stopped);
        };
        let family = Family::find(Some(&record), &mark(&self.run, id), &BTreeSet::new());
        Ok(family.main.map_or(State::Died, |main| State::Running(usage::usage(main, &family))))
    }
}

impl Driver for Local {
    fn prepare<'a>(&'a self, folders: &'a [PathBuf]) -> Pending<'a, Result<(), DriverError>> {
        Box::pin(async { files::prepare(folders) })
    }

    fn configure<'a>(
        &'a self,
        files: &'a [File],
    ) -> Pending<'a, Result<Vec<PathBuf>, DriverError>> {
        Box::pin(async { files::configure(files) })
    }

    fn run<'a>(&'a self, command: &'a Command) -> Pending<'a, Result<(), DriverError>> {
        Box::pin(start::run(command))
    }

    fn start<'a>(&'a self, daemon: &'a Daemon) -> Pending<'a, Result<(), DriverError>> {
        Box::pin(async {
            let _lock = Lock::take(&self.run, &daemon.id).await?;
            self.start_locked(daemon).await
        })
    }

    fn stop<'a>(&'a self, id: &'a str, grace: Duration) -> Pending<'a, Result<(), DriverError>> {
        Box::pin(async move {
            let _lock = Lock::take(&self.run, id).await?;
            self.stop_locked(id, grace).await
        })
    }

    fn restart<'a>(&'a self, daemon: &'a Daemon) -> Pending<'a, Result<(), DriverError>> {
        Box::pin(async {
            let _lock = Lock::take(&self.run, &daemon.id).await?;
            self.stop_locked(&daemon.id, daemon.grace).await?;
            self.start_locked(daemon).await
        })
    }

    fn signal<'a>(&'a self, id: &'a str, signal: Signal) -> Pending<'a, Result<(), DriverError>> {
        Box::pin(self.signal_now(id, signal))
    }

    fn status<'a>(&'a self, id: &'a str) -> Pending<'a, Result<State, DriverError>> {
        let (local, name) = (self.clone(), id.to_owned());
        Box::pin(async move {
            // Summing the memory of many processes takes a while.
            let looked = spawn_blocking(move || local.look(&name)).await;
            looked.unwrap_or_else(|error| {
                Err(DriverError::new(id, DriverErrorKind::System(error.into())))
            })
        })
    }

    fn logs<'a>(
        &'a self,
        log: &'a Path,
        lines: usize,
    ) -> Pending<'a, Result<Vec<String>, DriverError>> {
        Box::pin(async move { files::tail(log, lines) })
    }
}
