//! Sending one request with retries and reporting every attempt to the observer.
//!
//! Both calls and a session's own requests go through here; nothing here knows
//! what a response should look like.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use squall_model::Microversion;

use crate::body;
use crate::error::{Error, ErrorKind, RequestInfo};
use crate::exchange::{Checked, Exchange};
use crate::redact::Redacted;
use crate::session::Session;
use crate::transport::TransportError;
use crate::{headers, redact, retry};

/// The number of characters of a body that an exchange keeps.
const KEPT: usize = 16 * 1024;

/// A request, complete except for the token.
#[derive(Debug)]
pub(crate) struct PreparedRequest {
    pub(crate) operation: String,
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether sending it twice has the same effect as sending it once.
    pub(crate) repeatable: bool,
    pub(crate) requested: Option<Microversion>,
    pub(crate) notes: Vec<(&'static str, String)>,
}

impl PreparedRequest {
    pub(crate) fn new(operation: &str, method: Method, url: String) -> Self {
        let repeatable = method.is_idempotent();
        Self {
            operation: operation.to_owned(),
            method,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            repeatable,
            requested: None,
            notes: Vec::new(),
        }
    }

    pub(crate) fn info(&self, attempts: u32) -> RequestInfo {
        RequestInfo {
            operation: self.operation.clone(),
            method: self.method.to_string(),
            url: redact::url(&self.url),
            attempts,
            status: None,
            request_id: None,
        }
    }
}

/// The token that a request carries.
#[derive(Debug, Clone)]
pub(crate) enum Bearer {
    /// The session's; if it is refused, a new one, once.
    Session,
    /// The given one.
    Other(SecretString),
    /// None.
    None,
}

/// A response, and the exchange that has not been reported to the observer yet.
#[derive(Debug)]
pub(crate) struct Delivered {
    pub(crate) response: Response<Bytes>,
    pub(crate) exchange: Exchange,
}

impl Delivered {
    /// Returns the request that was sent, for errors.
    pub(crate) fn info(&self, request: &PreparedRequest) -> RequestInfo {
        RequestInfo {
            status: self.exchange.status,
            request_id: self.exchange.request_id.clone(),
            ..request.info(self.exchange.attempt)
        }
    }

