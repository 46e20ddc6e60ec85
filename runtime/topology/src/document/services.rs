//! The services of a topology and their processes, each under its short name.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::group::Groups;
use super::text::{Release, Scalar, Text};
use crate::component::{Component, Service};
use crate::plan::Fragments;

/// The services that a topology has; `keystone: {}` is one with every default.
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

/// What a topology says of one service.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Service{P}")]
pub struct ServiceDocument<P: Default> {
    /// Its release; the topology's where it is left out.
    #[schemars(with = "Option<Release>")]
    pub release: Option<Text>,
    /// Its processes; those that are not named are there all the same, with
    /// every default.
    pub processes: P,
    /// Options set over ours: file → section → option → value.
    #[schemars(with = "BTreeMap<String, BTreeMap<String, BTreeMap<String, Scalar>>>")]
    pub config: BTreeMap<String, BTreeMap<String, BTreeMap<String, Text>>>,
    /// What it needs, where that is not what is known of it.
    pub needs: Needs,
}

/// The services that another needs. A list that is given replaces the known one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Needs {
    /// Those that answer before its processes start.
    pub start: Option<Vec<Service>>,
    /// Those that answer before it can do its work.
    pub serve: Option<Vec<Service>>,
    /// Those that are upgraded before it.
    pub upgrade: Option<Vec<Service>>,
}

/// Processes by their short names.
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
        /// What agents speak to.
        rpc: NeutronRpc,
        /// What it does from time to time; it can be left out.
        periodic: NeutronPeriodic,
        /// The one stand-in for all agents.
        agents: NeutronAgents,
    }
}
processes! {
    /// Cinder's processes.
    CinderProcesses {
        /// Its API.
        api: CinderApi,
        /// What chooses where a volume goes.
        scheduler: CinderScheduler,
        /// What keeps volumes.
        volume: CinderVolume,
        /// What keeps backups; it can be left out.
        backup: CinderBackup,
    }
}
processes! {
    /// Nova's processes.
    NovaProcesses {
        /// Its API.
        api: NovaApi,
        /// What speaks to the database for the compute services.
        conductor: NovaConductor,
        /// What chooses where a server goes.
        scheduler: NovaScheduler,
        /// What runs servers, one a node.
        compute: NovaCompute,
    }
}
processes! {
    /// Swift's processes.
    SwiftProcesses {
        /// What keeps accounts.
        account: SwiftAccount,
        /// What keeps containers.
        container: SwiftContainer,
        /// What keeps objects.
        object: SwiftObject,
        /// Its API.
        proxy: SwiftProxy,
    }
}

/// One service of a document, whichever it is.
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

    /// What is said of a component.
    pub(crate) fn groups(&self, component: Component) -> Option<&'a Groups> {
        self.processes.groups(component)
    }

    /// Its configuration as a plan holds it.
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
    /// Gives the services that there are.
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

/// A service that is named is there, though nothing is said of it.
fn named<'de, D, P>(deserializer: D) -> Result<Option<ServiceDocument<P>>, D::Error>
where
    D: Deserializer<'de>,
    P: Deserialize<'de> + Default,
{
    Ok(Some(Option::deserialize(deserializer)?.unwrap_or_default()))
}
