//! The readiness checks of a cloud's processes.

use super::backing;
use super::probe::check;
use crate::backing::Ready;
use crate::component::{Component, Service};
use crate::plan::Process;
use crate::site::Site;

/// Returns the checks that hold once a process answers; none for a process that works
/// only through the broker, whose state its service's API reports.
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
