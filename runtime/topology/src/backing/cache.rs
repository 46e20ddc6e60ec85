//! memcached.

use std::time::Duration;

use super::{Folders, Ready};
use crate::debian;
use crate::driver::Daemon;

/// The cache of a cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    /// The cloud's folders.
    pub folders: Folders,
    /// Its loopback port.
    pub port: u16,
}

impl Cache {
    /// Returns its process.
    pub fn daemon(&self, id: &str) -> Daemon {
        let port = self.port.to_string();
        let mut arguments =
            vec!["-l", "127.0.0.1", "-p", port.as_str(), "-U", "0", "-m", "64", "-c", "2048"];
        if rustix::process::geteuid().is_root() {
            // It refuses to run as root without `-u`.
            arguments.extend(["-u", "root"]);
        }
        let command = self.folders.command(id, debian::program("memcached"), &arguments);
        Daemon { id: id.to_owned(), command, grace: Duration::from_secs(5) }
    }

    /// Returns the check that holds once it answers.
    pub fn ready(&self) -> Ready {
        Ready::Port(self.port)
    }
}
