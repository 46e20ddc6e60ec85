//! Errors of drivers: the process or file, the reason, the end of its log, and what to
//! do.

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
    /// The process, program or file concerned.
    pub what: String,
    /// What happened.
    #[source]
    pub kind: DriverErrorKind,
    /// The log, where there is one.
    pub log: Option<PathBuf>,
    /// The log's last lines.
    pub tail: Vec<String>,
    /// What to do, where that is known.
    pub help: Option<String>,
}

/// The reasons why a step of a driver failed.
#[derive(Debug, Error)]
pub enum DriverErrorKind {
    /// A file or folder could not be read or written.
    #[error("{0}")]
    File(io::Error),
    /// A program could not be started.
    #[error("could not be started: {0}")]
    Start(io::Error),
    /// A command ended with a failure status.
    #[error("ended with {0}")]
    Failed(ExitStatus),
    /// A daemon ended right after it was started.
    #[error("ended right after it was started")]
    Died,
    /// The operation needs a running process.
    #[error("is not running")]
    NotRunning,
    /// Processes survived SIGKILL.
    #[error("did not end after SIGKILL: {}", Pids(.0))]
    Unkillable(Vec<u32>),
    /// The operating system refused.
    #[error("{0}")]
    System(io::Error),
}

impl DriverError {
    /// Creates an error without a log.
    pub fn new(what: impl Into<String>, kind: DriverErrorKind) -> Self {
        Self { what: what.into(), kind, log: None, tail: Vec::new(), help: None }
    }

    /// Creates the error of a file that could not be read or written.
    pub fn file(path: &Path, error: io::Error) -> Self {
        Self::new(path.display().to_string(), DriverErrorKind::File(error))
            .with_help("check the folder's owner and the free space")
    }

    /// Adds a log and its last lines.
    #[must_use]
    pub fn with_log(mut self, log: &Path, tail: Vec<String>) -> Self {
        self.log = Some(log.to_owned());
        self.tail = tail;
        self
    }

    /// Adds what to do.
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
            let rest = if self.tail.is_empty() { " (empty)" } else { ", which ends with:" };
            text = format!("log: {}{rest}", log.display());
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
