//! The kinds of process that make up a cloud, and the services they belong to.
//! How each is configured is in `recipe`.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An OpenStack service that can be brought up.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// Identity.
    Keystone,
    /// Images.
    Glance,
    /// Resource providers and allocations.
    Placement,
    /// Networks.
    Neutron,
    /// Volumes.
    Cinder,
    /// Servers.
    Nova,
    /// Objects.
    Swift,
}

/// A kind of process.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Component {
    /// `mariadbd`.
    Database,
    /// Erlang's port mapper, which the broker registers with.
    PortMapper,
    /// `rabbitmq-server`.
    Broker,
    /// `memcached`.
    Cache,
    /// `haproxy`, in front of the API processes.
    LoadBalancer,
    /// Keystone's API.
    KeystoneApi,
    /// Glance's API.
    GlanceApi,
    /// Placement's API.
    PlacementApi,
    /// Neutron's API.
    NeutronApi,
    /// Neutron's `neutron-rpc-server`.
    NeutronRpc,
    /// Neutron's `neutron-periodic-workers`.
    NeutronPeriodic,
    /// The stand-in for all of Neutron's agents.
    NeutronAgents,
    /// Cinder's API.
    CinderApi,
    /// Cinder's scheduler.
    CinderScheduler,
    /// Cinder's volume service.
    CinderVolume,
    /// Cinder's backup service.
    CinderBackup,
    /// Nova's API.
    NovaApi,
    /// Nova's conductor.
    NovaConductor,
    /// Nova's scheduler.
    NovaScheduler,
    /// Nova's compute service, one per node.
    NovaCompute,
    /// Swift's account server.
    SwiftAccount,
    /// Swift's container server.
    SwiftContainer,
    /// Swift's object server.
    SwiftObject,
    /// Swift's proxy, its API.
    SwiftProxy,
}

impl Component {
    /// Returns the service that it belongs to; `None` for backing services.
    pub const fn service(self) -> Option<Service> {
        match self {
            Self::Database | Self::PortMapper | Self::Broker | Self::Cache | Self::LoadBalancer => {
                None
            }
            Self::KeystoneApi => Some(Service::Keystone),
            Self::GlanceApi => Some(Service::Glance),
            Self::PlacementApi => Some(Service::Placement),
            Self::NeutronApi | Self::NeutronRpc | Self::NeutronPeriodic | Self::NeutronAgents => {
                Some(Service::Neutron)
            }
            Self::CinderApi | Self::CinderScheduler | Self::CinderVolume | Self::CinderBackup => {
                Some(Service::Cinder)
            }
            Self::NovaApi | Self::NovaConductor | Self::NovaScheduler | Self::NovaCompute => {
                Some(Service::Nova)
            }
            Self::SwiftAccount | Self::SwiftContainer | Self::SwiftObject | Self::SwiftProxy => {
                Some(Service::Swift)
            }
        }
    }

    /// Whether it is an API that clients of the cloud call.
    pub const fn is_api(self) -> bool {
        matches!(
            self,
            Self::KeystoneApi
                | Self::GlanceApi
                | Self::PlacementApi
                | Self::NeutronApi
                | Self::CinderApi
                | Self::NovaApi
                | Self::SwiftProxy
        )
    }

    /// Returns the prefix of its processes' names: `nova-api`, `database`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::PortMapper => "port-mapper",
            Self::Broker => "broker",
            Self::Cache => "cache",
            Self::LoadBalancer => "load-balancer",
            Self::KeystoneApi => "keystone-api",
            Self::GlanceApi => "glance-api",
            Self::PlacementApi => "placement-api",
            Self::NeutronApi => "neutron-api",
            Self::NeutronRpc => "neutron-rpc",
            Self::NeutronPeriodic => "neutron-periodic",
            Self::NeutronAgents => "neutron-agents",
            Self::CinderApi => "cinder-api",
            Self::CinderScheduler => "cinder-scheduler",
            Self::CinderVolume => "cinder-volume",
            Self::CinderBackup => "cinder-backup",
            Self::NovaApi => "nova-api",
            Self::NovaConductor => "nova-conductor",
            Self::NovaScheduler => "nova-scheduler",
            Self::NovaCompute => "nova-compute",
            Self::SwiftAccount => "swift-account",
            Self::SwiftContainer => "swift-container",
            Self::SwiftObject => "swift-object",
            Self::SwiftProxy => "swift-proxy",
        }
    }
}

impl Service {
    /// Every service.
    pub const ALL: [Self; 7] = [
        Self::Keystone,
        Self::Glance,
        Self::Placement,
        Self::Neutron,
        Self::Cinder,
        Self::Nova,
        Self::Swift,
    ];

    /// Returns its project's name, as topologies spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keystone => "keystone",
            Self::Glance => "glance",
            Self::Placement => "placement",
            Self::Neutron => "neutron",
            Self::Cinder => "cinder",
            Self::Nova => "nova",
            Self::Swift => "swift",
        }
    }

    /// Returns its official service type, as the catalog has it.
    pub const fn service_type(self) -> &'static str {
        match self {
            Self::Keystone => "identity",
            Self::Glance => "image",
            Self::Placement => "placement",
            Self::Neutron => "network",
            Self::Cinder => "block-storage",
            Self::Nova => "compute",
            Self::Swift => "object-store",
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
