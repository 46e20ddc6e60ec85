//! HTTP/1.1 over plain TCP, without TLS and without a proxy.
//!
//! A request and its connection are one future, polled by the task that sends the request.
//! A client that pools its connections in tasks of their own wakes another thread and back
//! for each request, which costs more than the request. This one only serves hosts that are
//! reached directly over `http`, as in most test clouds; the rest is [`super::Wire`]'s.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_LENGTH, HOST, USER_AGENT};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Request, Response, Uri};
use http_body_util::Full;
use hyper::body::{Body as _, Incoming};
use hyper::client::conn::http1::{self, Connection, SendRequest};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::coop;
use tokio::time::{error::Elapsed, timeout};
use tower_service::Service as _;

use super::answer::{AGENT, CONNECT, Collected, classify, too_large};
use super::waker::Between;
use super::{BodyLimit, TransportError, TransportErrorKind};

/// How long a connection is kept for the next request.
const IDLE: Duration = Duration::from_secs(90);

/// The connections to hosts that are reached directly over `http`.
#[derive(Debug, Clone)]
pub(super) struct Plain {
    connector: HttpConnector,
    idle: Arc<Mutex<HashMap<Authority, Vec<Idle>>>>,
    /// The time a response may take, its body included.
    timeout: Duration,
}

/// A connection that waits for the next request.
#[derive(Debug)]
struct Idle {
    open: Open,
    since: Instant,
}

/// An open connection, and the end at which requests enter it.
#[derive(Debug)]
struct Open {
    requests: SendRequest<Full<Bytes>>,
    connection: Connection<TokioIo<TcpStream>, Full<Bytes>>,
}

impl Plain {
    /// Creates the pool; nothing is connected yet.
    pub(super) fn new(timeout: Duration) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT));
        Self { connector, idle: Arc::default(), timeout }
    }

    /// Sends a request over a kept connection or a new one, and reads the response.
    pub(super) async fn send(
        &self,
        request: Request<Bytes>,
        limit: BodyLimit,
    ) -> Result<Response<Bytes>, TransportError> {
        match timeout(self.timeout, self.exchange(request, limit)).await {
            Ok(result) => result,
            Err(elapsed) => Err(timed_out(&elapsed)),
        }
    }

    async fn exchange(
        &self,
        request: Request<Bytes>,
        limit: BodyLimit,
    ) -> Result<Response<Bytes>, TransportError> {
        let uri = request.uri().clone();
        let Some(host) = uri.authority().cloned() else {
            return Err(TransportError::new(TransportErrorKind::Other, "the URL has no host"));
        };
        let mut request = for_the_connection(request, &uri, &host)?;
        loop {
            let kept = self.kept(&host).await;
            let is_kept = kept.is_some();
            let mut open = match kept {
                Some(open) => open,
                None => self.connect(uri.clone()).await?,
            };
            let (result, is_open) = open.exchange(request, limit).await;
            match result {
                Ok(response) => {
                    if is_open {
                        self.keep(host, open);
                    }
                    return Ok(response);
                }
                // The server closed the connection before the request was written to it.
                Err(Failed::Unsent(unsent)) if is_kept => request = *unsent,
                Err(Failed::Unsent(_)) => {
                    let detail = "the connection was closed before the request was sent";
                    return Err(TransportError::new(TransportErrorKind::Closed, detail));
                }
                Err(Failed::Sent(error)) => return Err(error),
            }
        }
    }

    async fn connect(&self, uri: Uri) -> Result<Open, TransportError> {
        let stream = self.connector.clone().call(uri).await.map_err(|error| failed(&error))?;
        let (requests, connection) =
            http1::handshake(stream).await.map_err(|error| failed(&error))?;
        Ok(Open { requests, connection })
    }

    /// Takes a connection that is still open, the one used last.
    async fn kept(&self, host: &Authority) -> Option<Open> {
        loop {
            let Idle { mut open, since } = {
                let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
                idle.get_mut(host)?.pop()?
            };
            if since.elapsed() < IDLE && open.is_open().await {
                return Some(open);
            }
        }
    }

    fn keep(&self, host: Authority, open: Open) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.entry(host).or_default().push(Idle { open, since: Instant::now() });
    }
}

