//! The backing services: a database, a broker with its port mapper, a cache, and a load
//! balancer in front of the APIs. Their files, processes and readiness checks.
//!
//! Nothing here knows about OpenStack services; see `recipe`. All listen on the
//! loopback only, and need no privileges.

use std::collections::BTreeMap;
use std::path::PathBuf;

pub mod balancer;
pub mod broker;
pub mod cache;
pub mod database;
mod ready;
mod sql;
mod weight;

pub use balancer::Balancer;
pub use broker::Broker;
pub use cache::Cache;
pub use database::Database;
pub use ready::Ready;

use crate::driver::Command;

/// The folders of a cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Configuration.
    pub etc: PathBuf,
    /// Data that survives a restart.
    pub state: PathBuf,
    /// Logs.
    pub logs: PathBuf,
    /// Sockets and process files.
    pub run: PathBuf,
}

impl Folders {
    /// A command whose log is named after it.
    fn command(&self, id: &str, program: PathBuf, arguments: &[&str]) -> Command {
        Command {
            program,
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            environment: BTreeMap::new(),
            directory: self.run.clone(),
            log: self.logs.join(format!("{id}.log")),
        }
    }
}
