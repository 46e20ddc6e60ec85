//! Authentication with the identity service, version 3.

mod credential;
mod request;
mod token;

use std::fmt;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, Response};
use secrecy::ExposeSecret;
use serde_json::Value;

use crate::body::Body;
use crate::deliver::{Bearer, PreparedRequest, deliver};
use crate::error::{Error, ErrorKind, ErrorResponse};
use crate::session::Session;
use crate::transport::{BoxFuture, TransportError};
use crate::{endpoint, headers, redact};

pub use credential::{Credential, Domain, Project, Scope, User};
pub use token::{Named, Token};

/// Requests a token for the session's credential.
///
/// Sending a request may need a token, and requesting one sends a request: the
/// future is boxed to break that cycle of types.
pub(crate) fn authenticate(session: &Session) -> BoxFuture<'_, Result<Token, Error>> {
    Box::pin(ask(session))
}

async fn ask(session: &Session) -> Result<Token, Error> {
    let cloud = session.cloud();
    let url = format!("{}/auth/tokens", endpoint::root(&cloud.auth_url, "/v3"));
    let fail = |kind| {
        Error::from(AuthError {
            auth_url: redact::url(&cloud.auth_url),
            who: cloud.credential.to_string(),
            kind,
        })
    };
    let mut request = PreparedRequest::new("session.authenticate", Method::POST, url);
    request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    request.body = Bytes::from(request::body(&cloud.credential).to_string());
    // Requesting a second token has no side effects that matter.
    request.repeatable = true;
    let response = match deliver(session, &request, Bearer::None).await {
        Ok(delivered) => delivered.reported(session),
        Err(error) => {
            return Err(match error.kind() {
                ErrorKind::Transport(source) => fail(AuthErrorKind::Unreachable(source.clone())),
                _ => error,
            });
        }
    };
    let refused = refusal(&response);
    if response.status().as_u16() != 201 {
        return Err(fail(AuthErrorKind::Refused(Box::new(refused))));
    }
    let header = response.headers().get("x-subject-token").and_then(|value| value.to_str().ok());
    let body = refused.body.at("/token").unwrap_or(&Value::Null);
    Token::read(header, body).map_err(|what| fail(AuthErrorKind::Unreadable(what)))
}

/// Revokes a token of the session.
pub(crate) async fn revoke(session: &Session, token: &Token) -> Result<(), Error> {
    let url = format!("{}/auth/tokens", endpoint::root(&session.cloud().auth_url, "/v3"));
    let mut request = PreparedRequest::new("session.revoke", Method::DELETE, url);
    let mut value = HeaderValue::try_from(token.secret().expose_secret()).map_err(|_| {
        Error::new(ErrorKind::Request(
            "the token has characters that an HTTP header does not allow".to_owned(),
        ))
    })?;
    value.set_sensitive(true);
    request.headers.insert("x-subject-token", value);
    let delivered = deliver(session, &request, Bearer::Other(token.secret().clone())).await?;
    let info = delivered.info(&request);
    let response = delivered.reported(session);
    match response.status().as_u16() {
        // It was revoked already, or it has expired.
        204 | 401 | 404 => Ok(()),
        _ => Err(Error::new(ErrorKind::Status(Box::new(refusal(&response)))).at(info)),
    }
}

fn refusal(response: &Response<Bytes>) -> ErrorResponse {
    ErrorResponse {
        status: response.status().as_u16(),
        headers: HeaderMap::clone(response.headers()),
        version: None,
        request_id: headers::request_id(response.headers()),
        body: Body::received(response.body().clone(), headers::media_type(response.headers())),
    }
}

/// Why no token was issued.
#[derive(Debug)]
pub struct AuthError {
    /// The URL of the identity service.
    pub auth_url: String,
    /// The identity, without its secret.
    pub who: String,
    /// The reason.
    pub kind: AuthErrorKind,
}

/// The reason why no token was issued.
#[derive(Debug)]
#[non_exhaustive]
pub enum AuthErrorKind {
    /// The identity service did not answer.
    Unreachable(TransportError),
    /// It refused the credential.
    Refused(Box<ErrorResponse>),
    /// Its response is not a token.
    Unreadable(String),
}

impl AuthError {
    /// Whether the identity service did not answer at all.
    pub fn is_unreachable(&self) -> bool {
        matches!(self.kind, AuthErrorKind::Unreachable(_))
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            AuthErrorKind::Unreachable(error) => {
                write!(f, "the identity service at {} cannot be reached: {error}", self.auth_url)
            }
            AuthErrorKind::Refused(response) => write!(
                f,
                "the identity service at {} issued no token for {}: {response}",
                self.auth_url, self.who
            ),
            AuthErrorKind::Unreadable(what) => write!(
                f,
                "{} is not an identity service of version 3: {what}; check `auth_url`",
                self.auth_url
            ),
        }
    }
}

impl std::error::Error for AuthError {}
