//! The cloud as an HTTP server on loopback.
//!
//! Nothing that a client sends, or fails to send, takes more than a bounded share of the
//! process: see [`connection`](crate::connection) for time and number of connections, and
//! [`body`](crate::body) for sizes.

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::cloud::Cloud;
use crate::clouds_yaml;
use crate::connection;
use crate::limits::Limits;

/// Starts serving a cloud; port 0 lets the system choose one.
///
/// # Errors
/// An address that is not loopback: the cloud is for tests, its state is the caller's, and
/// no other machine should reach it. Or one that cannot be bound.
pub async fn serve(cloud: Cloud, addr: SocketAddr) -> Result<Running, ServeError> {
    serve_within(cloud, addr, Limits::default()).await
}

async fn serve_within(
    cloud: Cloud,
    addr: SocketAddr,
    limits: Limits,
) -> Result<Running, ServeError> {
    if !addr.ip().is_loopback() {
        return Err(ServeError::NotLoopback(addr));
    }
    let bind = |source| ServeError::Bind { addr, source };
    let listener = TcpListener::bind(addr).await.map_err(bind)?;
    let addr = listener.local_addr().map_err(bind)?;
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(connection::accept(listener, cloud.clone(), limits, stopped));
    Ok(Running { addr, cloud, stop, task })
}

/// The reasons why a cloud cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address can be reached from elsewhere.
    #[error("the embedded cloud listens on loopback only, and {0} is not: use 127.0.0.1 or ::1")]
    NotLoopback(SocketAddr),
    /// The address cannot be bound.
    #[error("cannot listen on {addr}: {source}")]
    Bind {
        /// The address asked for.
        addr: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
}

/// A cloud that is being served; dropping it stops the server.
#[derive(Debug)]
pub struct Running {
    addr: SocketAddr,
    cloud: Cloud,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// Returns the address it listens on.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Returns the auth URL.
    pub fn auth_url(&self) -> String {
        clouds_yaml::auth_url(self.addr)
    }

    /// Returns the cloud that is served.
    pub fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    /// Returns a `clouds.yaml` with one entry of this name, for the administrator of this
    /// cloud. It contains the password in clear text, as such files do.
    pub fn clouds_yaml(&self, name: &str) -> String {
        self.cloud.admin().clouds_yaml(name, self.addr)
    }

    /// Stops accepting requests and waits for those in progress.
    ///
    /// # Errors
    /// The server panicked.
    pub async fn shutdown(self) -> io::Result<()> {
        // An error means that the server has ended already.
        let _ = self.stop.send(true);
        self.task.await.map_err(io::Error::other)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use tokio::time::timeout;

    use super::*;
    use crate::cloud::Options;

    async fn served(limits: Limits) -> Running {
        let cloud = Cloud::new(Options::default());
        serve_within(cloud, ([127, 0, 0, 1], 0).into(), limits).await.unwrap()
    }

    /// Sends bytes as they are and returns what comes back until the server closes.
    async fn raw(running: &Running, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(running.addr()).await.unwrap();
        // The server may close before it has read everything.
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        // A server that neither answers nor closes is a failure, and not a test without end.
        let end = timeout(Duration::from_secs(60), stream.read_to_end(&mut answer)).await;
        let _ = end.expect("the server ends the connection");
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn an_address_that_others_can_reach_is_refused() {
        let cloud = Cloud::new(Options::default());
        let error = serve(cloud, ([0, 0, 0, 0], 0).into()).await.unwrap_err();
        assert!(error.to_string().contains("loopback only"), "{error}");
    }

    #[tokio::test]
    async fn a_served_cloud_stops_when_asked_to() {
        let running = served(Limits::default()).await;
        assert_ne!(running.addr().port(), 0);
        running.shutdown().await.unwrap();
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_refused_before_it_is_read_or_its_sender_known() {
        let running = served(Limits { discard: Duration::ZERO, ..Limits::default() }).await;
        // Not one byte of the 500 MB is sent, so only the header can be what is refused.
        for (path, shape) in [
            ("/compute/v2.1/servers", r#"{"overLimit":{"code":413,"#),
            ("/volume/v3/volumes", r#"{"overLimit":{"code":413,"#),
            ("/identity/v3/auth/tokens", r#"{"error":{"code":413,"#),
            ("/networking/v2.0/ports", r#"{"NeutronError":"#),
            ("/v1/AUTH_x/c/o", "<html><h1>"),
            ("/nothing", r#"{"error":{"code":413,"#),
        ] {
            let request = format!(
                "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 500000000\r\n\r\n"
            );
            let answer = raw(&running, request.as_bytes()).await;
            assert!(answer.starts_with("HTTP/1.1 413 "), "{path}: {answer}");
            assert!(answer.contains(shape), "{path}: {answer}");
        }
        running.shutdown().await.unwrap();
    }

    #[tokio::test]
    async fn a_body_in_chunks_is_refused_where_it_passes_the_limit() {
        let running = served(Limits { discard: Duration::ZERO, ..Limits::default() }).await;
        let chunk = "10000\r\n".to_owned() + &"x".repeat(0x10000) + "\r\n";
        let head = "POST /compute/v2.1/servers HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";
        let answer = raw(&running, (head.to_owned() + &chunk.repeat(2)).as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        running.shutdown().await.unwrap();
    }

    #[tokio::test]
    async fn a_head_that_never_ends_is_cut_off() {
        let running = served(Limits::default()).await;
        let endless = "GET / HTTP/1.1\r\n".to_owned() + &"x-more: y\r\n".repeat(100_000);
        let answer = raw(&running, endless.as_bytes()).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
        running.shutdown().await.unwrap();
    }

    #[tokio::test]
    async fn a_head_that_drips_ends_its_connection() {
        // No time at all, so that the test need not wait for any.
        let running = served(Limits { head: Duration::ZERO, ..Limits::default() }).await;
        assert_eq!(raw(&running, b"GET / HT").await, "");
        running.shutdown().await.unwrap();
    }

    #[tokio::test]
    async fn a_body_that_drips_is_a_408() {
        let running = served(Limits { body: Duration::ZERO, ..Limits::default() }).await;
        let answer = raw(
            &running,
            b"POST /compute/v2.1/servers HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 9\r\n\r\n{",
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        running.shutdown().await.unwrap();
    }

    #[tokio::test]
    async fn idle_connections_make_room_for_others() {
        let limits = Limits { connections: 2, idle_when_full: Duration::ZERO, ..Limits::default() };
        let running = served(limits).await;
        let idle = [
            TcpStream::connect(running.addr()).await.unwrap(),
            TcpStream::connect(running.addr()).await.unwrap(),
        ];
        let request = b"GET /identity/v3 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        let answer = raw(&running, request).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        drop(idle);
        running.shutdown().await.unwrap();
    }

    #[tokio::test]
    async fn several_requests_go_over_one_connection() {
        let running = served(Limits::default()).await;
        let one = "GET /identity/v3 HTTP/1.1\r\nhost: x\r\n\r\n";
        let last = "GET /identity/v3 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        let answer = raw(&running, (one.repeat(2) + last).as_bytes()).await;
        assert_eq!(answer.matches("HTTP/1.1 200 ").count(), 3, "{answer}");
        running.shutdown().await.unwrap();
    }
}
