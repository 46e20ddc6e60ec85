//! Drains an API process at the load balancer, and puts it back into use.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::time::{Instant, sleep};

use super::Balancer;
use crate::driver::{DriverError, DriverErrorKind};

const PAUSE: Duration = Duration::from_millis(50);

impl Balancer {
    /// Stops new requests to a process and waits, at most `within`, until it has answered
    /// all others; returns whether it did. A process that no front has is idle.
    pub async fn drain(&self, server: &str, within: Duration) -> Result<bool, DriverError> {
        let Some(front) = self.front_of(server) else { return Ok(true) };
        self.order(&format!("set server {front}/{server} state drain")).await?;
        let until = Instant::now() + within;
        loop {
            let table = self.order(&format!("show servers conn {front}")).await?;
            if connections(&table, server) == 0 {
                return Ok(true);
            }
            if Instant::now() >= until {
                return Ok(false);
            }
            sleep(PAUSE).await;
        }
    }

    /// Puts a process back into use once it passes the health check.
    pub async fn undrain(&self, server: &str) -> Result<(), DriverError> {
        let Some(front) = self.front_of(server) else { return Ok(()) };
        self.order(&format!("set server {front}/{server} state ready")).await.map(|_| ())
    }

    /// Whether a process is in use.
    pub async fn uses(&self, server: &str) -> Result<bool, DriverError> {
        let table = self.order("show stat -1 4 -1").await?;
        let is_up = |line: &str| {
            let cells: Vec<&str> = line.split(',').collect();
            cells.get(1) == Some(&server) && cells.get(17).is_some_and(|s| s.starts_with("UP"))
        };
        Ok(table.lines().any(is_up))
    }

    fn front_of(&self, server: &str) -> Option<&str> {
        let has = |front: &&super::balancer::Front| front.servers.iter().any(|(n, _)| n == server);
        self.fronts.iter().find(has).map(|front| front.name.as_str())
    }

    async fn order(&self, order: &str) -> Result<String, DriverError> {
        let asked = async {
            let mut stream = UnixStream::connect(self.socket()).await?;
            stream.write_all(format!("{order}\n").as_bytes()).await?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await?;
            Ok::<String, io::Error>(answer)
        };
        asked.await.map_err(|error| {
            DriverError::new("the load balancer", DriverErrorKind::System(error))
                .with_help(format!("the command was `{order}`; check that the load balancer runs"))
        })
    }
}

/// Reads a process's number of connections from `show servers conn`. The columns are
/// named in a header line and differ between releases of HAProxy.
fn connections(table: &str, server: &str) -> u64 {
    let header = table.lines().find_map(|line| line.strip_prefix("# "));
    let column =
        header.and_then(|line| line.split_whitespace().position(|name| name == "used_cur"));
    let row = table.lines().find(|line| {
        line.split_whitespace().next().is_some_and(|name| name.ends_with(&format!("/{server}")))
    });
    let cell = column.zip(row).and_then(|(column, row)| row.split_whitespace().nth(column));
    cell.and_then(|cell| cell.parse().ok()).unwrap_or(0)
}