    /// Reports the exchange to the observer and returns the response.
    pub(crate) fn reported(mut self, session: &Session) -> Response<Bytes> {
        report(session, &mut self.exchange, &self.response);
        self.response
    }
}

/// Sends a request until it is answered or the retry policy gives up.
pub(crate) async fn deliver(
    session: &Session,
    request: &PreparedRequest,
    bearer: Bearer,
) -> Result<Delivered, Error> {
    let policy = session.retry();
    let mut token = match &bearer {
        Bearer::Session => Some(session.token().await?),
        Bearer::Other(_) | Bearer::None => None,
    };
    let mut renewed = false;
    // The attempt after a new token is not counted by the retry policy.
    let (mut attempt, mut tried) = (0, 0);
    loop {
        attempt += 1;
        tried += 1;
        let secret = match &bearer {
            Bearer::Session => token.as_ref().map(|token| token.secret()),
            Bearer::Other(secret) => Some(secret),
            Bearer::None => None,
        };
        let (outcome, mut exchange) = attempt_once(session, request, secret, attempt).await?;
        tracing::debug!(
            operation = exchange.operation,
            identity = exchange.identity,
            method = exchange.method,
            url = exchange.url,
            attempt,
            status = exchange.status,
            request_id = exchange.request_id,
            "sent"
        );
        match outcome {
            Ok(response) => {
                let status = response.status().as_u16();
                if let (401, false, Some(refused)) = (status, renewed, token.as_ref()) {
                    token = match session.renew(refused).await {
                        Ok(token) => Some(token),
                        // The credential is refused as well: the 401 is the answer.
                        Err(error) if error.is_auth_refused() => {
                            return Ok(Delivered { response, exchange });
                        }
                        Err(error) => {
                            report(session, &mut exchange, &response);
                            return Err(error);
                        }
                    };
                    report(session, &mut exchange, &response);
                    renewed = true;
                    tried -= 1;
                    continue;
                }
                let now = session.clock().now();
                let headers = response.headers();
                let again =
                    retry::after_response(policy, tried, request.repeatable, status, headers, now);
                let Some(wait) = again else { return Ok(Delivered { response, exchange }) };
                report(session, &mut exchange, &response);
                session.clock().sleep(wait).await;
            }
            Err(error) => {
                exchange.failure = Some(redact::text(&error.to_string()).into_owned());
                session.after(&exchange);
                let again = retry::after_failure(policy, tried, request.repeatable, &error);
                let Some(wait) = again else {
                    return Err(Error::from(error).at(request.info(attempt)));
                };
                session.clock().sleep(wait).await;
            }
        }
    }
}

async fn attempt_once(
    session: &Session,
    prepared: &PreparedRequest,
    token: Option<&SecretString>,
    attempt: u32,
) -> Result<(Result<Response<Bytes>, TransportError>, Exchange), Error> {
    let mut request = Request::builder()
        .method(&prepared.method)
        .uri(&prepared.url)
        .body(prepared.body.clone())
        .map_err(|error| Error::new(ErrorKind::Request(format!("the URL is not valid: {error}"))))
        .map_err(|error| error.at(prepared.info(attempt)))?;
    *request.headers_mut() = prepared.headers.clone();
    if let Some(token) = token {
        let value = HeaderValue::try_from(token.expose_secret());
        let mut value = value.map_err(|_| {
            let message = "the token has characters that an HTTP header does not allow";
            Error::new(ErrorKind::Request(message.to_owned())).at(prepared.info(attempt))
        })?;
        value.set_sensitive(true);
        request.headers_mut().insert("x-auth-token", value);
    }
    let started = session.clock().now();
    let request_headers = request.headers().clone();
    let mut outcome = session.transport().send(request).await;
    if let Ok(response) = &mut outcome {
        redact::mark(response.headers_mut());
    }
    let duration = session.clock().now().duration_since(started);
    let mut exchange = Exchange {
        operation: prepared.operation.clone(),
        identity: session.label().map(str::to_owned),
        method: prepared.method.to_string(),
        url: redact::url(&prepared.url),
        attempt,
        started,
        duration_ms: u64::try_from(duration.as_millis()).unwrap_or(0),
        requested_version: prepared.requested,
        version: None,
        status: None,
        request_id: None,
        failure: None,
        request_headers: shown(session, &request_headers),
        request_body: kept(session, &prepared.body, &request_headers, None),
        response_headers: BTreeMap::new(),
        response_body: None,
        checked: Checked::Off,
        validated: false,
        violations: Vec::new(),
        notes: prepared
            .notes
            .iter()
            .map(|(key, value)| ((*key).to_owned(), redact::text(value).into_owned()))
            .collect(),
    };
    if let Ok(response) = &outcome {
        exchange.status = Some(response.status().as_u16());
        exchange.request_id = headers::request_id(response.headers());
        exchange.response_headers = shown(session, response.headers());
    }
    Ok((outcome, exchange))
}

/// Reports an exchange whose response is not checked.
fn report(session: &Session, exchange: &mut Exchange, response: &Response<Bytes>) {
    exchange.response_body = kept(session, response.body(), response.headers(), None);
    session.after(exchange);
}

/// Returns headers for an exchange; none if there is no observer.
fn shown(session: &Session, headers: &HeaderMap) -> BTreeMap<String, String> {
    if session.is_observed() { redact::headers(headers) } else { BTreeMap::new() }
}

/// Returns a body for an exchange, from its JSON value if it was parsed already; none if
/// there is no observer.
pub(crate) fn kept(
    session: &Session,
    bytes: &Bytes,
    headers: &HeaderMap,
    json: Option<&Value>,
) -> Option<String> {
    if bytes.is_empty() || !session.is_observed() {
        return None;
    }
    let media_type = headers::media_type(headers).unwrap_or("application/octet-stream");
    let without_secrets = |value: &Value| {
        let text = serde_json::to_string(&Redacted(value)).ok()?;
        Some(redact::mask_json(&text).into_owned())
    };
    let text = if let Some(json) = json {
        without_secrets(json)?
    } else if body::is_json(media_type) {
        match serde_json::from_slice(bytes) {
            Ok(value) => without_secrets(&value)?,
            // Secrets in text that cannot be parsed cannot be found by their keys.
            Err(_) => return Some(format!("{} bytes that are not JSON", bytes.len())),
        }
    } else if media_type.starts_with("text/") {
        redact::text(&String::from_utf8_lossy(bytes)).into_owned()
    } else {
        return Some(format!("{} bytes of {media_type}", bytes.len()));
    };
    Some(match text.char_indices().nth(KEPT) {
        Some((end, _)) => {
            format!("{}… ({} characters more)", &text[..end], text[end..].chars().count())
        }
        None => text,
    })
}
