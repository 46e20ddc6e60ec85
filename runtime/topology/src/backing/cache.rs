//! memcached.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Folders, Ready};
use crate::driver::{Command, Daemon};

/// The cache of a cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    /// The cloud's folders.
    pub folders: Folders,
    /// Where it listens on the loopback.
    pub port: u16,
}

impl Cache {
    /// Gives its process.
    pub fn daemon(&self, id: &str) -> Daemon {
        Daemon {
            id: id.to_owned(),
            command: Command {
                program: "memcached".into(),
                arguments: Vec::new(),
                environment: BTreeMap::new(),
                directory: self.folders.run.clone(),
                log: self.folders.logs.join(format!("{id}.log")),
            },
            grace: Duration::from_secs(5),
        }
    }

    /// Tells when it answers.
    pub fn ready(&self) -> Ready {
        Ready::Port(self.port)
    }
}
