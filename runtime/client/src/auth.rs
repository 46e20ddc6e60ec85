//! Authentication with the identity service, version 3.

mod credential;
mod request;
pub(crate) mod token;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, Response};
use secrecy::ExposeSecret;
use serde_json::Value;

use crate::body::Body;
use crate::deliver::{Bearer, PreparedRequest, Sender, deliver};
use crate::error::{Error, ErrorKind, ErrorResponse};
use crate::{endpoint, headers, redact};

pub use credential::{Credential, Domain, Project, Scope, User};
pub use token::{Named, Token};

pub use crate::error::{AuthError, AuthErrorKind};

/// Requests a token for a credential.
pub(crate) async fn authenticate(
    sender: &Sender,
    auth_url: &str,
    credential: &Credential,
) -> Result<Token, Error> {
    let url = format!("{}/auth/tokens", endpoint::root(auth_url, "/v3"));
    let fail = |kind| {
        Error::from(AuthError {
            auth_url: redact::url(auth_url),
            who: credential.to_string(),
            kind,
        })
    };
    let mut request = PreparedRequest::new("session.authenticate", Method::POST, url);
    request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    request.body = Bytes::from(request::body(credential).to_string());
    // Requesting a second token has no side effects that matter.
    request.repeatable = true;
    let response = match deliver(sender, &request, Bearer::None).await {
        Ok(delivered) => delivered.reported(sender),
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
    if let Some(problem) = refused.body.problem() {
        return Err(fail(AuthErrorKind::Unreadable(format!("expected JSON, found {problem}"))));
    }
    let body = refused.body.at("/token").unwrap_or(&Value::Null);
    Token::read(header, body).map_err(|what| fail(AuthErrorKind::Unreadable(what)))
}

/// Revokes a token.
pub(crate) async fn revoke(sender: &Sender, auth_url: &str, token: &Token) -> Result<(), Error> {
    let url = format!("{}/auth/tokens", endpoint::root(auth_url, "/v3"));
    let mut request = PreparedRequest::new("session.revoke", Method::DELETE, url);
    let mut value = HeaderValue::try_from(token.secret().expose_secret()).map_err(|_| {
        Error::new(ErrorKind::Request(
            "the token has characters that an HTTP header does not allow".to_owned(),
        ))
    })?;
    value.set_sensitive(true);
    request.headers.insert("x-subject-token", value);
    let delivered = deliver(sender, &request, Bearer::Other(token.secret())).await?;
    let info = delivered.info(&request);
    let response = delivered.reported(sender);
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
        violations: Vec::new(),
    }
}
