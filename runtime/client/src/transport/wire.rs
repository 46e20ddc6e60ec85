//! HTTP over TCP: without TLS by [`Plain`], else with reqwest, rustls and ring.

use std::error::Error as StdError;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Once, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_LENGTH;
use http::uri::Scheme;
use http::{HeaderValue, Method, Request, Response, Uri};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Identity};

use super::plain::Plain;
use super::{BodyLimit, BoxFuture, Transport, TransportError, TransportErrorKind};

/// What we call ourselves.
pub(super) const AGENT: &str = concat!("squall/", env!("CARGO_PKG_VERSION"));

/// How long a connection may take to be established.
pub(super) const CONNECT: Duration = Duration::from_secs(10);

/// The environment variables that name a proxy for `http`.
const PROXIES: [&str; 4] = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/// TLS settings: how a cloud is verified, and how we authenticate to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// Whether certificates are verified at all.
    pub verify: bool,
    /// A file of certificates to trust in addition to the system's.
    pub ca: Option<PathBuf>,
    /// A file with the client certificate.
    pub certificate: Option<PathBuf>,
    /// A file with the client certificate's key, if it is in a file of its own.
    pub key: Option<PathBuf>,
}

impl Default for Tls {
    fn default() -> Self {
        Self { verify: true, ca: None, certificate: None, key: None }
    }
}

/// HTTP over the network.
///
/// Connections are pooled; redirects are not followed, because the service's own
/// response is under test.
#[derive(Debug, Clone)]
pub struct Wire {
    plain: Plain,
    /// Whether the environment names a proxy for `http`.
    has_proxy: bool,
    secure: Arc<Secure>,
}

impl Wire {
    /// The time a response may take if the configuration has no time-out.
    pub const TIMEOUT: Duration = Duration::from_secs(60);

    /// Creates a transport.
    ///
    /// # Errors
    /// A certificate or key cannot be read.
    pub fn new(tls: &Tls, timeout: Option<Duration>) -> Result<Self, WireError> {
        install_provider();
        let timeout = timeout.unwrap_or(Self::TIMEOUT);
        let secure = Secure::new(tls, timeout)?;
        if *tls != Tls::default() {
            // What is wrong with them is reported before anything is sent.
            secure.client(true)?;
        }
        let is_set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        Ok(Self {
            plain: Plain::new(timeout),
            has_proxy: PROXIES.iter().any(is_set),
            secure: Arc::new(secure),
        })
    }

    /// Whether a request takes neither TLS, nor a proxy, nor a user and password in its URL.
    fn is_plain(&self, uri: &Uri) -> bool {
        let userinfo = uri.authority().is_none_or(|authority| authority.as_str().contains('@'));
        uri.scheme() == Some(&Scheme::HTTP) && !userinfo && (!self.has_proxy || is_local(uri))
    }
}

/// Whether a URL leads to this machine itself, which a proxy cannot reach.
fn is_local(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost"
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Clients for TLS and proxies, built when they are first needed: reading the machine's
/// certificates takes longer than a hundred requests to a cloud without TLS.
#[derive(Debug)]
struct Secure {
    verify: bool,
    roots: Vec<Certificate>,
    identity: Option<Identity>,
    timeout: Duration,
    /// With the proxies of the environment, and without.
    clients: [OnceLock<Client>; 2],
}

impl Secure {
    fn new(tls: &Tls, timeout: Duration) -> Result<Self, WireError> {
        let mut roots = Vec::new();
        if let Some(path) = &tls.ca {
            roots = Certificate::from_pem_bundle(&read(path)?)
                .map_err(|error| WireError::new(Some(path), &error))?;
        }
        let mut identity = None;
        if let Some(path) = &tls.certificate {
            let mut pem = read(path)?;
            if let Some(key) = &tls.key {
                pem.extend(read(key)?);
            }
            let read =
                Identity::from_pem(&pem).map_err(|error| WireError::new(Some(path), &error))?;
            identity = Some(read);
        }
        Ok(Self { verify: tls.verify, roots, identity, timeout, clients: Default::default() })
    }

    fn client(&self, through_proxy: bool) -> Result<&Client, WireError> {
        let held = &self.clients[usize::from(!through_proxy)];
        if let Some(client) = held.get() {
            return Ok(client);
        }
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .timeout(self.timeout)
            .user_agent(AGENT)
            .tls_danger_accept_invalid_certs(!self.verify);
        if !self.roots.is_empty() {
            builder = builder.tls_certs_merge(self.roots.clone());
        }
        if let Some(identity) = &self.identity {
            builder = builder.identity(identity.clone());
        }
        if !through_proxy {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| WireError::new(None, &error))?;
        Ok(held.get_or_init(|| client))
    }

    async fn send(
        &self,
        request: Request<Bytes>,
        limit: BodyLimit,
    ) -> Result<Response<Bytes>, TransportError> {
        let client = self
            .client(!is_local(request.uri()))
            .map_err(|error| TransportError::new(TransportErrorKind::Tls, error.to_string()))?;
        let failed = |error: reqwest::Error| classify(&error, error.is_timeout());
        let request =
            reqwest::Request::try_from(request.map(reqwest::Body::from)).map_err(failed)?;
        let mut response = client.execute(request).await.map_err(failed)?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let length = response.content_length();
        if length.is_some_and(|length| length > limit.0) {
            return Err(too_large(limit, length));
        }
        let mut body = Collected::new(limit, length);
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            body.add(chunk)?;
        }
        let mut out = Response::new(body.bytes());
        *out.status_mut() = status;
        *out.headers_mut() = headers;
        Ok(out)
    }
}

