//! Test doubles, also used in the examples of this documentation: a cloud that
//! answers from a script, and a clock that stands still.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Uri};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::auth::Credential;
use crate::clock::Clock;
use crate::config::CloudConfig;
use crate::session::{Session, SessionBuilder};
use crate::transport::{BoxFuture, Transport, TransportError, TransportErrorKind};

/// The URL of a script's cloud.
const CLOUD: &str = "http://cloud.test";

/// A transport that answers from a script and records the requests.
///
/// Answers are chosen by method and path (with the query, if the script has one);
/// several answers to the same request are used in order, and the last one is
/// repeated. A request that is not in the script is answered with 404.
///
/// ```
/// use serde_json::json;
/// use squall_client::script::Script;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let script = Script::new().signed_in(&[("compute", "http://cloud.test/compute")]);
/// let session = script.session();
/// assert_eq!(session.project_id().await?.as_deref(), Some("77ac"));
/// assert_eq!(script.asked(), ["POST /v3/auth/tokens"]);
/// # Ok::<(), squall_client::Error>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Default)]
pub struct Script(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    answers: HashMap<String, VecDeque<Answer>>,
    asked: Vec<Request<Bytes>>,
}

type Answer = Result<Response<Bytes>, TransportErrorKind>;

impl Script {
    /// Creates an empty script.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an answer with a JSON body; `null` means no body.
    #[must_use]
    pub fn answer(self, method: &str, path: &str, status: u16, body: Value) -> Self {
        self.answer_with(method, path, status, &[], body)
    }

    /// Adds an answer with headers.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "it is called with `json!(…)`")]
    pub fn answer_with(
        self,
        method: &str,
        path: &str,
        status: u16,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Self {
        let mut map = map_of(headers);
        let mut bytes = Bytes::new();
        if body != Value::Null {
            bytes = Bytes::from(body.to_string());
            map.entry("content-type").or_insert(HeaderValue::from_static("application/json"));
        }
        self.push(method, path, Ok(response(status, map, bytes)))
    }

    /// Adds an answer with any bytes as its body.
    #[must_use]
    pub fn answer_bytes(
        self,
        method: &str,
        path: &str,
        status: u16,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Self {
        self.push(method, path, Ok(response(status, map_of(headers), body.into())))
    }

    /// Adds a request that fails.
    #[must_use]
    pub fn fail(self, method: &str, path: &str, kind: TransportErrorKind) -> Self {
        self.push(method, path, Err(kind))
    }

    /// Makes the identity service issue the token `token-1` for project `77ac`,
    /// with a catalog of these services in region `one`.
    #[must_use]
    pub fn signed_in(self, services: &[(&str, &str)]) -> Self {
        self.signed_in_as("token-1", services)
    }

    /// Makes the identity service issue this token next.
    #[must_use]
    pub fn signed_in_as(self, token: &str, services: &[(&str, &str)]) -> Self {
        let catalog: Vec<Value> = services
            .iter()
            .map(|(service_type, url)| {
                json!({"type": service_type, "name": service_type, "endpoints": [
                    {"interface": "public", "region_id": "one", "region": "one", "url": url},
                ]})
            })
            .collect();
        let body = json!({"token": {
            "user": {"id": "b0b", "name": "demo"},
            "project": {"id": "77ac", "name": "demo"},
            "roles": [{"id": "1", "name": "member"}],
            "expires_at": "2026-11-24T07:00:00.000000Z",
            "catalog": catalog,
        }});
        self.answer_with("POST", "/v3/auth/tokens", 201, &[("x-subject-token", token)], body)
    }

    /// Creates a builder for a session with this script and a clock that stands still.
    pub fn builder(&self) -> SessionBuilder {
        let cloud = CloudConfig::new("script", CLOUD, Credential::password("demo", "pw", "demo"));
        Session::builder(cloud)
            .transport(Arc::new(self.clone()))
            .clock(Arc::new(StillClock::default()))
    }

    /// Creates a session with this script.
    ///
    /// # Panics
    /// Never: only setting up an HTTP client could fail, and there is none.
    pub fn session(&self) -> Session {
        self.builder().build().expect("a session without an HTTP client can always be built")
    }

    /// Returns the requests received, as `METHOD /path?query`.
    pub fn asked(&self) -> Vec<String> {
        self.requests().iter().map(|r| format!("{} {}", r.method(), target(r.uri()))).collect()
    }

    /// Returns the requests received.
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        self.state().asked.clone()
    }

    /// Returns the last request received.
    pub fn last(&self) -> Option<Request<Bytes>> {
        self.state().asked.last().cloned()
    }

    fn push(self, method: &str, path: &str, answer: Answer) -> Self {
        self.state().answers.entry(format!("{method} {path}")).or_default().push_back(answer);
        self
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self, request: Request<Bytes>) -> Answer {
        let mut state = self.state();
        let exact = format!("{} {}", request.method(), target(request.uri()));
        let plain = format!("{} {}", request.method(), request.uri().path());
        state.asked.push(request);
        let key = if state.answers.contains_key(&exact) { exact } else { plain };
        match state.answers.get_mut(&key) {
            Some(answers) if answers.len() > 1 => answers.pop_front(),
            Some(answers) => answers.front().cloned(),
            None => None,
        }
        .unwrap_or_else(|| {
            let mut response = Response::new(Bytes::from_static(b"not in the script"));
            *response.status_mut() = StatusCode::NOT_FOUND;
            Ok(response)
        })
    }
}

impl Transport for Script {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let answer = self.next(request).map_err(|kind| TransportError::new(kind, ""));
        Box::pin(async { answer })
    }
}

fn map_of(headers: &[(&str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(*name), HeaderValue::try_from(*value))
        {
            map.append(name, value);
        }
    }
    map
}

fn response(status: u16, headers: HeaderMap, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    *response.headers_mut() = headers;
    response
}

fn target(uri: &Uri) -> String {
    uri.path_and_query().map(ToString::to_string).unwrap_or_default()
}

/// A clock that moves only by sleeping, and records the sleeps.
#[derive(Debug, Clone)]
pub struct StillClock(Arc<Mutex<(Timestamp, Vec<Duration>)>>);

impl StillClock {
    /// Creates a clock that stands at a time.
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new((now, Vec::new()))))
    }

    /// Returns every sleep so far.
    pub fn slept(&self) -> Vec<Duration> {
        self.lock().1.clone()
    }

    /// Moves the clock forward.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.lock();
        let moved = SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
        state.0 = state.0.saturating_add(moved).unwrap_or(Timestamp::MAX);
    }

    fn lock(&self) -> MutexGuard<'_, (Timestamp, Vec<Duration>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stands at 2026-11-24 06:00 UTC, an hour before a script's tokens end.
impl Default for StillClock {
    fn default() -> Self {
        Self::at(Timestamp::constant(1_795_500_000, 0))
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        self.lock().0
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.advance(duration);
        self.lock().1.push(duration);
        Box::pin(async {})
    }
}
