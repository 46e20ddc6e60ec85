//! A cloud's random passwords and keys.

use std::collections::BTreeMap;
use std::fmt;

use rustix::rand::{GetRandomFlags, getrandom};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use crate::component::Service;

/// A password or key. `Debug` does not show it, and it is wiped when dropped.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(SecretString);

impl Secret {
    /// Creates one of 128 random bits, in characters that need no quoting in any file format.
    pub fn generate() -> Self {
        let mut bytes = [0_u8; 16];
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            // It can only fail by being interrupted by a signal.
            filled += getrandom(rest, GetRandomFlags::empty()).unwrap_or_default();
        }
        Self(hex::encode(bytes).into())
    }

    /// Returns its text.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

/// The passwords and keys of a cloud.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Secrets {
    /// The password of the user `admin`.
    pub admin: Secret,
    /// The password of the user `demo`.
    pub demo: Secret,
    /// The broker's password.
    pub broker: Secret,
    /// Erlang's cookie.
    pub cookie: Secret,
    /// The prefix of Swift's hashes.
    pub hash_prefix: Secret,
    /// The suffix of Swift's hashes.
    pub hash_suffix: Secret,
    /// The key of Swift's realm for container synchronisation.
    pub realm: Secret,
    /// Half of the key that volumes are encrypted with.
    pub volume_key: Secret,
    /// Keystone's token keys: the next one and the one in use.
    pub fernet: [Secret; 2],
    /// The keys with which Keystone encrypts users' credentials.
    pub credential: [Secret; 2],
    users: BTreeMap<Service, Secret>,
    databases: BTreeMap<Service, Secret>,
}

impl Secrets {
    pub(super) fn generate() -> Self {
        let each = || Service::ALL.into_iter().map(|s| (s, Secret::generate())).collect();
        Self {
            admin: Secret::generate(),
            demo: Secret::generate(),
            broker: Secret::generate(),
            cookie: Secret::generate(),
            hash_prefix: Secret::generate(),
            hash_suffix: Secret::generate(),
            realm: Secret::generate(),
            volume_key: Secret::generate(),
            fernet: [Secret::generate(), Secret::generate()],
            credential: [Secret::generate(), Secret::generate()],
            users: each(),
            databases: each(),
        }
    }

    /// Returns the password of a service's user in Keystone.
    pub fn user(&self, service: Service) -> &str {
        self.users.get(&service).map_or("", Secret::expose)
    }

    /// Returns the password of a service's database user.
    pub fn database(&self, service: Service) -> &str {
        self.databases.get(&service).map_or("", Secret::expose)
    }
}
