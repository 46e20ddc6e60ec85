//! An embedded cloud that is served on loopback, and whose answers rules can break.
//!
//! The server is our own rather than [`squall_cloud::serve`]: a reset connection and a body
//! that stops half way need the connection itself. The cloud behind it is the same.

use std::convert::Infallible;
use std::fmt;
use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, mpsc};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::header::CONTENT_LENGTH;
use http::{Method, Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use squall::client::Session;
use squall::client::config::Clouds;
use squall_cloud::{Cloud, Options};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::task::{AbortHandle, JoinSet};

use super::Effect;
use super::effect::restate_length;

/// Served clouds live on a runtime of their own, so that tests need none.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// An embedded cloud on a free port of loopback; dropping it stops the server.
#[derive(Debug)]
pub(crate) struct ServedCloud {
    addr: SocketAddr,
    shared: Arc<Shared>,
    server: AbortHandle,
}

struct Shared {
    cloud: Cloud,
    rules: Mutex<Vec<Arc<Rule>>>,
    requests: Mutex<Vec<Seen>>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("rules", &self.rules).finish_non_exhaustive()
    }
}

/// A request that reached the server.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub method: Method,
    /// Path and query.
    pub target: String,
    /// What the caller got; none where the connection was reset.
    pub status: Option<StatusCode>,
}

impl ServedCloud {
    /// Serves a cloud that does everything at once.
    pub(crate) fn start() -> Self {
        Self::with(Options { speed: f64::INFINITY, ..Options::default() })
    }

    pub(crate) fn with(options: Options) -> Self {
        Self::of(Cloud::new(options))
    }

    /// Serves a cloud that was made.
    pub(crate) fn of(cloud: Cloud) -> Self {
        let shared =
            Arc::new(Shared { cloud, rules: Mutex::default(), requests: Mutex::default() });
        let listener = block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let addr = listener.local_addr().unwrap();
        let server = RUNTIME.spawn(serve(listener, Arc::clone(&shared))).abort_handle();
        Self { addr, shared, server }
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Returns the cloud itself, past all rules.
    pub(crate) fn cloud(&self) -> &Cloud {
        &self.shared.cloud
    }

    /// Returns a `clouds.yaml` with the administrator of this cloud under a name.
    pub(crate) fn clouds_yaml(&self, name: &str) -> String {
        self.cloud().admin().clouds_yaml(name, self.addr)
    }

    /// Returns a session of the administrator. Its requests meet the rules too.
    pub(crate) fn session(&self) -> Session {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("clouds.yaml");
        std::fs::write(&file, self.clouds_yaml("served")).unwrap();
        let clouds = Clouds::read(&file).unwrap();
        Session::builder(clouds.cloud(Some("served")).unwrap()).build().unwrap()
    }

    /// Adds a rule for requests such as `"GET /compute/"`; see [`Rule::on`].
    pub(crate) fn on(&self, pattern: &str, effect: Effect) -> Arc<Rule> {
        self.add(Rule::on(pattern, effect))
    }

    /// Adds a rule; it holds from the next request on, after those added before.
    pub(crate) fn add(&self, rule: Rule) -> Arc<Rule> {
        let rule = Arc::new(rule);
        self.shared.rules.lock().unwrap().push(Arc::clone(&rule));
        rule
    }

    /// Removes all rules.
    pub(crate) fn calm(&self) {
        self.shared.rules.lock().unwrap().clear();
    }

    /// Returns all requests so far, in the order of their answers.
    pub(crate) fn requests(&self) -> Vec<Seen> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// Returns how many requests so far match a pattern; see [`Rule::on`].
    pub(crate) fn count(&self, pattern: &str) -> usize {
        let matches = |seen: &&Seen| matches(pattern, &seen.method, &seen.target);
        self.requests().iter().filter(matches).count()
    }

    /// Stops the server: connections break, and further ones are refused.
    pub(crate) fn stop(&self) {
        self.server.abort();
        while block_on(TcpStream::connect(self.addr)).is_ok() {
            std::thread::yield_now();
        }
    }
}

impl Drop for ServedCloud {
    fn drop(&mut self) {
        self.server.abort();
    }
}

type Matches = Box<dyn Fn(&Request<Bytes>) -> bool + Send + Sync>;

/// Which requests a rule is for, and what happens to them.
pub(crate) struct Rule {
    matches: Matches,
    effect: Effect,
    after: usize,
    times: usize,
    hits: AtomicUsize,
}

impl Rule {
    /// A rule for a pattern: a method, or `*` for any, and a part of path and query, such as
    /// `"DELETE /volume/"` or `"* /"`.
    pub(crate) fn on(pattern: &str, effect: Effect) -> Self {
        let pattern = pattern.to_owned();
        let target = |request: &Request<Bytes>| request.uri().to_string();
        Self::when(move |request| matches(&pattern, request.method(), &target(request)), effect)
    }

    /// A rule for the requests that a closure picks.
    pub(crate) fn when(
        matches: impl Fn(&Request<Bytes>) -> bool + Send + Sync + 'static,
        effect: Effect,
    ) -> Self {
        let matches = Box::new(matches);
        Self { matches, effect, after: 0, times: usize::MAX, hits: AtomicUsize::new(0) }
    }

