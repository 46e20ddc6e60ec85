//! The keys of a login: given, or generated here.

use std::path::PathBuf;

use secrecy::SecretString;
use serde_json::json;
use ssh_key::{Algorithm, EcdsaCurve, LineEnding, PrivateKey, rand_core::OsRng};

use crate::compute::types::Keypair;
use crate::context::{Context, Made, MakeError};
use crate::kinds;

/// The private half of a key pair.
///
/// It is never shown, nor written to the journal. A key given as text is in a file that only
/// its owner can read, while `ssh` logs in.
#[derive(Debug, Clone)]
pub struct Key(pub(super) Source);

/// Where a key is.
#[derive(Debug, Clone)]
pub(super) enum Source {
    Text(SecretString),
    File(PathBuf),
}

impl Key {
    /// Creates a key from text, such as nova returned before 2.92.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(Source::Text(text.into().into()))
    }

    /// Uses a key file, which must not need a passphrase.
    pub fn from_file(path: impl Into<PathBuf>) -> Self {
        Self(Source::File(path.into()))
    }
}

/// A generated key pair.
///
/// Nova generates none since 2.92. [`register`](KeyPair::register) sends it the public
/// half; the private one goes into a [`Login`](super::Login).
#[derive(Debug, Clone)]
pub struct KeyPair {
    /// The public half, as `authorized_keys` has it.
    pub public_key: String,
    /// The private half.
    pub key: Key,
}

impl KeyPair {
    /// Generates an Ed25519 pair.
    pub fn ed25519() -> Result<Self, KeyError> {
        Self::make(Algorithm::Ed25519)
    }

    /// Generates an ECDSA pair on P-256, for guests whose dropbear is older than 2020.79
    /// and lacks Ed25519.
    pub fn ecdsa() -> Result<Self, KeyError> {
        Self::make(Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 })
    }

    /// Sends nova the public half (`compute.keypairs.create`); the keypair is removed at the
    /// end of the test.
    ///
    /// ```no_run
    /// use squall::remote::KeyPair;
    ///
    /// # async fn doc(ctx: &squall::Context) -> squall::Result {
    /// let pair = KeyPair::ed25519()?;
    /// let made = pair.register(ctx).await?;
    /// // `"key_name": made.name` in the request that creates the server, and `&pair.key`
    /// // in the login.
    /// # Ok(())
    /// # }
    /// ```
    pub async fn register(&self, ctx: &Context) -> Result<Made<Keypair>, MakeError> {
        let create = |name: &str| {
            let body = json!({ "name": name, "public_key": self.public_key });
            ctx.compute().keypairs().create(body)
        };
        ctx.create_named(&kinds::compute::KEYPAIR, create).await
    }

    fn make(algorithm: Algorithm) -> Result<Self, KeyError> {
        let failed = |error: ssh_key::Error| KeyError(error.to_string());
        let private = PrivateKey::random(&mut OsRng, algorithm).map_err(failed)?;
        let public_key = private.public_key().to_openssh().map_err(failed)?;
        let text = private.to_openssh(LineEnding::LF).map_err(failed)?;
        Ok(Self { public_key, key: Key::from_text(text.as_str()) })
    }
}

/// Why a key pair could not be generated.
#[derive(Debug, thiserror::Error)]
#[error("could not generate a key pair: {0}")]
pub struct KeyError(String);

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn text(pair: &KeyPair) -> String {
        let Source::Text(text) = &pair.key.0 else { unreachable!("made here") };
        text.expose_secret().to_owned()
    }

    #[test]
    fn the_halves_of_a_pair_belong_together_and_no_two_pairs_are_the_same() {
        for (pair, starts) in [
            (KeyPair::ed25519().unwrap(), "ssh-ed25519 "),
            (KeyPair::ecdsa().unwrap(), "ecdsa-sha2-nistp256 "),
        ] {
            assert!(pair.public_key.starts_with(starts), "{}", pair.public_key);
            let read = PrivateKey::from_openssh(text(&pair)).unwrap();
            assert_eq!(read.public_key().to_openssh().unwrap(), pair.public_key);
        }
        let [one, two] = [KeyPair::ed25519().unwrap(), KeyPair::ed25519().unwrap()];
        assert_ne!(one.public_key, two.public_key);
    }

    #[test]
    fn a_key_is_not_shown() {
        let pair = KeyPair::ed25519().unwrap();
        let shown = format!("{pair:?}");
        for line in text(&pair).lines() {
            assert!(!shown.contains(line), "{shown}");
        }
    }
}
