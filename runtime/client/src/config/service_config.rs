//! What a configuration says about one service only.

use squall_model::Microversion;
use squall_model::service::{aliases, official};

use super::CloudConfig;
use crate::catalog::Interface;
use crate::service::description::ServiceDescription;

/// The keys of a cloud that hold for one service only, such as
/// `compute_endpoint_override`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceConfig {
    /// `<service>_endpoint_override`: its URL, in place of the catalog's.
    pub endpoint: Option<String>,
    /// `<service>_interface`, in place of the cloud's.
    pub interface: Option<Interface>,
    /// `<service>_region_name`, in place of the cloud's.
    pub region: Option<String>,
    /// `<service>_default_microversion`: no call is above it.
    pub microversion: Option<Microversion>,
    /// `<service>_service_type`: its type in the catalog.
    pub service_type: Option<String>,
    /// `<service>_service_name`: its name in the catalog, where there are several of
    /// its type.
    pub service_name: Option<String>,
}

impl CloudConfig {
    /// Returns what the configuration says about a service only.
    ///
    /// The service may be named by its official type, an alias or our own name, with
    /// `_` or `-`; where it is named by several, the official type comes first.
    pub fn for_service(&self, service: &ServiceDescription) -> ServiceConfig {
        let mut found = ServiceConfig::default();
        let names = aliases(&service.service_type).chain([service.name.as_ref()]);
        for own in names.filter_map(|name| self.services.get(&key(name))) {
            found.fill_from(own);
        }
        found
    }

    pub(super) fn service_mut(&mut self, name: &str) -> &mut ServiceConfig {
        self.services.entry(key(name)).or_default()
    }
}

impl ServiceConfig {
    /// Takes what is not there from another.
    fn fill_from(&mut self, other: &Self) {
        fn fill<T: Clone>(own: &mut Option<T>, other: Option<&T>) {
            if own.is_none() {
                *own = other.cloned();
            }
        }
        fill(&mut self.endpoint, other.endpoint.as_ref());
        fill(&mut self.interface, other.interface.as_ref());
        fill(&mut self.region, other.region.as_ref());
        fill(&mut self.microversion, other.microversion.as_ref());
        fill(&mut self.service_type, other.service_type.as_ref());
        fill(&mut self.service_name, other.service_name.as_ref());
    }
}

/// A service's name as the configuration spells it.
fn key(name: &str) -> String {
    name.replace('-', "_")
}

/// Whether a name is that of a service that OpenStack knows.
pub(super) fn is_known(name: &str) -> bool {
    squall_model::service::is_official(official(name))
}
