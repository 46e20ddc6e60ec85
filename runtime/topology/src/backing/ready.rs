//! Checks whether a process answers.

use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::sql;

/// How long one request may take: services load at their first request.
const ANSWER: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(100);

/// A check whether a process answers.
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
    /// Checks once.
    pub async fn holds(&self) -> bool {
        timeout(ANSWER, self.ask()).await.is_ok_and(|answer| answer)
    }

    /// Checks until it holds, and returns whether it did in time.
    pub async fn wait(&self, within: Duration) -> bool {
        let until = Instant::now() + within;
        while !self.holds().await {
            if Instant::now() >= until {
                return false;
            }
            sleep(PAUSE).await;
        }
        true
    }

    async fn ask(&self) -> bool {
        match self {
            Self::Port(port) => TcpStream::connect((Ipv4Addr::LOCALHOST, *port)).await.is_ok(),
            Self::Http(url, statuses) => {
                status(url).await.is_ok_and(|status| statuses.contains(&status))
            }
            Self::Database(socket) => answers(socket).await,
        }
    }
}

/// A socket file may be left over from an earlier server, so only a query proves it.
async fn answers(socket: &Path) -> bool {
    sql::query(socket, "SELECT 1").await.is_ok()
}

/// Requests a URL on the loopback and returns only the status.
async fn status(url: &str) -> io::Result<u16> {
    let wrong = || io::Error::from(io::ErrorKind::InvalidInput);
    let rest = url.strip_prefix("http://").ok_or_else(wrong)?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(authority).await?;
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut line = Vec::new();
    while !line.contains(&b'\n') && stream.read_buf(&mut line).await? > 0 {}
    let line = String::from_utf8_lossy(&line);
    line.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    async fn answering(answer: &'static str) -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut asked = Vec::new();
                let _ = stream.read_buf(&mut asked).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        port
    }

    #[tokio::test]
    async fn a_url_is_ready_with_one_of_its_statuses() {
        let port = answering("HTTP/1.1 300 Multiple Choices\r\n\r\n").await;
        let url = format!("http://127.0.0.1:{port}/");
        assert!(Ready::Http(url.clone(), vec![200, 300]).holds().await);
        assert!(!Ready::Http(url, vec![200]).holds().await);
        assert!(Ready::Port(port).wait(Duration::ZERO).await);
    }

    #[tokio::test]
    async fn what_does_not_listen_is_not_ready() {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr();
        let port = port.unwrap().port();
        assert!(!Ready::Port(port).wait(Duration::ZERO).await);
        assert!(!Ready::Http(format!("http://127.0.0.1:{port}/"), vec![200]).holds().await);
    }
}
