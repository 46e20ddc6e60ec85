//! A service as the embedded cloud serves it: below one prefix of the cloud's address.

use std::sync::Arc;

use squall_model::ServiceSpec;
use squall_model::service::{MountPath, ServiceProfile};

use crate::engine::{DescribedService, Engine};
use crate::policy::ServiceRules;
use crate::route::Routes;
use crate::world::object_storage::is_the_stores;

/// A service: what is particular about it, where it is served, and its routes.
#[derive(Debug)]
pub(crate) struct Mount {
    pub(crate) service: ServiceProfile,
    pub(crate) path: MountPath,
    pub(crate) spec: &'static ServiceSpec,
    pub(crate) routes: Routes,
    /// What answers for a service that is served from its description.
    pub(crate) engine: Option<Engine>,
    /// The policy rules of the service, if it has any.
    pub(crate) rules: Option<Arc<ServiceRules>>,
}

impl Mount {
    /// Mounts a service; `None` for one without a place in the table of services.
    pub(crate) fn new(spec: &'static ServiceSpec) -> Option<Self> {
        let service = spec.profile();
        let routes = Routes::new(spec.operations);
        Some(Self {
            service: *service,
            path: service.mount?,
            spec,
            routes,
            engine: None,
            rules: None,
        })
    }

    /// Mounts a service that is served from its description, below its type.
    pub(crate) fn described(service: DescribedService, seed: u64) -> Self {
        let spec = service.spec;
        let engine = Engine::new(service, seed);
        let service = ServiceProfile {
            name: spec.name,
            service_type: spec.service_type,
            fault: engine.fault(),
            ..*spec.profile()
        };
        let path = MountPath { prefix: spec.service_type, endpoint: "" };
        let routes = Routes::new(spec.operations);
        Self { service, path, spec, routes, engine: Some(engine), rules: None }
    }

    /// Returns what is left of a path below the service's prefix; `None` for another
    /// service's path.
    pub(crate) fn below<'a>(&self, path: &'a str) -> Option<&'a str> {
        let prefix = self.path.prefix;
        if prefix.is_empty() {
            return is_the_stores(path).then_some(path);
        }
        let rest = path.strip_prefix('/')?.strip_prefix(prefix)?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    }
}
