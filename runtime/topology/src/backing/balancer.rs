//! HAProxy before the API processes.

use super::{Folders, Ready};
use crate::driver::{Daemon, File};

/// The load balancer of a cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balancer {
    /// The cloud's folders.
    pub folders: Folders,
    /// What it stands before.
    pub fronts: Vec<Front>,
    /// Where it shows its own figures on the loopback.
    pub figures: u16,
}

/// A service behind the load balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Front {
    /// Its name: `nova`.
    pub name: String,
    /// Where clients reach it.
    pub port: u16,
    /// The path that tells whether a process serves: `/healthcheck`.
    pub check: String,
    /// Its processes: name and port.
    pub servers: Vec<(String, u16)>,
}

impl Balancer {
    /// Gives its files.
    pub fn files(&self) -> Vec<File> {
        Vec::new()
    }

    /// Gives its process.
    pub fn daemon(&self, id: &str) -> Daemon {
        super::Cache { folders: self.folders.clone(), port: self.figures }.daemon(id)
    }

    /// Tells when every front accepts connections.
    pub fn ready(&self) -> Vec<Ready> {
        self.fronts.iter().map(|front| Ready::Port(front.port)).collect()
    }
}
