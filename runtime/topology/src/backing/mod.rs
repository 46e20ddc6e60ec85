//! What services stand on: a database, a broker with its port mapper, a cache, and
//! a load balancer before the APIs. Their files, processes and when they are ready.
//!
//! Nothing here asks what a service is: that is `recipe`. All listen on the
//! loopback alone and need no rights that the user has not.

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
    /// What has to outlive a restart.
    pub state: PathBuf,
    /// Logs.
    pub logs: PathBuf,
    /// Sockets and files about processes.
    pub run: PathBuf,
}

impl Folders {
    /// A program that logs under its own name.
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
