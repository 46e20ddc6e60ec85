//! Which cloud to talk to, and as whom: `clouds.yaml` and the `OS_*` variables.

mod clouds;
pub(crate) mod error;
mod near;
mod read;
mod sources;
mod tree;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use squall_model::Microversion;

use crate::auth::Credential;
use crate::catalog::Interface;
use crate::transport::Tls;

pub use clouds::Clouds;
pub use error::{ConfigError, ConfigErrorKind};
pub use sources::Sources;

/// One cloud, ready to be talked to. It is printed without secrets.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CloudConfig {
    /// Its name, `envvars` for the one that the environment describes.
    pub name: String,
    /// Where its identity service is.
    pub auth_url: String,
    /// As whom.
    pub credential: Credential,
    /// In which region; without one, the first of the catalog.
    pub region: Option<String>,
    /// At which interface of the endpoints.
    pub interface: Interface,
    /// How it is trusted.
    pub tls: Tls,
    /// How long a response may take.
    pub timeout: Option<Duration>,
    /// Endpoints that stand in the configuration, by service with `_` for `-`.
    pub endpoint_overrides: BTreeMap<String, String>,
    /// `<service>_default_microversion`, by service with `_` for `-`.
    pub microversions: BTreeMap<String, Microversion>,
    /// The files that it was read from.
    pub files: Vec<PathBuf>,
}

impl CloudConfig {
    /// Makes a configuration in code.
    pub fn new(name: &str, auth_url: &str, credential: Credential) -> Self {
        Self {
            name: name.to_owned(),
            auth_url: auth_url.to_owned(),
            credential,
            region: None,
            interface: Interface::default(),
            tls: Tls::default(),
            timeout: None,
            endpoint_overrides: BTreeMap::new(),
            microversions: BTreeMap::new(),
            files: Vec::new(),
        }
    }

    /// Reads the configuration of a cloud where `openstacksdk` would find it,
    /// see [`Clouds::find`]. Without a name it is the one that `OS_CLOUD` names,
    /// the one that the other variables describe, or the only one there is.
    ///
    /// # Errors
    /// A file that cannot be read, a cloud that is not there, something that is
    /// missing or wrong: with the file and line.
    pub fn load(name: Option<&str>) -> Result<Self, ConfigError> {
        Clouds::find(&Sources::from_process())?.cloud(name)
    }

    /// Changes as whom.
    #[must_use]
    pub fn with_credential(mut self, credential: Credential) -> Self {
        self.credential = credential;
        self
    }

    /// Changes the region.
    #[must_use]
    pub fn with_region(mut self, region: &str) -> Self {
        self.region = Some(region.to_owned());
        self
    }

    /// Changes the interface.
    #[must_use]
    pub fn with_interface(mut self, interface: Interface) -> Self {
        self.interface = interface;
        self
    }

    /// Says where a service is, by its type, whatever the catalog says.
    #[must_use]
    pub fn with_endpoint(mut self, service_type: &str, url: &str) -> Self {
        self.endpoint_overrides.insert(service_type.replace('-', "_"), url.to_owned());
        self
    }
}
