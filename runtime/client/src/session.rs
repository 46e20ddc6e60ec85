//! One identity in one cloud.

mod builder;
mod endpoints;
mod tokens;

use std::fmt;
use std::sync::Arc;

use squall_model::VersionRange;
use squall_model::service::aliases;

use crate::auth::{Credential, Token};
use crate::catalog::{Catalog, Interface};
use crate::clock::Clock;
use crate::config::CloudConfig;
use crate::discovery::Discovered;
use crate::error::Error;
use crate::exchange::Exchange;
use crate::negotiate::VersionChoice;
use crate::observer::{CallInfo, Observer, Refusal};
use crate::retry::RetryPolicy;
use crate::service::{ServiceClient, ServiceDescription};
use crate::transport::Transport;
use crate::validate::{Validation, Validators};

pub use builder::SessionBuilder;

/// One identity in one cloud: a credential, its token, the catalog that comes
/// with the token, and a transport.
///
/// It is cheap to clone, and clones share the token. The token is requested when
/// it is first needed, once for all calls that wait for it; again shortly before
/// it expires; and again, once per call, when a service does not accept it.
///
/// ```no_run
/// use squall_client::Session;
/// use squall_client::config::CloudConfig;
///
/// # async fn run() -> Result<(), squall_client::Error> {
/// let cloud = CloudConfig::load(Some("devstack"))?;
/// let session = Session::builder(cloud).label("admin").build()?;
/// println!("project {:?}", session.project_id().await?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Session {
    shared: Arc<Shared>,
    settings: Settings,
}

/// What the clones of a session share.
struct Shared {
    cloud: CloudConfig,
    tokens: tokens::Tokens,
}

/// What may differ between clones.
#[derive(Clone)]
struct Settings {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    observer: Option<Arc<dyn Observer>>,
    label: Option<Arc<str>>,
    retry: RetryPolicy,
    validation: Validation,
    validators: Arc<Validators>,
    discovered: Arc<Discovered>,
}

impl Session {
    /// Creates a builder for a session.
    pub fn builder(cloud: CloudConfig) -> SessionBuilder {
        SessionBuilder::new(cloud)
    }

    /// Returns a client for a service, described by its `SPEC` or by a plugin.
    ///
    /// If the configuration has a `<service>_default_microversion`, the client
    /// uses no microversion above it.
    pub fn service(&self, service: impl Into<ServiceDescription>) -> ServiceClient {
        let service = service.into();
        let ceilings = &self.cloud().microversions;
        let ceiling = aliases(&service.service_type)
            .find_map(|name| ceilings.get(&name.replace('-', "_")))
            .copied();
        let client = ServiceClient::new(self.clone(), service);
        match ceiling {
            None => client,
            ceiling => client.with_version(VersionChoice::Within(VersionRange::new(None, ceiling))),
        }
    }

    /// Returns a session for another identity in the same cloud, with the same
    /// transport and settings.
    #[must_use]
    pub fn with_credential(&self, credential: Credential) -> Self {
        credential.learn_secret();
        let cloud = self.shared.cloud.clone().with_credential(credential);
        Self {
            shared: Arc::new(Shared { cloud, tokens: tokens::Tokens::default() }),
            settings: self.settings.clone(),
        }
    }

    /// Returns the same session with another observer.
    #[must_use]
    pub fn with_observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.settings.observer = Some(observer);
        self
    }

    /// Returns the same session with another label.
    #[must_use]
    pub fn with_label(mut self, label: &str) -> Self {
        self.settings.label = Some(label.into());
        self
    }

    /// Returns the same session with another [`Validation`].
    #[must_use]
    pub fn with_validation(mut self, validation: Validation) -> Self {
        self.settings.validation = validation;
        self
    }

    /// Returns the configuration of the cloud.
    pub fn cloud(&self) -> &CloudConfig {
        &self.shared.cloud
    }

    /// Returns the credential.
    pub fn credential(&self) -> &Credential {
        &self.shared.cloud.credential
    }

    /// Returns the label that names the identity in exchanges.
    pub fn label(&self) -> Option<&str> {
        self.settings.label.as_deref()
    }

    /// Returns the region of the endpoints to use.
    pub fn region(&self) -> Option<&str> {
        self.shared.cloud.region.as_deref()
    }

    /// Returns the interface of the endpoints to use.
    pub fn interface(&self) -> Interface {
        self.shared.cloud.interface
    }

    /// Returns what violations of a spec do.
    pub fn validation(&self) -> Validation {
        self.settings.validation
    }

    /// Returns the catalog that the token came with.
    pub async fn catalog(&self) -> Result<Catalog, Error> {
        Ok(self.token().await?.catalog.clone())
    }

    /// Returns the id of the project that the token is scoped to.
    pub async fn project_id(&self) -> Result<Option<String>, Error> {
        Ok(self.token().await?.project.as_ref().map(|project| project.id.clone()))
    }

    /// Returns the id of the user.
    pub async fn user_id(&self) -> Result<String, Error> {
        Ok(self.token().await?.user.id.clone())
    }

    /// Requests a token now, as the first call would.
    pub async fn authenticate(&self) -> Result<Arc<Token>, Error> {
        self.token().await
    }

    pub(crate) fn transport(&self) -> &dyn Transport {
        self.settings.transport.as_ref()
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.settings.clock.as_ref()
    }

    pub(crate) fn retry(&self) -> &RetryPolicy {
        &self.settings.retry
    }

    pub(crate) fn validators(&self) -> &Validators {
        &self.settings.validators
    }

    pub(crate) fn discovered(&self) -> &Discovered {
        &self.settings.discovered
    }

    /// Asks the observer whether a call may be sent.
    pub(crate) fn before(&self, call: &CallInfo<'_>) -> Result<(), Refusal> {
        self.settings.observer.as_ref().map_or(Ok(()), |observer| observer.before(call))
    }

    /// Reports an attempt to the observer.
    pub(crate) fn after(&self, exchange: &Exchange) {
        if let Some(observer) = &self.settings.observer {
            observer.after(exchange);
        }
    }

    /// Whether there is an observer; otherwise exchanges need not be recorded.
    pub(crate) fn is_observed(&self) -> bool {
        self.settings.observer.is_some()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("cloud", &self.shared.cloud)
            .field("label", &self.settings.label)
            .finish_non_exhaustive()
    }
}
