//! Sending one request with retries and reporting every attempt to the observer.
//!
//! Both calls and a session's own requests go through here; nothing here knows
//! what a response should look like, or what a session is: [`Sender`] has what a
//! request is sent with.

mod evidence;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use squall_model::Microversion;

use crate::auth::token::Token;
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, RequestInfo};
use crate::exchange::Exchange;
use crate::observer::Observer;
use crate::retry::RetryPolicy;
use crate::transport::{BodyLimit, BoxFuture, Transport, TransportError};
use crate::{headers, redact, retry};

pub(crate) use evidence::body_text;

/// What requests are sent with.
#[derive(Clone)]
pub(crate) struct Sender {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    /// Names the identity in exchanges.
    pub(crate) label: Option<Arc<str>>,
    pub(crate) retry: RetryPolicy,
}

impl Sender {
    /// Reports an exchange, once its response has been looked at.
    pub(crate) fn report(&self, exchange: Option<Box<Exchange>>) {
        if let (Some(observer), Some(exchange)) = (&self.observer, exchange) {
            observer.after(exchange);
        }
    }
}

/// A request, complete except for the token.
pub(crate) struct PreparedRequest<'a> {
    pub(crate) operation: &'a str,
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The value that the body was made of, where it is JSON.
    pub(crate) json: Option<&'a Value>,
    /// Whether sending it twice has the same effect as sending it once.
    pub(crate) repeatable: bool,
    pub(crate) requested: Option<Microversion>,
    pub(crate) notes: &'a [(&'static str, String)],
    pub(crate) limit: BodyLimit,
}

impl<'a> PreparedRequest<'a> {
    pub(crate) fn new(operation: &'a str, method: Method, url: String) -> Self {
        let repeatable = method.is_idempotent();
        Self {
            operation,
            method,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            json: None,
            repeatable,
            requested: None,
            notes: &[],
            limit: BodyLimit::JSON,
        }
    }

    /// Returns the request as errors name it.
    pub(crate) fn info(&self, attempts: u32) -> RequestInfo {
        RequestInfo {
            operation: self.operation.to_owned(),
            method: self.method.to_string(),
            url: redact::url(&self.url),
            attempts,
            status: None,
            request_id: None,
        }
    }
}

impl fmt::Debug for PreparedRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.info(0))
    }
}

/// Replaces a token that a service refused.
pub(crate) trait Renew: Send + Sync {
    /// Returns another token than the refused one.
    fn renew<'a>(&'a self, refused: &'a Arc<Token>) -> BoxFuture<'a, Result<Arc<Token>, Error>>;
}

