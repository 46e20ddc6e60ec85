//! The upper part: services above those they need, the load balancer on top, and the
//! backing services below.

use std::collections::BTreeMap;

use super::canvas::{Anchor, Box, Canvas};
use super::{MARGIN, WIDTH};
use crate::component::{Component, Service};
use crate::plan::{Plan, ServicePlan};

/// One column each, so that the lines from the load balancer do not cross boxes; nova,
/// which needs most, is in the middle.
const COLUMNS: [Service; 7] = [
    Service::Swift,
    Service::Cinder,
    Service::Glance,
    Service::Keystone,
    Service::Nova,
    Service::Placement,
    Service::Neutron,
];
const SIZE: (f64, f64) = (140.0, 62.0);
const STEP: f64 = 108.0;

/// Draws the services from `top` down and returns the lower edge.
pub(super) fn draw(canvas: &mut Canvas, plan: &Plan, top: f64) -> f64 {
    let ranks = ranks(plan);
    let highest = ranks.values().max().copied().unwrap_or_default();
    let mut y = top;
    if plan.front.is_some() {
        y += 34.0 + 46.0;
    }
    let boxes = boxes(plan, &ranks, highest, y);
    front(canvas, plan, &boxes, top);
    for (service, from) in &boxes {
        for needed in direct(plan, *service, &ranks) {
            if let Some(to) = boxes.get(&needed) {
                canvas.arrow("arrow", (from.middle(), from.bottom()), (to.middle(), to.y - 1.0));
            }
        }
    }
    for service in &plan.services {
        if let Some(at) = boxes.get(&service.service) {
            one(canvas, plan, service, *at);
        }
    }
    let lowest = boxes.values().map(Box::bottom).fold(y, f64::max);
    backing(canvas, plan, lowest + 44.0)
}

/// The number of steps between a service and those that need nothing.
fn ranks(plan: &Plan) -> BTreeMap<Service, u32> {
    let mut ranks: BTreeMap<Service, u32> =
        plan.services.iter().map(|service| (service.service, 0)).collect();
    // Services may need each other to serve, so the number of rounds is limited.
    for _ in &plan.services {
        for service in &plan.services {
            let below = needs(service).filter_map(|needed| ranks.get(&needed).copied()).max();
            let most = u32::try_from(plan.services.len()).unwrap_or(u32::MAX);
            let rank = below.map_or(0, |below| below + 1).min(most);
            ranks.insert(service.service, rank);
        }
    }
    ranks
}

fn needs(service: &ServicePlan) -> impl Iterator<Item = Service> {
    let serve = service.needs_to_serve.iter().copied();
    let more = service.needs_to_start.iter().copied();
    serve.chain(more.filter(|needed| !service.needs_to_serve.contains(needed)))
}

/// The direct needs of a service, without those implied by its other needs.
fn direct(plan: &Plan, service: Service, ranks: &BTreeMap<Service, u32>) -> Vec<Service> {
    let of = |service| plan.services.iter().find(|s| s.service == service);
    let needed: Vec<Service> = of(service).into_iter().flat_map(needs).collect();
    let rank = |service: &Service| ranks.get(service).copied().unwrap_or_default();
    let through = |target: &Service| {
        needed.iter().any(|other| {
            rank(other) > rank(target) && of(*other).is_some_and(|o| needs(o).any(|n| n == *target))
        })
    };
    needed.iter().copied().filter(|target| !through(target)).collect()
}

fn boxes(
    plan: &Plan,
    ranks: &BTreeMap<Service, u32>,
    highest: u32,
    top: f64,
) -> BTreeMap<Service, Box> {
    let there: Vec<Service> = COLUMNS.into_iter().filter(|s| ranks.contains_key(s)).collect();
    let columns = u32::try_from(there.len().max(1)).unwrap_or(1);
    let wide = (WIDTH - 2.0 * MARGIN) / f64::from(columns);
    let mut left = MARGIN;
    let mut boxes = BTreeMap::new();
    for service in there {
        let rank = ranks.get(&service).copied().unwrap_or_default();
        let y = top + f64::from(highest - rank) * STEP;
        let x = left + (wide - SIZE.0) / 2.0;
        boxes.insert(service, Box { x, y, width: SIZE.0, height: SIZE.1 });
        left += wide;
    }
    debug_assert_eq!(boxes.len(), plan.services.len());
    boxes
}

fn one(canvas: &mut Canvas, plan: &Plan, service: &ServicePlan, at: Box) {
    canvas.striped(at, service.service.name());
    canvas.text(at.x + 16.0, at.y + 20.0, "name", Anchor::Start, service.service.name());
    let own = plan.processes.iter().filter(|p| p.component.service() == Some(service.service));
    let (mut count, mut releases) = (0, vec![service.release.as_str()]);
    for process in own {
        count += 1;
        if let Some(release) = process.release.as_deref()
            && !releases.contains(&release)
        {
            releases.push(release);
        }
    }
    let processes = if count == 1 { "1 process".to_owned() } else { format!("{count} processes") };
    canvas.text(at.x + 16.0, at.y + 37.0, "soft", Anchor::Start, &processes);
    let releases = format!("release {}", releases.join(", "));
    canvas.text(at.x + 16.0, at.y + 53.0, "soft", Anchor::Start, &releases);
}

fn front(canvas: &mut Canvas, plan: &Plan, boxes: &BTreeMap<Service, Box>, top: f64) {
    let Some(front) = &plan.front else { return };
    let bar = Box { x: MARGIN, y: top, width: WIDTH - 2.0 * MARGIN, height: 34.0 };
    for backend in &front.backends {
        if let Some(at) = boxes.get(&backend.service) {
            canvas.arrow("lane", (at.middle(), bar.bottom()), (at.middle(), at.y - 1.0));
            let count = format!("×{}", backend.processes.len());
            canvas.text(at.middle() + 8.0, bar.bottom() + 18.0, "soft", Anchor::Start, &count);
        }
    }
    canvas.striped(bar, "backing");
    let words = format!("{} ({})", front.process, front.kind);
    canvas.text(bar.middle(), bar.y + 22.0, "name", Anchor::Middle, &words);
}

fn backing(canvas: &mut Canvas, plan: &Plan, top: f64) -> f64 {
    let frame = Box { x: MARGIN, y: top, width: WIDTH - 2.0 * MARGIN, height: 62.0 };
    canvas.rect(frame, "frame", 6.0);
    canvas.text(frame.x + 16.0, top + 36.0, "soft", Anchor::Start, "all of them stand on");
    let parts = [
        (Component::Database, "MariaDB"),
        (Component::Broker, "RabbitMQ"),
        (Component::Cache, "memcached"),
    ];
    let mut x = frame.x + 170.0;
    for (component, program) in parts {
        if plan.processes.iter().any(|process| process.component == component) {
            let at = Box { x, y: top + 12.0, width: 200.0, height: 38.0 };
            canvas.striped(at, "backing");
            canvas.text(at.x + 16.0, at.y + 24.0, "name", Anchor::Start, component.name());
            canvas.text(at.x + 188.0, at.y + 24.0, "soft", Anchor::End, program);
            x += 240.0;
        }
    }
    frame.bottom()
}
