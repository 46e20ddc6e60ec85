//! The facts about each component: its short name, how many processes it may have and
//! why, how many workers it forks, and what it waits for.

use crate::component::{Component, Service};

/// The facts about a component.
pub(super) struct Known {
    pub(super) component: Component,
    /// Its name within its service.
    pub(super) short: &'static str,
    /// How many processes it may have.
    pub(super) number: Number,
    /// The default number of workers of a process; 0 where it forks none.
    pub(super) workers: u32,
}

/// How many processes of a component there may be.
pub(super) enum Number {
    /// None, one or more.
    Any,
    /// One or more.
    Some,
    /// One per node, with the reason.
    OneANode(&'static str),
    /// Exactly one, with the reason.
    One(&'static str),
    /// One or none, with the reason for not more.
    OneOrNone(&'static str),
}

const fn some(component: Component, short: &'static str, workers: u32) -> Known {
    Known { component, short, number: Number::Some, workers }
}

/// Returns a service's components in the order of the table.
pub(super) const fn of(service: Service) -> &'static [Known] {
    match service {
        Service::Keystone => KEYSTONE,
        Service::Glance => GLANCE,
        Service::Placement => PLACEMENT,
        Service::Neutron => NEUTRON,
        Service::Cinder => CINDER,
        Service::Nova => NOVA,
        Service::Swift => SWIFT,
    }
}

/// All services validate tokens with keystone, whose processes have one thread each:
/// with several threads, one request was seen to get the roles of another (keystone
/// 30.0.0 under `POST application_credentials`).
const KEYSTONE: &[Known] = &[some(Component::KeystoneApi, "api", 3)];
const GLANCE: &[Known] = &[some(Component::GlanceApi, "api", 1)];
const PLACEMENT: &[Known] = &[some(Component::PlacementApi, "api", 1)];
const NEUTRON: &[Known] = &[
    some(Component::NeutronApi, "api", 1),
    some(Component::NeutronRpc, "rpc", 1),
    Known {
        component: Component::NeutronPeriodic,
        short: "periodic",
        number: Number::OneOrNone("periodic tasks run once per cloud"),
        workers: 0,
    },
    Known {
        component: Component::NeutronAgents,
        short: "agents",
        number: Number::One("one stand-in reports the agents of all nodes"),
        workers: 0,
    },
];
const CINDER: &[Known] = &[
    some(Component::CinderApi, "api", 1),
    some(Component::CinderScheduler, "scheduler", 0),
    some(Component::CinderVolume, "volume", 0),
    Known { component: Component::CinderBackup, short: "backup", number: Number::Any, workers: 1 },
];
const NOVA: &[Known] = &[
    some(Component::NovaApi, "api", 1),
    some(Component::NovaConductor, "conductor", 1),
    some(Component::NovaScheduler, "scheduler", 1),
    Known {
        component: Component::NovaCompute,
        short: "compute",
        number: Number::OneANode("nova allows one compute service per host"),
        workers: 0,
    },
];
const SWIFT: &[Known] = &[
    some(Component::SwiftAccount, "account", 0),
    some(Component::SwiftContainer, "container", 0),
    some(Component::SwiftObject, "object", 0),
    some(Component::SwiftProxy, "proxy", 0),
];

/// The backing services that a service uses.
pub(super) const fn stands_on(service: Service) -> &'static [Component] {
    match service {
        Service::Keystone | Service::Glance | Service::Placement => {
            &[Component::Database, Component::Cache]
        }
        Service::Neutron | Service::Cinder | Service::Nova => {
            &[Component::Database, Component::Broker, Component::Cache]
        }
        Service::Swift => &[Component::Cache],
    }
}

/// The components that have to be ready before one starts, besides the services that
/// its own service needs.
pub(super) const fn waits_for(component: Component) -> &'static [Component] {
    match component {
        // It registers its name there.
        Component::Broker => &[Component::PortMapper],
        // Its first call goes to a conductor. It reports its inventory to placement at its
        // start, and again only a minute later.
        Component::NovaCompute => &[Component::NovaConductor, Component::PlacementApi],
        // Agents report their state to it; a lost report makes them look down for a while.
        Component::NeutronAgents => &[Component::NeutronRpc],
        Component::SwiftProxy => {
            &[Component::SwiftAccount, Component::SwiftContainer, Component::SwiftObject]
        }
        _ => &[],
    }
}
