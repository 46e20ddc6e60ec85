//! The embedded cloud: which services it serves beside its own, and how to reach it.
//!
//! A plugin's service is served from its description, see
//! [`Service::in_the_embedded_cloud`](crate::services::Service::in_the_embedded_cloud). What
//! the description does not say is a [`Handler`]'s.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::client::auth::Credential;
use crate::client::config::CloudConfig;
#[cfg(feature = "embedded")]
use crate::services;

#[cfg(feature = "embedded")]
#[doc(no_inline)]
pub use squall_cloud::engine::{
    Dialect, EmbeddedService, Handler, IdForm, Item, ItemStore, RegistrationFault,
    RegistrationFaults, ServiceAnswer, ServiceFault, ServiceRequest, Stamp,
};

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

/// Creates an embedded cloud with the plugins' services.
///
/// # Errors
/// All that is wrong with those services.
#[cfg(feature = "embedded")]
pub(crate) fn cloud(
    options: squall_cloud::Options,
) -> Result<squall_cloud::Cloud, squall_cloud::CloudError> {
    squall_cloud::Cloud::with_services(options, &described())
}

/// Creates an embedded cloud with the plugins' services, which enforces these policy files.
///
/// # Errors
/// All that is wrong with the services, or with the files.
#[cfg(feature = "embedded")]
pub(crate) fn cloud_with_policies(
    options: squall_cloud::Options,
    files: impl IntoIterator<Item = squall_cloud::PolicyFile>,
) -> Result<squall_cloud::Cloud, squall_cloud::CloudError> {
    let builder = squall_cloud::Cloud::builder(options).services(&described());
    files.into_iter().fold(builder, squall_cloud::CloudBuilder::policy_file).build()
}

/// Returns what is wrong with the services that an embedded cloud is to serve.
#[cfg(feature = "embedded")]
pub(crate) fn faults() -> Vec<RegistrationFault> {
    squall_cloud::Cloud::faults_of(&described())
}

/// Returns the services that an embedded cloud serves from their descriptions.
#[cfg(feature = "embedded")]
fn described() -> Vec<squall_cloud::engine::DescribedService> {
    let registered = services::registered().iter();
    let served = registered.filter_map(|service| {
        // A description that cannot be read is a fault of the service, found elsewhere.
        let description = *service.description.as_ref().ok()?;
        let (spec, embedded) = (service.spec, service.embedded?);
        let policy_rules = service.policy_rules;
        Some(squall_cloud::engine::DescribedService { spec, description, embedded, policy_rules })
    });
    served.collect()
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
