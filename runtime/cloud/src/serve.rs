//! The cloud as an HTTP server on loopback.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http_body_util::BodyExt as _;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::cloud::Cloud;
use crate::clouds_yaml;

/// Starts serving a cloud; port 0 lets the system choose one.
///
/// # Errors
/// An address that is not loopback: the cloud is for tests, its state is the
/// caller's, and nobody else on the network should reach it. Or one that
/// cannot be bound.
pub async fn serve(cloud: Cloud, addr: SocketAddr) -> Result<Running, ServeError> {
    if !addr.ip().is_loopback() {
        return Err(ServeError::NotLoopback(addr));
    }
    let bind = |source| ServeError::Bind { addr, source };
    let listener = TcpListener::bind(addr).await.map_err(bind)?;
    let addr = listener.local_addr().map_err(bind)?;
    let (stop, stopped) = oneshot::channel::<()>();
    let router = Router::new().fallback(answer).with_state(cloud.clone());
    let task = tokio::spawn(async move {
        let served = axum::serve(listener, router).with_graceful_shutdown(async {
            // An error means that the handle is gone, which also ends it.
            let _ = stopped.await;
        });
        served.await
    });
    Ok(Running { addr, cloud, stop: Some(stop), task })
}

/// Why a cloud is not served.
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
        /// What the system says.
        source: io::Error,
    },
}

/// A cloud that is being served; dropping it stops the server.
#[derive(Debug)]
pub struct Running {
    addr: SocketAddr,
    cloud: Cloud,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<io::Result<()>>,
}

impl Running {
    /// Gives the address it listens on.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Gives the URL to authenticate at.
    pub fn auth_url(&self) -> String {
        clouds_yaml::auth_url(self.addr)
    }

    /// Gives the cloud that is served.
    pub fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    /// Writes a `clouds.yaml` with one cloud of this name: the administrator of
    /// this one. It holds the password in clear, as such files do.
    pub fn clouds_yaml(&self, name: &str) -> String {
        clouds_yaml::write(name, self.addr, self.cloud.admin())
    }

    /// Stops taking requests and waits for those under way.
    ///
    /// # Errors
    /// What the listener ended with.
    pub async fn shutdown(mut self) -> io::Result<()> {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        self.task.await.unwrap_or_else(|error| Err(io::Error::other(error)))
    }
}

/// Reads a request whole, answers it, and hands the answer over.
async fn answer(State(cloud): State<Cloud>, request: axum::extract::Request) -> Response {
    let (parts, body) = request.into_parts();
    match body.collect().await {
        Ok(body) => {
            let request = http::Request::from_parts(parts, body.to_bytes());
            cloud.answer(request).map(Body::from)
        }
        Err(error) => {
            let mut response = Response::new(Body::from(format!("cannot read the body: {error}")));
            *response.status_mut() = http::StatusCode::BAD_REQUEST;
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::Options;

    #[tokio::test]
    async fn an_address_that_others_can_reach_is_refused() {
        let cloud = Cloud::new(Options::default());
        let error = serve(cloud, ([0, 0, 0, 0], 0).into()).await.unwrap_err();
        assert!(error.to_string().contains("loopback only"), "{error}");
    }

    #[tokio::test]
    async fn a_served_cloud_stops_when_told() {
        let running =
            serve(Cloud::new(Options::default()), ([127, 0, 0, 1], 0).into()).await.unwrap();
        assert_ne!(running.addr().port(), 0);
        running.shutdown().await.unwrap();
    }
}
