//! How to reach an embedded cloud.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::client::auth::Credential;
use crate::client::config::CloudConfig;

/// The cloud name of runs on an embedded cloud inside the process.
pub const NAME: &str = "embedded";

/// The address of an embedded cloud and its administrator, whose password is created
/// with it and lost with it.
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
    /// Returns the configuration of its administrator.
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
