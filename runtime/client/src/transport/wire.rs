//! HTTP over TCP: without TLS by [`Plain`], else with reqwest, rustls and ring.

use std::error::Error as StdError;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Once, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::uri::Scheme;
use http::{HeaderValue, Method, Request, Response, Uri};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Identity};

use super::answer::{AGENT, CONNECT, Collected, classify, too_large};
use super::plain::Plain;
use super::{BodyLimit, BoxFuture, Transport, TransportError, TransportErrorKind};

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
