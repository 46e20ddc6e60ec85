//! Passwords, kept as salted digests.
//!
//! One round of SHA-256 is no protection against a thief with time. What is
//! protected here are passwords of tests, in memory, against being printed.

use sha2::{Digest as _, Sha256};

use crate::ids;

/// A password that can be compared and not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hashed {
    salt: String,
    digest: [u8; 32],
}

impl Hashed {
    pub(crate) fn new(password: &str) -> Self {
        let salt = ids::secret();
        let digest = digest(&salt, password);
        Self { salt, digest }
    }

    pub(crate) fn matches(&self, password: &str) -> bool {
        digest(&self.salt, password) == self.digest
    }
}

fn digest(salt: &str, password: &str) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(password).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_itself_alone() {
        let hashed = Hashed::new("a");
        assert!(hashed.matches("a") && !hashed.matches("b"));
        assert_ne!(hashed, Hashed::new("a"));
    }
}
