//! A session with one service.

use std::borrow::Cow;
use std::sync::Arc;

use squall_model::service::ServiceProfile;
use squall_model::{ServiceSpec, VersionRange};

use crate::call::{Call, OperationRef};
use crate::decode::Decoder;
use crate::negotiate::VersionChoice;
use crate::session::Session;
use crate::validate::Validation;

/// A service as a client sees it: from its spec, or declared by a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceDescription {
    /// Our name, the first part of its operations' ids.
    pub name: Cow<'static, str>,
    /// The official service type; its aliases are found too.
    pub service_type: Cow<'static, str>,
    /// The path of the API version below the endpoint, or empty.
    pub version_path: Cow<'static, str>,
    /// The microversions in the spec; open at both ends if there are none.
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

    /// Returns how calls choose their microversion.
    pub fn version(&self) -> VersionChoice {
        self.version
    }

    /// Returns what violations of a spec do.
    pub fn validation(&self) -> Validation {
        self.validation.unwrap_or_else(|| self.session.validation())
    }

    /// Creates a call of an operation.
    pub fn call<T>(&self, operation: impl Into<OperationRef>, decode: Decoder<T>) -> Call<T> {
        Call::new(self.clone(), operation.into(), decode)
    }

    /// Returns the microversions that the service offers in this cloud; `None` for
    /// a service without microversions.
    ///
    /// The service is asked once per session and endpoint.
    pub async fn cloud_versions(&self) -> Result<Option<VersionRange>, crate::Error> {
        crate::discovery::versions(self).await
    }
}
