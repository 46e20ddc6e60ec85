//! Sending a call and checking the response.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Method, Response as HttpResponse, header};
use squall_model::materialise::{Circumstances, Extensions};
use squall_model::{BodySchema, Finding, Microversion, OperationSchemas, Severity};

use super::UntypedCall;
use super::untyped::TokenUse;
use crate::body::{Body, Content};
use crate::codec::DecodeError;
use crate::deliver::{Bearer, Delivered, PreparedRequest, body_text, deliver};
use crate::error::{Error, ErrorKind, ErrorResponse, RequestInfo};
use crate::negotiate::{Known, Negotiated, VersionChoice, negotiate};
use crate::observer::{AnswerInfo, CallInfo};
use crate::response::Response;
use crate::validate::{ResponseParts, Validation, ValidationOutcome};
use crate::{body, endpoint, headers};

/// A response before it is decoded.
#[derive(Debug)]
pub(crate) struct Received<'a> {
    request: PreparedRequest<'a>,
    attempts: u32,
    status: u16,
    headers: http::HeaderMap,
    version: Option<Microversion>,
    request_id: Option<String>,
    body: Body,
    outcome: ValidationOutcome,
}

impl UntypedCall {
    /// Sends the request and expects one of the operation's success statuses.
    pub(crate) async fn send(&self) -> Result<Received<'_>, Error> {
        let mut received = self.exchange().await?;
        let violations = self.failing(&mut received);
        if !self.is_success(received.status, received.version) {
            return Err(received.into_status_error(violations));
        }
        if !violations.is_empty() {
            return Err(received.error(Error::new(ErrorKind::Violations(violations))));
        }
        Ok(received)
    }

    /// Returns the violations that fail the call.
    fn failing(&self, received: &mut Received<'_>) -> Vec<Finding> {
        if self.client.validation() != Validation::Strict {
            return Vec::new();
        }
        let mut violations = std::mem::take(&mut received.outcome.violations);
        violations.retain(|finding| finding.severity == Severity::Error);
        violations
    }

    /// Sends the request and expects a refusal with this status.
    pub(crate) async fn expect_error(&self, expected: u16) -> Result<ErrorResponse, Error> {
        let mut received = self.exchange().await?;
        let violations = self.failing(&mut received);
        if received.status == expected && violations.is_empty() {
            return Ok(received.into_refusal(violations));
        }
        if received.status == expected {
            return Err(received.into_wrong_refusal(violations));
        }
        if self.is_success(received.status, received.version) {
            return Err(received.error(Error::new(ErrorKind::UnexpectedSuccess { expected })));
        }
        Err(received.into_unexpected_refusal(expected, violations))
    }

    async fn exchange(&self) -> Result<Received<'_>, Error> {
        let here = || RequestInfo {
            operation: self.operation.id.to_string(),
            method: self.operation.method.to_string(),
            url: self.operation.path.to_string(),
            attempts: 0,
            status: None,
            request_id: None,
        };
        let session = self.client.session();
        let target =
            self.target().map_err(|what| Error::new(ErrorKind::Request(what)).at(here()))?;
        let negotiated = self.negotiate().await.map_err(|error| error.at(here()))?;
        let service = self.client.shared_service();
        let (place, token) = session.locate(service).await.map_err(|error| error.at(here()))?;
        let root = match self.operation.path.as_ref() {
            path if service.profile().is_outside_endpoint(path) => {
                endpoint::outside(&place.endpoint)
            }
            _ => &place.root,
        };
        let url = [root, &target].concat();
        let schemas = session.validators().schemas(&self.operation).map_err(|e| e.at(here()))?;
        let extensions = self.extensions_of_cloud().await.map_err(|error| error.at(here()))?;
        let mut request = self.prepare(url, negotiated, &schemas);
        let added = session
            .before(&CallInfo {
                operation: &self.operation,
                identity: session.label(),
                url: &request.url,
                path: self.path_parameters(),
                version: negotiated.expect,
                body: request.json,
                notes: &self.notes,
                extensions: &self.extensions,
            })
            .map_err(|refusal| Error::from(refusal).at(request.info(0)))?;
        request.headers.extend(added);
        let bearer = match (&self.token, token) {
            (TokenUse::Session, Some(token)) => Bearer::Session(token, session),
            (TokenUse::Session, None) => {
                let token = session.token().await.map_err(|error| error.at(here()))?;
                Bearer::Session(token, session)
            }
            (TokenUse::Other(token), _) => Bearer::Other(token),
            (TokenUse::None, _) => Bearer::None,
        };
        let delivered = deliver(session.sender(), &request, bearer).await?;
        self.receive(request, delivered, negotiated, extensions.as_deref())
    }

    /// Returns the cloud's extensions, if the answer depends on them.
    async fn extensions_of_cloud(&self) -> Result<Option<Arc<BTreeSet<String>>>, Error> {
        let validators = self.client.session().validators();
        let asks = self.client.validation() != Validation::Off
            && validators.depends_on_extensions(&self.operation)?;
        if asks { self.client.cloud_extensions().await } else { Ok(None) }
    }

    pub(super) async fn negotiate(&self) -> Result<Negotiated, Error> {
        let choice = self.version.unwrap_or_else(|| self.client.version());
        let service = self.client.service();
        let asks = service.versions.min.is_some() && !matches!(choice, VersionChoice::Forced(_));
        let cloud = if asks { self.client.cloud_versions().await? } else { None };
        let known = Known { spec: service.versions, operation: self.operation.versions, cloud };
        Ok(negotiate(choice, known)?)
    }

    pub(super) fn prepare(
        &self,
        url: String,
        negotiated: Negotiated,
        schemas: &OperationSchemas,
    ) -> PreparedRequest<'_> {
        let method = Method::from_bytes(self.operation.method.as_str().as_bytes());
        let mut request = PreparedRequest::new(&self.operation.id, method.unwrap_or_default(), url);
        request.repeatable = self.operation.method.is_idempotent();
        request.requested = negotiated.send;
        request.notes = &self.notes;
        if let Some(version) = negotiated.send {
            let service_type = &self.client.service().service_type;
            request.headers.extend(headers::asking(service_type, version));
        }
        let limits = self.client.session().limits();
        let (accept, limit) = if is_download(schemas) {
            ("*/*", limits.download)
        } else {
            ("application/json", limits.json)
        };
        request.headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        request.limit = limit;
        for (name, value) in &self.headers {
            request.headers.insert(name, value.clone());
        }
        let described = match &schemas.request {
            BodySchema::Described { media_type, .. } => Some(media_type.as_str()),
            BodySchema::None | BodySchema::Unknown => None,
        };
        request.body = self.payload(&mut request.headers, described);
        request.json = self.json();
        request
    }

    /// Validates a response and notifies the observer.
    fn receive<'a>(
        &self,
        request: PreparedRequest<'a>,
        delivered: Delivered,
        negotiated: Negotiated,
        extensions: Option<&BTreeSet<String>>,
    ) -> Result<Received<'a>, Error> {
        let session = self.client.session();
        let Delivered { response, attempts, exchange } = delivered;
        let status = response.status().as_u16();
        let body = Body::received(response.body().clone(), headers::media_type(response.headers()));
        let answered = headers::answered(&self.client.service().service_type, response.headers());
        let version = answered.or(negotiated.expect);
        let validators = session.validators();
        let at = Circumstances {
            version: negotiated.expect,
            extensions: extensions.map_or(Extensions::Unknown, Extensions::These),
            fields_selected: self.selects_fields(),
        };
        let parts = ResponseParts { status, headers: response.headers(), body: &body };
        let comparison = match self.client.validation() {
            Validation::Off => Ok(None),
            Validation::Strict | Validation::Report => {
                validators.compare(&self.operation, &parts, &at).map(Some)
            }
        };
        let version_finding = self.version_finding(&response, negotiated, answered);
        if let Some(observer) = &session.sender().observer {
            observer.answered(&AnswerInfo {
                operation: &self.operation,
                validators,
                at: &at,
                parts: &parts,
                comparison: comparison.as_ref().ok().and_then(Option::as_ref),
                version_finding: version_finding.as_ref(),
            });
        }
        let outcome = comparison.map(|comparison| {
            let outcome = ValidationOutcome::from(comparison?);
            Some(outcome.and(version_finding.into_iter().collect()))
        });
        if let Some(mut exchange) = exchange {
            exchange.response_body = body_text(response.body(), response.headers(), body.json());
            exchange.version = negotiated.expect;
            if let Ok(Some(outcome)) = &outcome {
                exchange.checked = outcome.checked;
                exchange.validated = outcome.checked == crate::exchange::Checked::Matches;
                exchange.violations.clone_from(&outcome.violations);
            }
            session.sender().report(Some(exchange));
        }
        let (parts, _) = response.into_parts();
        let received = Received {
            request,
            attempts,
            status,
            request_id: headers::request_id(&parts.headers),
            headers: parts.headers,
            version,
            body,
            outcome: ValidationOutcome::UNKNOWN,
        };
        match outcome {
            Ok(outcome) => {
                Ok(Received { outcome: outcome.unwrap_or(ValidationOutcome::UNKNOWN), ..received })
            }
            Err(error) => Err(received.error(error)),
        }
    }

    /// Returns the finding about a microversion other than the requested one.
    fn version_finding(
        &self,
        response: &HttpResponse<Bytes>,
        negotiated: Negotiated,
        answered: Option<Microversion>,
    ) -> Option<Finding> {
        if !response.status().is_success() {
            return None;
        }
        let kept = match (negotiated.expect, answered) {
            (Some(expected), Some(answered)) if expected != answered => {
                format!("expected microversion {expected}, the response has {answered}")
            }
            (Some(expected), None) if negotiated.send.is_some() => {
                format!("expected microversion {expected}, the response names none")
            }
            _ => return None,
        };
        Some(Finding::error("version-not-kept", self.operation.id.as_ref(), kept))
    }

    /// Whether a status is a success: any that the spec declares as one (300 for a
    /// list of versions), or any 2xx.
    fn is_success(&self, status: u16, version: Option<Microversion>) -> bool {
        (200..300).contains(&status) || self.operation.declares_success(status, version)
    }
}