/// Why there is no response.
enum Failed {
    /// Nothing of the request was written.
    Unsent(Box<Request<Full<Bytes>>>),
    Sent(TransportError),
}

impl Open {
    /// Whether the server has not closed the connection, as far as is known here.
    async fn is_open(&mut self) -> bool {
        let Self { requests, connection } = self;
        poll_fn(|cx| Poll::Ready(Pin::new(&mut *connection).poll(cx).is_pending())).await
            && requests.is_ready()
    }

    /// Sends a request and reads the response. Returns also whether the connection can be
    /// used again.
    async fn exchange(
        &mut self,
        request: Request<Full<Bytes>>,
        limit: BodyLimit,
    ) -> (Result<Response<Bytes>, Failed>, bool) {
        let Self { requests, connection } = self;
        let answer = requests.try_send_request(request);
        let mut exchange = pin!(async move {
            let response = answer.await.map_err(|mut error| match error.take_message() {
                Some(unsent) => Failed::Unsent(Box::new(unsent)),
                None => Failed::Sent(failed(error.error())),
            })?;
            let (parts, body) = response.into_parts();
            let body = read(body, &parts.headers, limit).await.map_err(Failed::Sent)?;
            Ok(Response::from_parts(parts, body))
        });
        let mut is_open = true;
        let between = Arc::new(Between::default());
        let waker = Waker::from(Arc::clone(&between));
        let result = poll_fn(|cx| {
            let task = cx.waker();
            between.begin(task);
            let cx = &mut Context::from_waker(&waker);
            loop {
                // Reads and writes. Its errors come out of the exchange.
                is_open = is_open && Pin::new(&mut *connection).poll(cx).is_pending();
                let result = exchange.as_mut().poll(cx);
                if result.is_ready() {
                    // Shows whether the server wants the connection closed.
                    is_open = is_open && Pin::new(&mut *connection).poll(cx).is_pending();
                    return result;
                }
                if between.end() {
                    return Poll::Pending;
                }
                // Without budget everything is pending and wakes at once, until the task has
                // given way to others.
                if !coop::has_budget_remaining() {
                    between.give_way();
                    task.wake_by_ref();
                    return Poll::Pending;
                }
            }
        })
        .await;
        let is_open = is_open && requests.is_ready();
        (result, is_open)
    }
}

/// Returns the request as it is written: with its path alone, and the headers that every
/// request has.
fn for_the_connection(
    request: Request<Bytes>,
    uri: &Uri,
    host: &Authority,
) -> Result<Request<Full<Bytes>>, TransportError> {
    let invalid = |error: &dyn std::fmt::Display| {
        TransportError::new(TransportErrorKind::Other, format!("the URL is not valid: {error}"))
    };
    let name = match host.port_u16() {
        Some(80) => host.host(),
        _ => host.as_str(),
    };
    let name = HeaderValue::from_str(name).map_err(|error| invalid(&error))?;
    let mut request = request.map(Full::new);
    *request.uri_mut() = match uri.path_and_query() {
        Some(path) => Uri::from(path.clone()),
        None => Uri::from_static("/"),
    };
    let headers = request.headers_mut();
    headers.insert(HOST, name);
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
    headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(AGENT));
    Ok(request)
}

/// Reads a body, and no more of it than the limit.
async fn read(
    mut body: Incoming,
    headers: &HeaderMap,
    limit: BodyLimit,
) -> Result<Bytes, TransportError> {
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    // The header of an answer to HEAD is about a body that does not come.
    if !body.is_end_stream() && length.is_some_and(|length| length > limit.0) {
        return Err(too_large(limit, length));
    }
    let mut collected = Collected::new(limit, length);
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        if let Ok(chunk) = frame.map_err(|error| failed(&error))?.into_data() {
            collected.add(chunk)?;
        }
    }
    Ok(collected.bytes())
}

fn failed(error: &(dyn StdError + 'static)) -> TransportError {
    classify(error, false)
}

fn timed_out(elapsed: &Elapsed) -> TransportError {
    classify(elapsed, true)
}
