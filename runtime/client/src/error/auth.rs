//! Why a credential got no token.

use std::fmt;

use super::ErrorResponse;
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
