//! The services of a topology and their processes, each under its short name.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::group::Groups;
use super::text::{Release, Scalar, Text};
use crate::component::{Component, Service};
use crate::plan::Fragments;

/// The services of a topology; `keystone: {}` is one with every default.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Services {
    /// Identity.
    #[serde(deserialize_with = "named")]
    pub keystone: Option<ServiceDocument<KeystoneProcesses>>,
    /// Images.
    #[serde(deserialize_with = "named")]
    pub glance: Option<ServiceDocument<GlanceProcesses>>,
    /// Resource providers and allocations.
    #[serde(deserialize_with = "named")]
    pub placement: Option<ServiceDocument<PlacementProcesses>>,
    /// Networks.
    #[serde(deserialize_with = "named")]
    pub neutron: Option<ServiceDocument<NeutronProcesses>>,
    /// Volumes.
    #[serde(deserialize_with = "named")]
    pub cinder: Option<ServiceDocument<CinderProcesses>>,
    /// Servers.
    #[serde(deserialize_with = "named")]
    pub nova: Option<ServiceDocument<NovaProcesses>>,
    /// Objects.
    #[serde(deserialize_with = "named")]
    pub swift: Option<ServiceDocument<SwiftProcesses>>,
}

/// One service of a topology.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Service{P}")]
pub struct ServiceDocument<P: Default> {
    /// Its release; the topology's by default.
    #[schemars(with = "Option<Release>")]
    pub release: Option<Text>,
    /// Its processes. Those that are not named run as well, with every default.
    pub processes: P,
    /// Options that override ours: file → section → option → value.
    #[schemars(with = "BTreeMap<String, BTreeMap<String, BTreeMap<String, Scalar>>>")]
    pub config: BTreeMap<String, BTreeMap<String, BTreeMap<String, Text>>>,
    /// The services it needs, where they differ from the known ones.
    pub needs: Needs,
}

/// The services that a service needs. A list given here replaces the known one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Needs {
    /// Services that have to answer before its processes start.
    pub start: Option<Vec<Service>>,
    /// Services that have to answer before it can do its work.
    pub serve: Option<Vec<Service>>,
    /// Services that are upgraded before it.
    pub upgrade: Option<Vec<Service>>,
}

/// The processes by their short names.
trait Processes {
    fn groups(&self, component: Component) -> Option<&Groups>;
}

macro_rules! processes {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $component:ident,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: Option<Groups>,)*
        }

        impl Processes for $name {
            fn groups(&self, component: Component) -> Option<&Groups> {
                match component {
                    $(Component::$component => self.$field.as_ref(),)*
                    _ => None,
                }
            }
        }
    };
}

processes! {
    /// Keystone's processes.
    KeystoneProcesses {
        /// Its API.
        api: KeystoneApi,
    }
}
processes! {
    /// Glance's processes.
    GlanceProcesses {
        /// Its API.
        api: GlanceApi,
    }
}
processes! {
    /// Placement's processes.
    PlacementProcesses {
        /// Its API.
        api: PlacementApi,
    }
}
processes! {
    /// Neutron's processes.
    NeutronProcesses {
        /// Its API.
        api: NeutronApi,
        /// The server that the agents report to.
        rpc: NeutronRpc,
        /// Its periodic tasks; may be left out.
        periodic: NeutronPeriodic,
        /// The stand-in for all agents.
        agents: NeutronAgents,
    }
}
processes! {
    /// Cinder's processes.
    CinderProcesses {
        /// Its API.
        api: CinderApi,
        /// Its scheduler, which chooses a back end for each volume.
        scheduler: CinderScheduler,
        /// Its volume service.
        volume: CinderVolume,
        /// Its backup service; may be left out.
        backup: CinderBackup,
    }
}
processes! {
    /// Nova's processes.
    NovaProcesses {
        /// Its API.
        api: NovaApi,
        /// Its conductor, which accesses the database for the compute services.
        conductor: NovaConductor,
        /// Its scheduler, which chooses a host for each server.
        scheduler: NovaScheduler,
        /// Its compute service, one per node.
        compute: NovaCompute,
    }
}
processes! {
    /// Swift's processes.
    SwiftProcesses {
        /// Its account server.
        account: SwiftAccount,
        /// Its container server.
        container: SwiftContainer,
        /// Its object server.
        object: SwiftObject,
        /// Its API.
        proxy: SwiftProxy,
    }
}

/// One service of a document, without its type.
pub(crate) struct Entry<'a> {
    pub(crate) service: Service,
    pub(crate) release: Option<&'a Text>,
    pub(crate) needs: &'a Needs,
    config: &'a BTreeMap<String, BTreeMap<String, BTreeMap<String, Text>>>,
    processes: &'a dyn Processes,
}

impl<'a> Entry<'a> {
    fn of<P: Processes + Default>(service: Service, document: &'a ServiceDocument<P>) -> Self {
        Self {
            service,
            release: document.release.as_ref(),
            needs: &document.needs,
            config: &document.config,
            processes: &document.processes,
        }
    }

    /// Returns what the document says about a component.
    pub(crate) fn groups(&self, component: Component) -> Option<&'a Groups> {
        self.processes.groups(component)
    }

    /// Returns its configuration in the form a plan holds.
    pub(crate) fn fragments(&self) -> Fragments {
        let options = |options: &BTreeMap<String, Text>| {
            options.iter().map(|(name, value)| (name.clone(), value.to_string())).collect()
        };
        let sections = |sections: &BTreeMap<String, BTreeMap<String, Text>>| {
            sections.iter().map(|(name, all)| (name.clone(), options(all))).collect()
        };
        self.config.iter().map(|(file, all)| (file.clone(), sections(all))).collect()
    }
}

impl Services {
    /// Returns the services of the document.
    pub(crate) fn entries(&self) -> Vec<Entry<'_>> {
        Service::ALL.into_iter().filter_map(|service| self.entry(service)).collect()
    }

    fn entry(&self, service: Service) -> Option<Entry<'_>> {
        match service {
            Service::Keystone => self.keystone.as_ref().map(|s| Entry::of(service, s)),
            Service::Glance => self.glance.as_ref().map(|s| Entry::of(service, s)),
            Service::Placement => self.placement.as_ref().map(|s| Entry::of(service, s)),
            Service::Neutron => self.neutron.as_ref().map(|s| Entry::of(service, s)),
            Service::Cinder => self.cinder.as_ref().map(|s| Entry::of(service, s)),
            Service::Nova => self.nova.as_ref().map(|s| Entry::of(service, s)),
            Service::Swift => self.swift.as_ref().map(|s| Entry::of(service, s)),
        }
    }
}

/// A service without fields has every default.
fn named<'de, D, P>(deserializer: D) -> Result<Option<ServiceDocument<P>>, D::Error>
where
    D: Deserializer<'de>,
    P: Deserialize<'de> + Default,
{
    Ok(Some(Option::deserialize(deserializer)?.unwrap_or_default()))
}
