//! What a driver could not do: to which process or file, why, what its log said
//! last, and what to try.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use miette::Diagnostic;
use thiserror::Error;

/// A step of a driver that failed.
#[derive(Debug, Error)]
#[error("{what}: {kind}")]
pub struct DriverError {
    /// The process, program or file that it happened to.
    pub what: String,
    /// What happened.
    #[source]
    pub kind: DriverErrorKind,
    /// The log to read on in, where there is one.
    pub log: Option<PathBuf>,
    /// The log's last lines.
    pub tail: Vec<String>,
    /// What to try, where that is known.
    pub help: Option<String>,
}

/// What happened to a step of a driver.
#[derive(Debug, Error)]
pub enum DriverErrorKind {
    /// A file or folder could not be read or written.
    #[error("{0}")]
    File(io::Error),
    /// A program could not be started at all.
    #[error("could not be started: {0}")]
    Start(io::Error),
    /// A command came to its end and said that it failed.
    #[error("ended with {0}")]
    Failed(ExitStatus),
    /// A process that should have stayed is gone.
    #[error("ended though it should have stayed")]
    Died,
    /// A process is asked for something that only a running one can do.
    #[error("does not run")]
    NotRunning,
    /// Processes are still there though they were killed.
    #[error("does not end, though it was killed: {}", Pids(.0))]
    Unkillable(Vec<u32>),
    /// The operating system refused.
    #[error("{0}")]
    System(io::Error),
}

impl DriverError {
    /// A failure without a log.
    pub fn new(what: impl Into<String>, kind: DriverErrorKind) -> Self {
        Self { what: what.into(), kind, log: None, tail: Vec::new(), help: None }
    }

    /// A file that could not be read or written.
    pub fn file(path: &Path, error: io::Error) -> Self {
        Self::new(path.display().to_string(), DriverErrorKind::File(error))
            .with_help("look at the folder's owner and the space that is left")
    }

    /// Adds a log and its last lines.
    #[must_use]
    pub fn with_log(mut self, log: &Path, tail: Vec<String>) -> Self {
        self.log = Some(log.to_owned());
        self.tail = tail;
        self
    }

    /// Adds what to try.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl Diagnostic for DriverError {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let mut text = String::new();
        if let Some(log) = &self.log {
            let rest = if self.tail.is_empty() { ", and empty" } else { "; it ends:" };
            text = format!("its log is {}{rest}", log.display());
            for line in &self.tail {
                text.push_str("\n  ");
                text.push_str(line);
            }
        }
        if let Some(help) = &self.help {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(help);
        }
        (!text.is_empty()).then(|| Box::new(text) as Box<dyn fmt::Display>)
    }
}

struct Pids<'a>(&'a [u32]);

impl fmt::Display for Pids<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pids: Vec<String> = self.0.iter().map(u32::to_string).collect();
        f.write_str(&pids.join(", "))
    }
}
