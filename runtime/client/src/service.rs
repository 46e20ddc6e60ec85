//! A session with one service.

pub(crate) mod description;

use std::sync::Arc;

use squall_model::VersionRange;

use crate::negotiate::VersionChoice;
use crate::session::Session;
use crate::validate::Validation;

pub use description::ServiceDescription;

/// A session with one service, and how its calls choose their microversion.
///
/// Generated clients wrap it. It is cheap to clone.
#[derive(Debug, Clone)]
pub struct ServiceClient {
    session: Session,
    service: Arc<ServiceDescription>,
    version: VersionChoice,
    validation: Option<Validation>,
}

impl ServiceClient {
    /// Creates a client that uses the newest microversion that the spec and the cloud have.
    pub fn new(session: Session, service: impl Into<ServiceDescription>) -> Self {
        Self {
            session,
            service: Arc::new(service.into()),
            version: VersionChoice::default(),
            validation: None,
        }
    }

    /// Sets the microversion of calls that do not set their own.
    #[must_use]
    pub fn with_version(mut self, version: impl Into<VersionChoice>) -> Self {
        self.version = version.into();
        self
    }

    /// Overrides the session's choice of what violations of a spec do.
    #[must_use]
    pub fn with_validation(mut self, validation: Validation) -> Self {
        self.validation = Some(validation);
        self
    }

    /// Returns the session.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Returns the description of the service.
    pub fn service(&self) -> &ServiceDescription {
        &self.service
    }

    pub(crate) fn shared_service(&self) -> &Arc<ServiceDescription> {
        &self.service
    }

    /// Returns how calls choose their microversion.
    pub fn version(&self) -> VersionChoice {
        self.version
    }

    /// Returns what violations of a spec do.
    pub fn validation(&self) -> Validation {
        self.validation.unwrap_or_else(|| self.session.validation())
    }
}

impl Session {
    /// Returns a client for a service, described by its `SPEC` or by a plugin.
    ///
    /// If the configuration has a `<service>_default_microversion`, the client
    /// uses no microversion above it.
    pub fn service(&self, service: impl Into<ServiceDescription>) -> ServiceClient {
        let service = service.into();
        let ceiling = self.cloud().for_service(&service).microversion;
        let client = ServiceClient::new(self.clone(), service);
        match ceiling {
            None => client,
            ceiling => client.with_version(VersionChoice::Within(VersionRange::new(None, ceiling))),
        }
    }
}
