//! What services stand on: a database, a broker with its port mapper, a cache, and
//! a load balancer before the APIs. Their files, processes and when they are ready.

use std::path::PathBuf;

pub mod balancer;
pub mod broker;
pub mod cache;
pub mod database;
mod ready;

pub use balancer::Balancer;
pub use broker::Broker;
pub use cache::Cache;
pub use database::Database;
pub use ready::Ready;

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
