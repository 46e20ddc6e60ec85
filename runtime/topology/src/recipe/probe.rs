//! How a service shows that it answers, without a token.

use crate::component::Service;

/// A path of the service that needs no token, and its expected statuses.
pub(super) const fn check(service: Service) -> (&'static str, &'static [u16]) {
    match service {
        Service::Keystone => ("/v3", &[200]),
        // A list of versions is `300 Multiple Choices` in some releases.
        Service::Glance | Service::Cinder => ("/", &[200, 300]),
        Service::Swift => ("/healthcheck", &[200]),
        Service::Placement | Service::Neutron | Service::Nova => ("/", &[200]),
    }
}
