//! The errors of bringing a cloud up: the step or process, the end of its log, and what
//! to do.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use miette::Diagnostic;
use squall_model::program;
use thiserror::Error;

use crate::debian::DebianError;
use crate::driver::DriverError;
use crate::recipe::RecipeError;
use crate::release::ReleaseError;
use crate::site::SiteError;

/// A cloud that did not come up.
#[derive(Debug, Error, Diagnostic)]
pub enum BringUpError {
    /// The cloud cannot be created or read back, or is locked.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Site(#[from] SiteError),
    /// Debian packages are missing.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Debian(#[from] DebianError),
    /// Its releases could not be installed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Release(#[from] ReleaseError),
    /// It cannot be configured.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Recipe(#[from] RecipeError),
    /// A step failed on a node.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Driver(#[from] DriverError),
    /// A process does not answer.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Silent(#[from] Box<Silent>),
    /// An API refused to create one of the initial resources.
    #[error("{what}: {why}")]
    #[diagnostic(help("see the service's log in {}", logs.display()))]
    Refused {
        /// The step that failed.
        what: String,
        /// The client's error.
        why: Box<squall_client::Error>,
        /// Where the logs are.
        logs: PathBuf,
    },
    /// Agents or hosts did not come up.
    #[error("not complete after {} s: {}", after.as_secs(), missing.join("; "))]
    #[diagnostic(help(
        "see the logs in {}; `{program} cloud status` shows the state, and `{program} cloud up` \
         continues",
        logs.display(),
        program = program::name()
    ))]
    Missing {
        /// How long it waited.
        after: Duration,
        /// What is missing, as sentences.
        missing: Vec<String>,
        /// Where the logs are.
        logs: PathBuf,
    },
}

/// A process that does not answer.
#[derive(Debug, Error)]
#[error("{} {what}", Named(process, service.as_deref()))]
pub struct Silent {
    /// The process.
    pub process: String,
    /// Its service, where it has one.
    pub service: Option<String>,
    /// What happened to it.
    pub what: String,
    /// Its log.
    pub log: PathBuf,
    /// The log's last lines.
    pub tail: Vec<String>,
    /// The cloud.
    pub cloud: String,
}

impl Diagnostic for Silent {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let log = self.log.display();
        let state = if self.tail.is_empty() { " (empty)" } else { ", which ends with:" };
        let tail = self.tail.iter().flat_map(|line| ["\n  ", line]).collect::<String>();
        Some(Box::new(format!(
            "its log is {log}{state}{tail}\nwhat came up goes on running; `{program} cloud up --name \
             {cloud}` tries again from here, `{program} cloud down --wipe --name {cloud}` begins anew",
            cloud = self.cloud,
            program = program::name(),
        )))
    }
}

struct Named<'a>(&'a str, Option<&'a str>);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(service) => write!(f, "{} of {service}", self.0),
            None => f.write_str(self.0),
        }
    }
}
