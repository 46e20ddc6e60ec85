//! How processes are carried out on a node.
//!
//! A driver knows one way to reach a machine and nothing of OpenStack: it writes
//! files, runs commands to their end, and starts, stops, signals and watches
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

/// A program with its surroundings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The program's path on the node, or its name to be found in `PATH`.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// What is set in its environment, over the node's.
    pub environment: BTreeMap<String, String>,
    /// Where it runs.
    pub directory: PathBuf,
    /// The file that its output is added to.
    pub log: PathBuf,
}

/// A process that is to stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Daemon {
    /// Its name on the node, fit for a file name.
    pub id: String,
    /// What it runs.
    pub command: Command,
    /// How long it may take to end once asked to, before it is killed.
    pub grace: Duration,
}

/// A file to be on a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path on the node.
    pub path: PathBuf,
    /// What it holds.
    pub content: Vec<u8>,
    /// Its permissions, as `chmod` takes them.
    pub mode: u32,
}

/// A signal that a process can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Ask it to end.
    Terminate,
    /// End it at once, with all that it started.
    Kill,
    /// Read its configuration again.
    Reload,
    /// Freeze it.
    Stop,
    /// Thaw it.
    Continue,
}

/// What a process is found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It runs.
    Running(Usage),
    /// It was started, was not stopped, and is gone.
    Died,
    /// It was stopped, or never started.
    Stopped,
}

/// What a running process takes, with all that it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// The id of the process that was started.
    pub pid: u32,
    /// How many processes it came to.
    pub processes: u32,
    /// Proportional set size, in bytes.
    pub memory: u64,
    /// Processor time since the start.
    pub cpu: Duration,
}

/// One way to reach nodes.
pub trait Driver: Send + Sync {
    /// Makes a node ready: its folders exist, what was found there is usable.
    fn prepare<'a>(&'a self, folders: &'a [PathBuf]) -> Pending<'a, Result<(), DriverError>>;

    /// Puts files in place; tells which ones changed. A file that is as it should
    /// be is not touched.
    fn configure<'a>(&'a self, files: &'a [File])
    -> Pending<'a, Result<Vec<PathBuf>, DriverError>>;

    /// Runs a command to its end; its output goes to its log and, on failure, the
    /// log's last lines into the error.
    fn run<'a>(&'a self, command: &'a Command) -> Pending<'a, Result<(), DriverError>>;

    /// Starts a process in a session of its own, which outlives this program. A
    /// process that runs already is left alone.
    fn start<'a>(&'a self, daemon: &'a Daemon) -> Pending<'a, Result<(), DriverError>>;

    /// Stops a process with all that it started, and comes back when every one of
    /// them is gone: asked first, killed after its grace.
    fn stop<'a>(&'a self, id: &'a str, grace: Duration) -> Pending<'a, Result<(), DriverError>>;

    /// Stops a process and starts it again.
    fn restart<'a>(&'a self, daemon: &'a Daemon) -> Pending<'a, Result<(), DriverError>> {
        Box::pin(async move {
            self.stop(&daemon.id, daemon.grace).await?;
            self.start(daemon).await
        })
    }

    /// Sends a signal to a process alone, or, for [`Signal::Kill`], to it and all
    /// that it started. It is an error where it does not run.
    fn signal<'a>(&'a self, id: &'a str, signal: Signal) -> Pending<'a, Result<(), DriverError>>;

    /// Tells what a process is found to be.
    fn status<'a>(&'a self, id: &'a str) -> Pending<'a, Result<State, DriverError>>;

    /// Gives the last lines of a log.
    fn logs<'a>(
        &'a self,
        log: &'a std::path::Path,
        lines: usize,
    ) -> Pending<'a, Result<Vec<String>, DriverError>>;
}
