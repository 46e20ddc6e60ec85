//! What leads to an embedded cloud.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::client::auth::Credential;
use crate::client::config::CloudConfig;

/// The name that runs against an embedded cloud carry.
pub const NAME: &str = "embedded";

/// Where an embedded cloud is, and its administrator, whose password was made
/// with it and ends with it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Access {
    auth_url: String,
    username: String,
    password: String,
    project: String,
    region: String,
}

impl Access {
    /// Gives the configuration of its administrator.
    pub fn config(&self) -> CloudConfig {
        let Self { auth_url, username, password, project, region } = self;
        CloudConfig::new(NAME, auth_url, Credential::password(username, password, project))
            .with_region(region)
    }
}

#[cfg(feature = "embedded")]
impl From<&squall_cloud::Running> for Access {
    fn from(running: &squall_cloud::Running) -> Self {
        use secrecy::ExposeSecret as _;

        let admin = running.cloud().admin();
        Self {
            auth_url: running.auth_url(),
            username: admin.username.clone(),
            password: admin.password.expose_secret().to_owned(),
            project: admin.project_name.clone(),
            region: admin.region_name.clone(),
        }
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("auth_url", &self.auth_url).finish_non_exhaustive()
    }
}
