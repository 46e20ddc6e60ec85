//! One identity in one cloud.

mod builder;
mod discovered;
mod endpoints;
mod tokens;

use std::fmt;
use std::sync::Arc;

use http::HeaderMap;

use crate::auth::{Credential, Token};
use crate::catalog::{Catalog, Interface};
use crate::config::CloudConfig;
use crate::deliver::Sender;
use crate::error::Error;
use crate::observer::{CallInfo, Observer};
use crate::refusal::Refusal;
use crate::transport::BodyLimit;
use crate::validate::{UnknownKeys, Validation, Validators};

pub use builder::SessionBuilder;
pub(crate) use discovered::Discovered;
pub use discovered::Versions;

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

/// The largest bodies that the responses to calls may have.
///
/// ```
/// use squall_client::session::BodyLimits;
/// use squall_client::transport::BodyLimit;
///
/// let limits = BodyLimits { json: BodyLimit(1 << 20), ..BodyLimits::default() };
/// assert_eq!(limits.download, BodyLimit::DOWNLOAD);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyLimits {
    /// For responses that the spec describes as JSON, or not at all.
    pub json: BodyLimit,
    /// For others: images and objects.
    pub download: BodyLimit,
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self { json: BodyLimit::JSON, download: BodyLimit::DOWNLOAD }
    }
}

/// What the clones of a session share.
struct Shared {
    cloud: CloudConfig,
    tokens: tokens::Tokens,
    endpoints: endpoints::Endpoints,
}

/// What may differ between clones.
#[derive(Clone)]
struct Settings {
    sender: Sender,
    limits: BodyLimits,
    validation: Validation,
    validators: Arc<Validators>,
    discovered: Arc<Discovered>,
}

impl Session {
    /// Creates a builder for a session.
    pub fn builder(cloud: CloudConfig) -> SessionBuilder {
        SessionBuilder::new(cloud)
    }

    /// Returns a session for another identity in the same cloud, with the same
    /// transport and settings.
    #[must_use]
    pub fn with_credential(&self, credential: Credential) -> Self {
        credential.learn_secret();
        let cloud = self.shared.cloud.clone().with_credential(credential);
        Self { shared: Arc::new(Shared::of(cloud)), settings: self.settings.clone() }
    }

    /// Returns the same session with another observer.
    #[must_use]
    pub fn with_observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.settings.sender.observer = Some(observer);
        self
    }

    /// Returns the same session with the observer of another.
    #[must_use]
    pub fn observed_as(mut self, other: &Self) -> Self {
        self.settings.sender.observer.clone_from(&other.settings.sender.observer);
        self
    }

    /// Returns the same session with another label.
    #[must_use]
    pub fn with_label(mut self, label: &str) -> Self {
        self.settings.sender.label = Some(label.into());
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
        self.settings.sender.label.as_deref()
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

    pub(crate) fn sender(&self) -> &Sender {
        &self.settings.sender
    }

    pub(crate) fn limits(&self) -> BodyLimits {
        self.settings.limits
    }

    /// Sets what unknown keys in responses are, for this session and all that were made from it.
    pub fn set_unknown_keys(&self, unknown_keys: UnknownKeys) {
        self.validators().set_unknown_keys(unknown_keys);
    }

    pub(crate) fn validators(&self) -> &Validators {
        &self.settings.validators
    }

    pub(crate) fn discovered(&self) -> &Discovered {
        &self.settings.discovered
    }

    /// Asks the observer whether a call may be sent, and with which headers of its own.
    pub(crate) fn before(&self, call: &CallInfo<'_>) -> Result<HeaderMap, Refusal> {
        let Some(observer) = &self.sender().observer else { return Ok(HeaderMap::new()) };
        observer.before(call)?;
        Ok(observer.headers(call))
    }
}

impl Shared {
    fn of(cloud: CloudConfig) -> Self {
        Self {
            cloud,
            tokens: tokens::Tokens::default(),
            endpoints: endpoints::Endpoints::default(),
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("cloud", &self.shared.cloud)
            .field("label", &self.label())
            .finish_non_exhaustive()
    }
}
