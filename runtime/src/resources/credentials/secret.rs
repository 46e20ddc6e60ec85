//! Generated passwords.

use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

/// Generates a password: 244 random bits, with what a password policy may require (upper
/// and lower case, a digit, a symbol).
pub(crate) fn password() -> SecretString {
    format!("Aa1-{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()).into()
}

/// Exposes a password, for the service that it is for.
pub(super) fn shown(password: &SecretString) -> &str {
    password.expose_secret()
}
