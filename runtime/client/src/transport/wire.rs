//! HTTP over TCP, with reqwest, rustls and ring.

use std::error::Error as StdError;
use std::fmt;
use std::path::PathBuf;
use std::sync::Once;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Method, Request, Response};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, Identity};

use super::{BodyLimit, BoxFuture, Transport, TransportError, TransportErrorKind};

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
    client: Client,
    /// For this machine itself, which a proxy from the environment cannot reach.
    direct: Client,
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
        let build =
            |builder: ClientBuilder| builder.build().map_err(|error| WireError::new(None, &error));
        let client = build(builder(tls, timeout)?)?;
        let direct = build(builder(tls, timeout)?.no_proxy())?;
        Ok(Self { client, direct })
    }

    fn client(&self, host: Option<&str>) -> &Client {
        let host = host.unwrap_or_default().trim_matches(['[', ']']);
        let ours = host == "localhost"
            || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        if ours { &self.direct } else { &self.client }
    }
}

fn builder(tls: &Tls, timeout: Option<Duration>) -> Result<ClientBuilder, WireError> {
    let mut builder = Client::builder()
        .redirect(Policy::none())
        .connect_timeout(Duration::from_secs(10))
        .timeout(timeout.unwrap_or(Wire::TIMEOUT))
        .user_agent(concat!("squall/", env!("CARGO_PKG_VERSION")))
        .tls_danger_accept_invalid_certs(!tls.verify);
    if let Some(path) = &tls.ca {
        let certificates = Certificate::from_pem_bundle(&read(path)?)
            .map_err(|error| WireError::new(Some(path), &error))?;
        builder = builder.tls_certs_merge(certificates);
    }
    if let Some(path) = &tls.certificate {
        let mut pem = read(path)?;
        if let Some(key) = &tls.key {
            pem.extend(read(key)?);
        }
        let identity =
            Identity::from_pem(&pem).map_err(|error| WireError::new(Some(path), &error))?;
        builder = builder.identity(identity);
    }
    Ok(builder)
}

impl Transport for Wire {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let limit = request.extensions().get().copied().unwrap_or(BodyLimit::JSON);
            let client = self.client(request.uri().host());
            let mut request = request;
            // RFC 9110, section 8.6; some services answer 411 where an empty body has none.
            let encloses = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
            if encloses && request.body().is_empty() {
                request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            let request = reqwest::Request::try_from(request.map(reqwest::Body::from))
                .map_err(|error| classify(&error))?;
            let mut response = client.execute(request).await.map_err(|error| classify(&error))?;
            let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
            let body = body(response, limit).await?;
            let mut out = Response::new(body);
            *out.status_mut() = status;
            *out.headers_mut() = headers;
            Ok(out)
        })
    }
}

/// Reads a body, and no more of it than the limit.
async fn body(mut response: reqwest::Response, limit: BodyLimit) -> Result<Bytes, TransportError> {
    let length = response.content_length();
    if length.is_some_and(|length| length > limit.0) {
        return Err(too_large(limit, length));
    }
    let mut first = None;
    let mut rest = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| classify(&error))? {
        let so_far = first.as_ref().map_or(0, Bytes::len).max(rest.len());
        if u64::try_from(so_far + chunk.len()).unwrap_or(u64::MAX) > limit.0 {
            return Err(too_large(limit, length));
        }
        match first.take() {
            // Most bodies are one chunk, which is not copied.
            None if rest.is_empty() => first = Some(chunk),
            None => rest.extend_from_slice(&chunk),
            Some(held) => {
                rest.extend_from_slice(&held);
                rest.extend_from_slice(&chunk);
            }
        }
    }
    Ok(first.unwrap_or_else(|| rest.freeze()))
}

fn too_large(limit: BodyLimit, length: Option<u64>) -> TransportError {
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

fn classify(error: &reqwest::Error) -> TransportError {
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
        if error.is_timeout() {
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
