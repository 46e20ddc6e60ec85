//! A session at one service.

use std::borrow::Cow;
use std::sync::Arc;

use squall_model::service::ServiceProfile;
use squall_model::{ServiceSpec, VersionRange};

use crate::call::{Call, OperationRef};
use crate::decode::Decoder;
use crate::negotiate::VersionChoice;
use crate::session::Session;
use crate::validate::Validation;

/// What a client has to know of a service: of ours from its spec, of a plugin's
/// from what the plugin says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceDescription {
    /// Our name, the first part of its operations' ids.
    pub name: Cow<'static, str>,
    /// The official service type; aliases of it are found too.
    pub service_type: Cow<'static, str>,
    /// The path of the API version below the endpoint, or nothing.
    pub version_path: Cow<'static, str>,
    /// The microversions in the spec; open at both ends where there are none.
    pub versions: VersionRange,
}

impl ServiceDescription {
    /// Returns what is particular about the service on the wire.
    pub fn profile(&self) -> &'static ServiceProfile {
        ServiceProfile::of(&self.service_type)
    }
}

impl From<&ServiceSpec> for ServiceDescription {
    fn from(spec: &ServiceSpec) -> Self {
        Self {
            name: spec.name.into(),
            service_type: spec.service_type.into(),
            version_path: spec.version_path.into(),
            versions: spec.versions,
        }
    }
}

/// A session at one service, and how its calls choose their microversion.
///
/// Generated clients wrap it. It is cheap to clone; `with_…` give a changed one.
#[derive(Debug, Clone)]
pub struct ServiceClient {
    session: Session,
    service: Arc<ServiceDescription>,
    version: VersionChoice,
    validation: Option<Validation>,
}

impl ServiceClient {
    /// Makes a client, which calls at the newest version that all sides have.
    pub fn new(session: Session, service: impl Into<ServiceDescription>) -> Self {
        Self {
            session,
            service: Arc::new(service.into()),
            version: VersionChoice::default(),
            validation: None,
        }
    }

    /// Chooses the microversion of all calls that choose none themselves.
    #[must_use]
    pub fn with_version(mut self, version: impl Into<VersionChoice>) -> Self {
        self.version = version.into();
        self
    }

    /// Chooses what violations of a spec do, in place of the session's choice.
    #[must_use]
    pub fn with_validation(mut self, validation: Validation) -> Self {
        self.validation = Some(validation);
        self
    }

    /// Gives the session.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Returns what is known of the service.
    pub fn service(&self) -> &ServiceDescription {
        &self.service
    }

    /// Gives how calls choose their microversion.
    pub fn version(&self) -> VersionChoice {
        self.version
    }

    /// Gives what violations of a spec do.
    pub fn validation(&self) -> Validation {
        self.validation.unwrap_or_else(|| self.session.validation())
    }

    /// Starts a call of an operation.
    pub fn call<T>(&self, operation: impl Into<OperationRef>, decode: Decoder<T>) -> Call<T> {
        Call::new(self.clone(), operation.into(), decode)
    }

    /// Gives the microversions that the cloud says the service has; `None` for
    /// a service without any.
    ///
    /// It is asked once a session and endpoint.
    pub async fn cloud_versions(&self) -> Result<Option<VersionRange>, crate::Error> {
        crate::discovery::versions(self).await
    }
}