    /// Lets so many matching requests pass first.
    pub(crate) fn after(self, requests: usize) -> Self {
        Self { after: requests, ..self }
    }

    /// Holds for so many requests only.
    pub(crate) fn times(self, requests: usize) -> Self {
        Self { times: requests, ..self }
    }

    /// Returns how many requests the rule had its effect on.
    pub(crate) fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst).saturating_sub(self.after).min(self.times)
    }

    /// Returns the effect if this request gets it.
    fn hit(&self, request: &Request<Bytes>) -> Option<Effect> {
        if !(self.matches)(request) {
            return None;
        }
        let before = self.hits.fetch_add(1, Ordering::SeqCst);
        let is_due = before >= self.after && before - self.after < self.times;
        is_due.then(|| self.effect.clone())
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rule").field(&self.effect).field(&self.hits()).finish()
    }
}

fn matches(pattern: &str, method: &Method, target: &str) -> bool {
    let (wanted, part) = pattern.split_once(' ').unwrap();
    (wanted == "*" || wanted == method.as_str()) && target.contains(part)
}

/// Waits for a future on the runtime of served clouds; works inside another runtime too.
pub(crate) fn block_on<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    RUNTIME.spawn(async move { sender.send(future.await) });
    receiver.recv().unwrap()
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) -> Infallible {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (stream, _) = accepted.unwrap();
                connections.spawn(connection(stream, Arc::clone(&shared)));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Serves one connection, and resets it where a rule says so.
async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(|request| Box::pin(respond(Arc::clone(&shared), request)));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    if poll_fn(|cx| connection.poll_without_shutdown(cx)).await.is_err() {
        let stream = connection.into_parts().io.into_inner();
        stream.set_zero_linger().unwrap();
    }
}

type Body = UnsyncBoxBody<Bytes, io::Error>;

async fn respond(shared: Arc<Shared>, request: Request<Incoming>) -> io::Result<Response<Body>> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let mut request = Request::from_parts(parts, body);
    let rules = shared.rules.lock().unwrap().clone();
    let effects: Vec<Effect> = rules.iter().filter_map(|rule| rule.hit(&request)).collect();
    let (method, target) = (request.method().clone(), request.uri().to_string());
    let response = apply(&shared.cloud, &effects, &mut request);
    let status = response.as_ref().ok().map(Response::status);
    shared.requests.lock().unwrap().push(Seen { method, target, status });
    Ok(send(response?, &effects))
}

/// Asks the cloud, as far as the effects let it.
fn apply(
    cloud: &Cloud,
    effects: &[Effect],
    request: &mut Request<Bytes>,
) -> io::Result<Response<Bytes>> {
    if effects.iter().any(|effect| matches!(effect, Effect::Reset)) {
        return Err(io::ErrorKind::ConnectionReset.into());
    }
    for effect in effects {
        if let Effect::Request(change) = effect {
            change(request);
        }
    }
    let instead = effects.iter().find_map(|effect| match effect {
        Effect::Answer(answer) => Some(answer.clone()),
        _ => None,
    });
    let mut response = instead.unwrap_or_else(|| cloud.answer(request.clone()));
    if effects.iter().any(|effect| matches!(effect, Effect::LoseAnswer)) {
        return Err(io::ErrorKind::ConnectionReset.into());
    }
    // Not where nothing changed it: an answer to HEAD states the length of a body it lacks.
    let length = response.body().len();
    for effect in effects {
        if let Effect::Alter(change) = effect {
            change(request, &mut response);
        }
    }
    if response.body().len() != length {
        restate_length(&mut response);
    }
    Ok(response)
}

/// Returns the response with the body that the effects call for.
fn send(response: Response<Bytes>, effects: &[Effect]) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let whole = body.len();
    for effect in effects {
        let body: Body = match *effect {
            Effect::Cut(after) => {
                let start = stream::iter([Ok(Frame::data(body.slice(..after.min(whole))))]);
                // What was written before is flushed while the end is not there yet.
                let end = stream::once(async {
                    tokio::task::yield_now().await;
                    Err(io::ErrorKind::ConnectionReset.into())
                });
                BodyExt::boxed_unsync(StreamBody::new(start.chain(end)))
            }
            Effect::Drip(piece, pause) => {
                let pieces: Vec<_> = body.chunks(piece).map(Bytes::copy_from_slice).collect();
                let drip = stream::iter(pieces).then(move |piece| async move {
                    tokio::time::sleep(pause).await;
                    Ok(Frame::data(piece))
                });
                BodyExt::boxed_unsync(StreamBody::new(drip))
            }
            Effect::Endless => {
                parts.headers.remove(CONTENT_LENGTH);
                let body = stream::repeat(body.clone()).map(|body| Ok(Frame::data(body)));
                return Response::from_parts(parts, BodyExt::boxed_unsync(StreamBody::new(body)));
            }
            _ => continue,
        };
        // The whole length is what a reader is left waiting for.
        parts.headers.insert(CONTENT_LENGTH, whole.into());
        return Response::from_parts(parts, body);
    }
    Response::from_parts(parts, Full::new(body).map_err(|never| match never {}).boxed_unsync())
}
