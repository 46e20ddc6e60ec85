//! When a process answers.

use std::path::PathBuf;
use std::time::Duration;

/// How to tell that a process answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ready {
    /// A port of the loopback accepts connections.
    Port(u16),
    /// A URL answers with one of these statuses.
    Http(String, Vec<u16>),
    /// A database server answers a query on its socket.
    Database(PathBuf),
}

impl Ready {
    /// Asks once.
    pub async fn holds(&self) -> bool {
        false
    }

    /// Asks until it holds; tells whether it came to that in time.
    pub async fn wait(&self, within: Duration) -> bool {
        let _ = within;
        self.holds().await
    }
}