impl Received<'_> {
    /// Returns what a decoder reads: the whole body, or the value under the envelope's key.
    pub(crate) fn content(&self, envelope: Option<&str>) -> Result<Content<'_>, Error> {
        let whole = self.body.content();
        let (Some(key), Some(json)) = (envelope, whole.json) else { return Ok(whole) };
        if let Some(inner) = json.get(key) {
            return Ok(Content { json: Some(inner), ..whole });
        }
        let error = DecodeError::other("a value", "no such key").inside(key);
        Err(self.error(Error::from(error)))
    }

    pub(crate) fn undecoded(self, envelope: Option<&str>, error: DecodeError) -> Error {
        let error = match envelope {
            // Without JSON there is no envelope either.
            Some(key) if self.body.json().is_some() => error.inside(key),
            _ => error,
        };
        self.error(Error::from(error))
    }

    pub(crate) fn into_response<T>(self, value: T) -> Response<T> {
        Response {
            value,
            status: self.status,
            headers: self.headers,
            version: self.version,
            request_id: self.request_id,
            body: self.body,
        }
    }

    /// Adds the request to an error.
    fn error(&self, error: Error) -> Error {
        error.at(RequestInfo {
            status: Some(self.status),
            request_id: self.request_id.clone(),
            ..self.request.info(self.attempts)
        })
    }

    fn into_refusal(self, violations: Vec<Finding>) -> ErrorResponse {
        ErrorResponse {
            status: self.status,
            headers: self.headers,
            version: self.version,
            request_id: self.request_id,
            body: self.body,
            violations,
        }
    }

    fn into_status_error(self, violations: Vec<Finding>) -> Error {
        self.refused(violations, ErrorKind::Status)
    }

    fn into_wrong_refusal(self, violations: Vec<Finding>) -> Error {
        self.refused(violations, ErrorKind::WrongRefusal)
    }

    fn into_unexpected_refusal(self, expected: u16, violations: Vec<Finding>) -> Error {
        self.refused(violations, |response| ErrorKind::UnexpectedStatus { expected, response })
    }

    fn refused(
        self,
        violations: Vec<Finding>,
        kind: impl FnOnce(Box<ErrorResponse>) -> ErrorKind,
    ) -> Error {
        let error = self.error(Error::new(ErrorKind::Request(String::new())));
        error.with_kind(kind(Box::new(self.into_refusal(violations))))
    }
}

/// Whether the spec describes a successful response as something else than JSON.
fn is_download(schemas: &OperationSchemas) -> bool {
    schemas.responses.iter().any(|response| match &response.body {
        BodySchema::Described { media_type, .. } => {
            response.status < 300 && !body::is_json(media_type)
        }
        BodySchema::None | BodySchema::Unknown => false,
    })
}
