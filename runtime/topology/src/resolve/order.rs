//! Orders services and processes after those they need.

use super::components::{stands_on, waits_for};
use crate::component::{Component, Service};
use crate::plan::{Process, ServicePlan};

/// Orders services after those they need to start. There are no cycles among them.
pub(super) fn services(services: Vec<ServicePlan>) -> Vec<ServicePlan> {
    sorted(services, |service| service.service, |service| service.needs_to_start.clone())
}

/// Fills in the processes that each process waits for, and orders it after them.
pub(super) fn processes(mut processes: Vec<Process>, services: &[ServicePlan]) -> Vec<Process> {
    let ids: Vec<(Component, String)> =
        processes.iter().map(|process| (process.component, process.id.clone())).collect();
    for process in &mut processes {
        let mut awaited: Vec<Component> = waits_for(process.component).to_vec();
        let own = services.iter().find(|s| Some(s.service) == process.component.service());
        if let Some(own) = own {
            awaited.extend(stands_on(own.service));
            for needed in services.iter().filter(|s| own.needs_to_start.contains(&s.service)) {
                awaited.extend(ids.iter().map(|(c, _)| *c).filter(|c| answers(*c, needed.service)));
            }
        }
        // A service behind the load balancer cannot be reached without it.
        let fronted = |service: &ServicePlan| {
            let api = |c: &Component| answers(*c, service.service);
            service.fronted
                && Some(service.service) != process.component.service()
                && awaited.iter().any(api)
        };
        if services.iter().any(fronted) {
            awaited.push(Component::LoadBalancer);
        }
        let waits = |(component, _): &&(Component, String)| awaited.contains(component);
        process.after = ids.iter().filter(waits).map(|(_, id)| id.clone()).collect();
    }
    sorted(processes, |process| process.id.clone(), |process| process.after.clone())
}

/// Whether a service answers through this component.
fn answers(component: Component, service: Service) -> bool {
    component.is_api() && component.service() == Some(service)
}

/// Orders each item after those that it names, and otherwise keeps the order. Items of
/// a cycle come last, in their order.
fn sorted<T, K: PartialEq>(
    mut items: Vec<T>,
    key: impl Fn(&T) -> K,
    behind: impl Fn(&T) -> Vec<K>,
) -> Vec<T> {
    let mut done: Vec<T> = Vec::new();
    while !items.is_empty() {
        let free = |item: &T| behind(item).iter().all(|k| done.iter().any(|d| key(d) == *k));
        match items.iter().position(free) {
            Some(next) => done.push(items.remove(next)),
            None => done.append(&mut items),
        }
    }
    done
}
