//! What services need of each other: to start, to serve, to be upgraded.

use crate::component::Service;
use crate::document::Entry;

/// A purpose for which one service needs another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It answers before the other's processes start.
    Start,
    /// It answers before the other can do its work.
    Serve,
    /// It is upgraded before the other.
    Upgrade,
}

/// What one service needs, of those that there are.
#[derive(Debug, Clone, Default)]
pub(super) struct Resolved {
    pub(super) start: Vec<Service>,
    pub(super) serve: Vec<Service>,
    pub(super) upgrade: Vec<Service>,
}

/// A service needed, and whether the other can do without.
#[derive(Debug, Clone, Copy)]
pub(super) struct Need {
    pub(super) service: Service,
    pub(super) required: bool,
}

const fn required(service: Service) -> Need {
    Need { service, required: true }
}

/// Used where it is there.
const fn optional(service: Service) -> Need {
    Need { service, required: false }
}

impl Purpose {
    pub(super) const ALL: [Self; 3] = [Self::Start, Self::Serve, Self::Upgrade];

    /// The word for it in a document.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Serve => "serve",
            Self::Upgrade => "upgrade",
        }
    }

    /// What a document says.
    pub(super) fn said<'a>(self, entry: &Entry<'a>) -> Option<&'a Vec<Service>> {
        match self {
            Self::Start => entry.needs.start.as_ref(),
            Self::Serve => entry.needs.serve.as_ref(),
            Self::Upgrade => entry.needs.upgrade.as_ref(),
        }
    }

    /// What is known of a service.
    pub(super) const fn known(self, service: Service) -> &'static [Need] {
        match self {
            Self::Start => start(service),
            Self::Serve => serve(service),
            Self::Upgrade => upgrade(service),
        }
    }

    /// What a service needs, of those that there are, in their usual order.
    pub(super) fn of(self, entry: &Entry<'_>, entries: &[Entry<'_>]) -> Vec<Service> {
        let wanted: Vec<Service> = match self.said(entry) {
            Some(said) => said.clone(),
            None => self.known(entry.service).iter().map(|need| need.service).collect(),
        };
        let there = |service: &Service| entries.iter().any(|entry| entry.service == *service);
        Service::ALL.into_iter().filter(|s| wanted.contains(s)).filter(there).collect()
    }
}

/// Everyone checks tokens with keystone, and finds the others in its catalog.
/// What else is missing at the start, services ask for again.
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
        // A volume can be made of an image; without images it still is a volume.
        Service::Cinder => const { &[required(Service::Keystone), optional(Service::Glance)] },
        // A server is an image on a host that placement finds, with ports; it may
        // have volumes.
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

/// Those whose APIs a service calls go first, so that nobody meets an API older
/// than itself: keystone before all, nova, which calls everyone, last.
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

/// Gives what each service needs.
pub(super) fn all(entries: &[Entry<'_>]) -> Vec<Resolved> {
    let of = |entry: &Entry<'_>| Resolved {
        start: Purpose::Start.of(entry, entries),
        serve: Purpose::Serve.of(entry, entries),
        upgrade: Purpose::Upgrade.of(entry, entries),
    };
    entries.iter().map(of).collect()
}
