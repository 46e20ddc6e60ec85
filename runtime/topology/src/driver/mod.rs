//! Drivers, which run processes on a node.
//!
//! A driver knows one way to reach a machine and nothing about OpenStack: it writes
//! files, runs commands, and starts, stops, signals and watches
//! processes that outlive this program. [`Local`](local::Local) is this machine.
//! One over SSH would start each process as a transient systemd unit
//! (`systemd-run --unit`), stop it by `systemctl stop` and read
//! `journalctl --unit`; one for Kubernetes would map a process to a pod of one
//! container, a file to a config map, and a signal to `exec kill`. Both keep the
//! rules of each method.

pub mod local;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;

pub use error::{DriverError, DriverErrorKind};

mod error;

/// A future of a driver.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A program with its arguments and environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The program's path on the node, or its name, looked up in `PATH`.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Variables that override the node's environment.
    pub environment: BTreeMap<String, String>,
    /// Its working directory.
    pub directory: PathBuf,
    /// The file that its output is appended to.
    pub log: PathBuf,
}

/// A process that keeps running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Daemon {
    /// Its name on the node, valid as a file name.
    pub id: String,
    /// The command it runs.
    pub command: Command,
    /// How long it may take to end after SIGTERM before it is killed.
    pub grace: Duration,
}

/// A file to put on a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path on the node.
    pub path: PathBuf,
    /// Its content.
    pub content: Vec<u8>,
    /// Its permissions, as `chmod` takes them.
    pub mode: u32,
}

/// A signal that a process can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Asks it to end.
    Terminate,
    /// Ends it at once, with every process it started.
    Kill,
    /// Makes it read its configuration again.
    Reload,
    /// Suspends it.
    Stop,
    /// Resumes it.
    Continue,
}

/// The state of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It is running.
    Running(Usage),
    /// It was started and ended without being stopped.
    Died,
    /// It was stopped, or never started.
    Stopped,
}

/// The resources used by a running process and every process it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// The id of the process that was started.
    pub pid: u32,
    /// The number of processes.
    pub processes: u32,
    /// Proportional set size, in bytes.
    pub memory: u64,
    /// Processor time since the start.
    pub cpu: Duration,
}

/// One way to reach nodes.
pub trait Driver: Send + Sync {
    /// Prepares a node: creates the folders and checks that they can be used.
    fn prepare<'a>(&'a self, folders: &'a [PathBuf]) -> Pending<'a, Result<(), DriverError>>;

    /// Writes files and returns the paths of those that changed. An unchanged file is
    /// not touched.
    fn configure<'a>(&'a self, files: &'a [File])
    -> Pending<'a, Result<Vec<PathBuf>, DriverError>>;

    /// Runs a command and waits for it. Its output goes to its log; on failure, the
    /// error has the log's last lines.
    fn run<'a>(&'a self, command: &'a Command) -> Pending<'a, Result<(), DriverError>>;

    /// Starts a process in its own session, so that it outlives this program. A process
    /// that is running already is left alone.
    fn start<'a>(&'a self, daemon: &'a Daemon) -> Pending<'a, Result<(), DriverError>>;

    /// Stops a process and every process it started, and returns when all are gone:
    /// SIGTERM first, SIGKILL after its grace.
    fn stop<'a>(&'a self, id: &'a str, grace: Duration) -> Pending<'a, Result<(), DriverError>>;

    /// Stops a process and starts it again.
    fn restart<'a>(&'a self, daemon: &'a Daemon) -> Pending<'a, Result<(), DriverError>> {
        Box::pin(async move {
            self.stop(&daemon.id, daemon.grace).await?;
            self.start(daemon).await
        })
    }

    /// Sends a signal to a process alone or, for [`Signal::Kill`], also to every process
    /// it started. It is an error if the process is not running.
    fn signal<'a>(&'a self, id: &'a str, signal: Signal) -> Pending<'a, Result<(), DriverError>>;

    /// Returns the state of a process.
    fn status<'a>(&'a self, id: &'a str) -> Pending<'a, Result<State, DriverError>>;

    /// Returns the last lines of a log.
    fn logs<'a>(
        &'a self,
        log: &'a std::path::Path,
        lines: usize,
    ) -> Pending<'a, Result<Vec<String>, DriverError>>;
}
