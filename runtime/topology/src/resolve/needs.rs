//! Which services each service needs: to start, to serve, and to be upgraded.

use crate::component::Service;
use crate::document::Entry;

/// A purpose for which one service needs another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The needed service answers before the other's processes start.
    Start,
    /// The needed service answers before the other can do its work.
    Serve,
    /// The needed service is upgraded before the other.
    Upgrade,
}

/// The services that one service needs, among those of the topology.
#[derive(Debug, Clone, Default)]
pub(super) struct Resolved {
    pub(super) start: Vec<Service>,
    pub(super) serve: Vec<Service>,
    pub(super) upgrade: Vec<Service>,
}

/// A needed service, and whether it is optional.
#[derive(Debug, Clone, Copy)]
pub(super) struct Need {
    pub(super) service: Service,
    pub(super) required: bool,
}

const fn required(service: Service) -> Need {
    Need { service, required: true }
}

/// Used where the topology has it.
const fn optional(service: Service) -> Need {
    Need { service, required: false }
}

impl Purpose {
    pub(super) const ALL: [Self; 3] = [Self::Start, Self::Serve, Self::Upgrade];

    /// Its key in a document.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Serve => "serve",
            Self::Upgrade => "upgrade",
        }
    }

    /// The services named in a document.
    pub(super) fn said<'a>(self, entry: &Entry<'a>) -> Option<&'a Vec<Service>> {
        match self {
            Self::Start => entry.needs.start.as_ref(),
            Self::Serve => entry.needs.serve.as_ref(),
            Self::Upgrade => entry.needs.upgrade.as_ref(),
        }
    }

    /// The known needs of a service.
    pub(super) const fn known(self, service: Service) -> &'static [Need] {
        match self {
            Self::Start => start(service),
            Self::Serve => serve(service),
            Self::Upgrade => upgrade(service),
        }
    }

    /// The services that a service needs, among those of the topology, in their usual order.
    pub(super) fn of(self, entry: &Entry<'_>, entries: &[Entry<'_>]) -> Vec<Service> {
        let wanted: Vec<Service> = match self.said(entry) {
            Some(said) => said.clone(),
            None => self.known(entry.service).iter().map(|need| need.service).collect(),
        };
        let there = |service: &Service| entries.iter().any(|entry| entry.service == *service);
        Service::ALL.into_iter().filter(|s| wanted.contains(s)).filter(there).collect()
    }
}

/// All services validate tokens with keystone, and find the others in its catalog.
/// They retry whatever else is missing when they start.
const fn start(service: Service) -> &'static [Need] {
    match service {
        Service::Keystone => &[],
        _ => const { &[required(Service::Keystone)] },
    }
}

const fn serve(service: Service) -> &'static [Need] {
    match service {
        Service::Keystone => &[],
        Service::Glance | Service::Placement | Service::Swift => {
            const { &[required(Service::Keystone)] }
        }
        // Ports with guaranteed bandwidth are counted in placement.
        Service::Neutron => const { &[required(Service::Keystone), optional(Service::Placement)] },
        // Volumes may be created from images; those without an image need none.
        Service::Cinder => const { &[required(Service::Keystone), optional(Service::Glance)] },
        // A server has an image, a host found by placement, ports, and possibly volumes.
        Service::Nova => {
            const {
                &[
                    required(Service::Keystone),
                    required(Service::Glance),
                    required(Service::Placement),
                    required(Service::Neutron),
                    optional(Service::Cinder),
                ]
            }
        }
    }
}

/// Services are upgraded after those whose APIs they call, so that none meets an API
/// older than itself: keystone first; nova, which calls all others, last.
const fn upgrade(service: Service) -> &'static [Need] {
    match service {
        Service::Keystone => &[],
        Service::Glance | Service::Placement | Service::Swift => {
            const { &[optional(Service::Keystone)] }
        }
        Service::Neutron => const { &[optional(Service::Keystone), optional(Service::Placement)] },
        Service::Cinder => const { &[optional(Service::Keystone), optional(Service::Glance)] },
        Service::Nova => {
            const {
                &[
                    optional(Service::Keystone),
                    optional(Service::Glance),
                    optional(Service::Placement),
                    optional(Service::Neutron),
                    optional(Service::Cinder),
                ]
            }
        }
    }
}

/// Returns the needs of each service.
pub(super) fn all(entries: &[Entry<'_>]) -> Vec<Resolved> {
    let of = |entry: &Entry<'_>| Resolved {
        start: Purpose::Start.of(entry, entries),
        serve: Purpose::Serve.of(entry, entries),
        upgrade: Purpose::Upgrade.of(entry, entries),
    };
    entries.iter().map(of).collect()
}
