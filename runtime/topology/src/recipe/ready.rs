//! When a process of a cloud answers.

use super::backing;
use crate::backing::Ready;
use crate::component::{Component, Service};
use crate::plan::Process;
use crate::site::Site;

/// Gives what holds once a process answers; nothing for one that only works
/// through the broker, of which its service's API tells.
pub fn ready(site: &Site, process: &Process) -> Vec<Ready> {
    let http = |path: &str, statuses: &[u16]| {
        let port = site.port(&process.id);
        vec![Ready::Http(format!("http://127.0.0.1:{port}{path}"), statuses.to_vec())]
    };
    match process.component {
        Component::Database => vec![backing::database(site).ready()],
        Component::PortMapper => vec![backing::broker(site).mapper_ready()],
        Component::Broker => vec![backing::broker(site).ready()],
        Component::Cache => vec![backing::cache(site).ready()],
        Component::LoadBalancer => {
            backing::balancer(site).map_or_else(Vec::new, |balancer| balancer.ready())
        }
        Component::SwiftAccount | Component::SwiftContainer | Component::SwiftObject => {
            http("/healthcheck", &[200])
        }
        component if component.is_api() => {
            let service = component.service().unwrap_or(Service::Keystone);
            let (path, statuses) = check(service);
            http(path, statuses)
        }
        _ => Vec::new(),
    }
}

/// The path of a service that anyone may read, and the statuses it answers with.
pub(super) const fn check(service: Service) -> (&'static str, &'static [u16]) {
    match service {
        Service::Keystone => ("/v3", &[200]),
        // A list of versions is `300 Multiple Choices` in some releases.
        Service::Glance | Service::Cinder => ("/", &[200, 300]),
        Service::Swift => ("/healthcheck", &[200]),
        Service::Placement | Service::Neutron | Service::Nova => ("/", &[200]),
    }
}
