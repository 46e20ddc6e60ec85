//! The configuration of clouds: `clouds.yaml` and the `OS_*` variables.

mod auth_url;
mod clouds;
pub(crate) mod error;
mod keys;
mod known;
mod profiles;
mod read;
mod service_config;
mod sources;
mod template;
mod tree;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::auth::Credential;
use crate::catalog::Interface;
use crate::transport::Tls;

pub use clouds::Clouds;
pub use error::{ConfigError, ConfigErrorKind};
pub use service_config::ServiceConfig;
pub use sources::Sources;

/// The configuration of one cloud. `Debug` shows no secrets.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CloudConfig {
    /// Its name, `envvars` for the one that the environment describes.
    pub name: String,
    /// The URL of its identity service.
    pub auth_url: String,
    /// The credential.
    pub credential: Credential,
    /// The region; without one, the catalog must have one only.
    pub region: Option<String>,
    /// The interface of the endpoints.
    pub interface: Interface,
    /// The TLS settings.
    pub tls: Tls,
    /// How long a response may take.
    pub timeout: Option<Duration>,
    /// What holds for one service only, by the service's name with `_` for `-`.
    pub services: BTreeMap<String, ServiceConfig>,
    /// The files that it was read from.
    pub files: Vec<PathBuf>,
    /// What a reader of the files should know: keys without effect, a region that was
    /// chosen, a URL that was cut.
    pub notes: Vec<String>,
}

impl CloudConfig {
    /// Creates a configuration in code.
    pub fn new(name: &str, auth_url: &str, credential: Credential) -> Self {
        Self {
            name: name.to_owned(),
            auth_url: auth_url.to_owned(),
            credential,
            region: None,
            interface: Interface::default(),
            tls: Tls::default(),
            timeout: None,
            services: BTreeMap::new(),
            files: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Reads the configuration of a cloud where `openstacksdk` would find it,
    /// see [`Clouds::find`]. Without a name it is the one that `OS_CLOUD` names,
    /// the one that the other variables describe, or the only one there is.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown cloud, and what is missing or wrong: with
    /// the file and line.
    pub fn load(name: Option<&str>) -> Result<Self, ConfigError> {
        Clouds::find(&Sources::from_process())?.cloud(name)
    }

    /// Changes the credential.
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

    /// Sets the URL of a service, by its type, in place of the catalog's.
    #[must_use]
    pub fn with_endpoint(mut self, service_type: &str, url: &str) -> Self {
        self.service_mut(service_type).endpoint = Some(url.to_owned());
        self
    }
}
