//! The server's connections: how many there may be, and how long each may take.
//!
//! hyper can limit the time for a request's head, but the same clock closes connections
//! that wait for their next request, and a client that sends one at that moment sees it
//! fail. So a connection has a clock of its own: a head that was begun has to be complete
//! soon, while an idle connection may wait longer than clients keep one.

use std::convert::Infallible;
use std::io;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::body;
use crate::cloud::Cloud;
use crate::limits::Limits;

/// The most bytes that a request's head may have.
const HEAD: usize = 64 * 1024;

/// How often the clock of a connection is looked at.
const TICK: Duration = Duration::from_millis(500);

/// How long to wait after the system refused a connection, for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// Accepts connections until the server is stopped or dropped, then waits for requests in
/// progress.
pub(crate) async fn accept(
    listener: TcpListener,
    cloud: Cloud,
    limits: Limits,
    mut stopped: watch::Receiver<bool>,
) {
    let room = Arc::new(Semaphore::new(limits.connections));
    let mut open = JoinSet::new();
    loop {
        while open.try_join_next().is_some() {}
        let next = async {
            let permit = Arc::clone(&room).acquire_owned().await.ok()?;
            Some((permit, listener.accept().await))
        };
        let accepted = tokio::select! {
            accepted = next => accepted,
            // An error means that the handle is gone, which also stops the server.
            _ = stopped.changed() => None,
        };
        match accepted {
            None => break,
            Some((_, Err(_))) => sleep(PAUSE).await,
            Some((permit, Ok((stream, _)))) => {
                let (cloud, stopped) = (cloud.clone(), stopped.clone());
                let room = Arc::clone(&room);
                open.spawn(async move {
                    serve(stream, cloud, limits, &room, stopped).await;
                    drop(permit);
                });
            }
        }
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

/// Serves one connection.
async fn serve(
    stream: TcpStream,
    cloud: Cloud,
    limits: Limits,
    room: &Semaphore,
    mut stopped: watch::Receiver<bool>,
) {
    // Answers are small and written at once.
    let _ = stream.set_nodelay(true);
    let clock = Clock::default();
    let service = service_fn(|request| answer(&cloud, limits, &clock, request));
    let io = TokioIo::new(Clocked { stream, clock: clock.clone() });
    let mut server = http1::Builder::new();
    server.max_buf_size(HEAD).half_close(true);
    let mut connection = pin!(server.serve_connection(io, service));
    let too_long = async {
        loop {
            sleep(TICK.min(limits.head)).await;
            let idle =
                if room.available_permits() == 0 { limits.idle_when_full } else { limits.idle };
            if clock.is_over(limits.head, idle) {
                return;
            }
        }
    };
    tokio::select! {
        // What a connection ends with concerns its client alone, who sees it as well.
        _ = connection.as_mut() => {}
        () = too_long => {}
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

/// Reads a request whole, within the limits, and answers it.
async fn answer(
    cloud: &Cloud,
    limits: Limits,
    clock: &Clock,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    clock.set(Phase::Answering);
    let (parts, incoming) = request.into_parts();
    let response = match body::read(cloud, &parts, incoming, limits).await {
        Ok(body) => cloud.answer(Request::from_parts(parts, body)),
        Err(refusal) => refusal,
    };
    clock.set(Phase::Idle(Instant::now()));
    Ok(response.map(Full::new))
}

/// What a connection is doing, and since when.
#[derive(Debug, Clone, Default)]
struct Clock(Arc<Mutex<Phase>>);

#[derive(Debug, Clone, Copy)]
enum Phase {
    /// Waits for a request.
    Idle(Instant),
    /// Has read a part of a request's head.
    Head(Instant),
    /// Reads a body and answers, which has limits of its own.
    Answering,
}

impl Default for Phase {
    fn default() -> Self {
        Self::Idle(Instant::now())
    }
}

impl Clock {
    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, phase: Phase) {
        *self.phase() = phase;
    }

    fn read(&self) {
        let mut phase = self.phase();
        if matches!(*phase, Phase::Idle(_)) {
            *phase = Phase::Head(Instant::now());
        }
    }

    fn is_over(&self, head: Duration, idle: Duration) -> bool {
        match *self.phase() {
            Phase::Idle(since) => since.elapsed() >= idle,
            Phase::Head(since) => since.elapsed() >= head,
            Phase::Answering => false,
        }
    }
}

/// A stream that tells its clock of what is read.
struct Clocked {
    stream: TcpStream,
    clock: Clock,
}

impl AsyncRead for Clocked {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.clock.read();
        }
        polled
    }
}

impl AsyncWrite for Clocked {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
