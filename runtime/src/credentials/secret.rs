//! Passwords that nobody needs to know.

use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

/// Makes one up: 244 random bits, with what a policy may ask for (upper and lower
/// case, a digit, something else).
pub(super) fn password() -> SecretString {
    format!("Aa1-{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()).into()
}

/// Shows one, to the service that it is for.
pub(super) fn shown(password: &SecretString) -> &str {
    password.expose_secret()
}