impl Transport for Wire {
    fn send(
        &self,
        mut request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let limit = request.extensions().get().copied().unwrap_or(BodyLimit::JSON);
            // RFC 9110, section 8.6; some services answer 411 where an empty body has none.
            let encloses = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
            if encloses && request.body().is_empty() {
                request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            if self.is_plain(request.uri()) {
                self.plain.send(request, limit).await
            } else {
                self.secure.send(request, limit).await
            }
        })
    }
}

/// The chunks of a body, up to a limit.
pub(super) struct Collected {
    limit: BodyLimit,
    length: Option<u64>,
    first: Option<Bytes>,
    rest: BytesMut,
}

impl Collected {
    /// Creates an empty body of a response that announced this length.
    pub(super) fn new(limit: BodyLimit, length: Option<u64>) -> Self {
        Self { limit, length, first: None, rest: BytesMut::new() }
    }

    /// Adds a chunk.
    ///
    /// # Errors
    /// The body is larger than its limit.
    pub(super) fn add(&mut self, chunk: Bytes) -> Result<(), TransportError> {
        let so_far = self.first.as_ref().map_or(self.rest.len(), Bytes::len);
        if u64::try_from(so_far + chunk.len()).unwrap_or(u64::MAX) > self.limit.0 {
            return Err(too_large(self.limit, self.length));
        }
        match self.first.take() {
            // Most bodies are one chunk, which is not copied.
            None if self.rest.is_empty() => self.first = Some(chunk),
            None => self.rest.extend_from_slice(&chunk),
            Some(held) => {
                self.rest.extend_from_slice(&held);
                self.rest.extend_from_slice(&chunk);
            }
        }
        Ok(())
    }

    /// Returns the body.
    pub(super) fn bytes(self) -> Bytes {
        self.first.unwrap_or_else(|| self.rest.freeze())
    }
}

pub(super) fn too_large(limit: BodyLimit, length: Option<u64>) -> TransportError {
    let length = length.map_or_else(String::new, |length| format!(" (`Content-Length: {length}`)"));
    let detail = format!("its body has more than {} bytes{length}", limit.0);
    TransportError::new(TransportErrorKind::TooLarge, detail)
}

/// Installs ring as the cryptography provider, unless the program chose one.
fn install_provider() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        // An error means that the program chose one itself, which we keep.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

fn read(path: &PathBuf) -> Result<Vec<u8>, WireError> {
    std::fs::read(path).map_err(|error| WireError::new(Some(path), &error))
}

/// Returns the error of the layer below as ours.
pub(super) fn classify(error: &(dyn StdError + 'static), is_timeout: bool) -> TransportError {
    let mut causes = Vec::new();
    let mut kind = None;
    let mut source: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(cause) = source {
        kind = cause_kind(cause).or(kind);
        causes.push(cause);
        source = cause.source();
    }
    let words: Vec<String> = causes.iter().map(ToString::to_string).collect();
    let says = |needle: &str| words.iter().any(|word| word.contains(needle));
    let kind = kind.unwrap_or_else(|| {
        if is_timeout {
            TransportErrorKind::Timeout
        } else if says("dns error") || says("failed to lookup address") {
            TransportErrorKind::Dns
        } else if says("certificate") || says("TLS") || says("tls") {
            TransportErrorKind::Tls
        } else if says("closed") || says("incomplete") || says("reset") {
            TransportErrorKind::Closed
        } else {
            TransportErrorKind::Other
        }
    });
    // The innermost cause says most; reqwest's own message repeats the URL.
    TransportError::new(kind, words.last().cloned().unwrap_or_default())
}

fn cause_kind(cause: &(dyn StdError + 'static)) -> Option<TransportErrorKind> {
    if cause.is::<rustls::Error>() {
        return Some(TransportErrorKind::Tls);
    }
    let io = cause.downcast_ref::<std::io::Error>()?;
    // The error wrapped in an I/O error is not its source; only that error's source is.
    if let Some(kind) = io.get_ref().and_then(|inner| cause_kind(inner)) {
        return Some(kind);
    }
    match io.kind() {
        std::io::ErrorKind::ConnectionRefused => Some(TransportErrorKind::Refused),
        std::io::ErrorKind::TimedOut => Some(TransportErrorKind::Timeout),
        std::io::ErrorKind::ConnectionReset
        | std::io::ErrorKind::ConnectionAborted
        | std::io::ErrorKind::BrokenPipe
        | std::io::ErrorKind::UnexpectedEof => Some(TransportErrorKind::Closed),
        _ => None,
    }
}

/// Why an HTTP client cannot be set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireError {
    /// The file that is wrong.
    pub file: Option<PathBuf>,
    /// What is wrong.
    pub message: String,
}

impl WireError {
    fn new(file: Option<&PathBuf>, error: &dyn fmt::Display) -> Self {
        Self { file: file.cloned(), message: error.to_string() }
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(
                f,
                "cannot read `{}`: {}; see `cacert`, `cert` and `key` in clouds.yaml",
                file.display(),
                self.message
            ),
            None => write!(f, "cannot set up the HTTP client: {}", self.message),
        }
    }
}

impl StdError for WireError {}
