//! A cloud's passwords and keys, made at random for it alone.

use std::collections::BTreeMap;
use std::fmt;

use rustix::rand::{GetRandomFlags, getrandom};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize, Serializer};

use crate::component::Service;
use crate::hex::hex;

/// A password or key; it does not show in `Debug`, and is wiped when dropped.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(SecretString);

impl Secret {
    /// Makes one of 128 random bits, in letters that no file format minds.
    pub fn generate() -> Self {
        let mut bytes = [0_u8; 16];
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            // It is interrupted by signals and fails for no other reason.
            filled += getrandom(rest, GetRandomFlags::empty()).unwrap_or_default();
        }
        Self(hex(&bytes).into())
    }

    /// Gives its text.
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
    /// What Erlang's nodes know each other by.
    pub cookie: Secret,
    /// What Swift's hashes start with.
    pub hash_prefix: Secret,
    /// What Swift's hashes end with.
    pub hash_suffix: Secret,
    /// The key of Swift's realm for synchronised containers.
    pub realm: Secret,
    /// Half of the key that volumes are encrypted with.
    pub volume_key: Secret,
    /// The keys of Keystone's tokens: the next one and the one in use.
    pub fernet: [Secret; 2],
    /// The keys of credentials that Keystone keeps for users.
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

    /// The password of a service's user in Keystone.
    pub fn user(&self, service: Service) -> &str {
        self.users.get(&service).map_or("", Secret::expose)
    }

    /// The password of a service's user in the database server.
    pub fn database(&self, service: Service) -> &str {
        self.databases.get(&service).map_or("", Secret::expose)
    }
}
