//! A service as the embedded cloud serves it: below one prefix of the cloud's address.

use squall_model::ServiceSpec;
use squall_model::service::{MountPath, ServiceProfile};

use crate::route::Routes;

/// A service: what is particular about it, where it is served, and its routes.
#[derive(Debug)]
pub(crate) struct Mount {
    pub(crate) service: &'static ServiceProfile,
    pub(crate) path: MountPath,
    pub(crate) spec: &'static ServiceSpec,
    pub(crate) routes: Routes,
}

impl Mount {
    /// Mounts a service; `None` for one without a place in the table of services.
    pub(crate) fn new(spec: &'static ServiceSpec) -> Option<Self> {
        let service = spec.profile();
        let routes = Routes::new(spec.operations);
        Some(Self { service, path: service.mount?, spec, routes })
    }
}