/// The token that a request carries.
pub(crate) enum Bearer<'a> {
    /// A session's; if it is refused, a new one, once.
    Session(Arc<Token>, &'a dyn Renew),
    /// The given one.
    Other(&'a SecretString),
    /// None.
    None,
}

/// A response, and the exchange that has not been reported to the observer yet.
#[derive(Debug)]
pub(crate) struct Delivered {
    pub(crate) response: Response<Bytes>,
    pub(crate) attempts: u32,
    /// There is none without an observer.
    pub(crate) exchange: Option<Box<Exchange>>,
}

impl Delivered {
    /// Returns the request that was sent, for errors.
    pub(crate) fn info(&self, request: &PreparedRequest<'_>) -> RequestInfo {
        RequestInfo {
            status: Some(self.response.status().as_u16()),
            request_id: headers::request_id(self.response.headers()),
            ..request.info(self.attempts)
        }
    }

    /// Reports the exchange to the observer and returns the response.
    pub(crate) fn reported(self, sender: &Sender) -> Response<Bytes> {
        sender.report(evidence::with_body(self.exchange, &self.response));
        self.response
    }
}

/// Sends a request until it is answered or the retry policy gives up.
pub(crate) async fn deliver(
    sender: &Sender,
    request: &PreparedRequest<'_>,
    mut bearer: Bearer<'_>,
) -> Result<Delivered, Error> {
    let mut renewed = false;
    // The attempt after a new token is not counted by the retry policy.
    let (mut attempts, mut tried) = (0, 0);
    loop {
        attempts += 1;
        tried += 1;
        let (outcome, mut exchange) = attempt(sender, request, bearer.secret(), attempts).await?;
        tracing::debug!(
            operation = request.operation,
            identity = sender.label.as_deref(),
            method = %request.method,
            url = %redact::url(&request.url),
            attempt = attempts,
            status = outcome.as_ref().ok().map(|response| response.status().as_u16()),
            request_id = outcome.as_ref().ok().and_then(|r| headers::request_id(r.headers())),
            "sent"
        );
        match outcome {
            Ok(response) => {
                let status = response.status().as_u16();
                if let (401, false, Bearer::Session(refused, source)) = (status, renewed, &bearer) {
                    let source = *source;
                    match source.renew(refused).await {
                        Ok(token) => bearer = Bearer::Session(token, source),
                        // The credential is refused as well: the 401 is the answer.
                        Err(error) if error.is_auth_refused() => {
                            return Ok(Delivered { response, attempts, exchange });
                        }
                        Err(error) => {
                            sender.report(evidence::with_body(exchange, &response));
                            return Err(error);
                        }
                    }
                    sender.report(evidence::with_body(exchange, &response));
                    renewed = true;
                    tried -= 1;
                    continue;
                }
                let again = retry::is_retried(status).then(|| {
                    let now = sender.clock.now();
                    let headers = response.headers();
                    let repeatable = request.repeatable;
                    retry::after_response(&sender.retry, tried, repeatable, status, headers, now)
                });
                let Some(wait) = again.flatten() else {
                    return Ok(Delivered { response, attempts, exchange });
                };
                sender.report(evidence::with_body(exchange, &response));
                sender.clock.sleep(wait).await;
            }
            Err(error) => {
                if let Some(exchange) = &mut exchange {
                    exchange.failure = Some(redact::text(&error.to_string()).into_owned());
                }
                sender.report(exchange);
                let again = retry::after_failure(&sender.retry, tried, request.repeatable, &error);
                let Some(wait) = again else {
                    return Err(Error::from(error).at(request.info(attempts)));
                };
                sender.clock.sleep(wait).await;
            }
        }
    }
}

impl Bearer<'_> {
    fn secret(&self) -> Option<&SecretString> {
        match self {
            Self::Session(token, _) => Some(token.secret()),
            Self::Other(secret) => Some(secret),
            Self::None => None,
        }
    }
}

/// What came of one attempt, and the exchange if there is an observer.
type Attempt = (Result<Response<Bytes>, TransportError>, Option<Box<Exchange>>);

async fn attempt(
    sender: &Sender,
    prepared: &PreparedRequest<'_>,
    token: Option<&SecretString>,
    attempt: u32,
) -> Result<Attempt, Error> {
    let invalid = |what: String| Error::new(ErrorKind::Request(what)).at(prepared.info(attempt));
    let mut request = Request::builder()
        .method(&prepared.method)
        .uri(&prepared.url)
        .body(prepared.body.clone())
        .map_err(|error| invalid(format!("the URL is not valid: {error}")))?;
    *request.headers_mut() = prepared.headers.clone();
    request.extensions_mut().insert(prepared.limit);
    if let Some(token) = token {
        let mut value = HeaderValue::try_from(token.expose_secret()).map_err(|_| {
            invalid("the token has characters that an HTTP header does not allow".to_owned())
        })?;
        value.set_sensitive(true);
        request.headers_mut().insert("x-auth-token", value);
    }
    let exchange = sender.observer.is_some().then(|| {
        let started = sender.clock.now();
        Box::new(evidence::of_request(prepared, request.headers(), sender, attempt, started))
    });
    let mut outcome = sender.transport.send(request).await;
    if let Ok(response) = &mut outcome {
        redact::mark(response.headers_mut());
    }
    let exchange = exchange.map(|mut exchange| {
        let duration = sender.clock.now().duration_since(exchange.started);
        exchange.duration_ms = u64::try_from(duration.as_millis()).unwrap_or(0);
        if let Ok(response) = &outcome {
            exchange.status = Some(response.status().as_u16());
            exchange.request_id = headers::request_id(response.headers());
            exchange.response_headers = redact::headers(response.headers());
        }
        exchange
    });
    Ok((outcome, exchange))
}
