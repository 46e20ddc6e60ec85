//! Why a credential got no token.

use std::fmt;

use super::ErrorResponse;
use crate::redact;
use crate::transport::TransportError;

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
            AuthErrorKind::Refused(response) => {
                let (url, who) = (&self.auth_url, &self.who);
                write!(f, "the identity service at {url} issued no token for {who}: {response}")?;
                match redirection(response) {
                    Some(target) => write!(
                        f,
                        "; it redirects to {target}, which is not followed with a credential: \
                         set `auth_url` to that URL without `/auth/tokens`"
                    ),
                    None => Ok(()),
                }
            }
            AuthErrorKind::Unreadable(what) => write!(
                f,
                "{} is not an identity service of version 3: {what}; check `auth_url`",
                self.auth_url
            ),
        }
    }
}

impl std::error::Error for AuthError {}

/// Where a response redirects to, without what may be secret in it.
fn redirection(response: &ErrorResponse) -> Option<String> {
    if !(300..400).contains(&response.status) {
        return None;
    }
    let location = response.headers.get(http::header::LOCATION)?.to_str().ok()?;
    Some(redact::url(location))
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;
    use crate::body::Body;

    #[test]
    fn a_redirection_is_reported_with_its_target() {
        let mut headers = HeaderMap::new();
        headers.insert("location", "https://u:hunter2@c/v3/auth/tokens".parse().unwrap());
        let response = ErrorResponse {
            status: 301,
            headers,
            version: None,
            request_id: None,
            body: Body::default(),
            violations: Vec::new(),
        };
        let error = AuthError {
            auth_url: "http://c/v3".to_owned(),
            who: "user `u`".to_owned(),
            kind: AuthErrorKind::Refused(Box::new(response)),
        };
        let text = error.to_string();
        assert!(text.contains("it redirects to https://"), "{text}");
        assert!(text.contains("c/v3/auth/tokens, which is not followed"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
}
