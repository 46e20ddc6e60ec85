//! RabbitMQ and the port mapper of its own.

use super::{Folders, Ready};
use crate::driver::{Daemon, File};

/// The broker of a cloud, with Erlang's port mapper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broker {
    /// The cloud's folders.
    pub folders: Folders,
    /// The broker's name among Erlang's nodes, one a cloud: `squall-NAME`.
    pub node: String,
    /// Where clients reach it on the loopback.
    pub port: u16,
    /// Where its management tools reach it.
    pub distribution: u16,
    /// Where the port mapper listens.
    pub mapper: u16,
    /// Who clients are.
    pub user: String,
    /// Their password.
    pub password: String,
    /// What Erlang's nodes know each other by.
    pub cookie: String,
}

impl Broker {
    /// Gives its files.
    pub fn files(&self) -> Vec<File> {
        Vec::new()
    }

    /// Gives the port mapper's process.
    pub fn mapper_daemon(&self, id: &str) -> Daemon {
        super::Cache { folders: self.folders.clone(), port: self.mapper }.daemon(id)
    }

    /// Gives the broker's process; the port mapper runs before it.
    pub fn daemon(&self, id: &str) -> Daemon {
        super::Cache { folders: self.folders.clone(), port: self.port }.daemon(id)
    }

    /// Tells when the port mapper answers.
    pub fn mapper_ready(&self) -> Ready {
        Ready::Port(self.mapper)
    }

    /// Tells when the broker answers.
    pub fn ready(&self) -> Ready {
        Ready::Port(self.port)
    }

    /// Gives the URL by which services reach it (`transport_url`).
    pub fn url(&self) -> String {
        format!("rabbit://{}:{}@127.0.0.1:{}/", self.user, self.password, self.port)
    }
}
