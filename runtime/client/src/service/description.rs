//! A service as a client sees it.

use std::borrow::Cow;

use squall_model::service::ServiceProfile;
use squall_model::{ServiceSpec, VersionRange};

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
