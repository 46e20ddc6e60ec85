//! What each service needs to run: its files, folders, databases, the commands that fill
//! them, and its processes. Facts about OpenStack services that are not obvious are
//! explained where they are used. [`bring_up`](crate::bring_up) carries the recipes out.

pub mod backing;
mod cinder;
mod error;
mod glance;
mod ini;
mod keys;
mod keystone;
mod neutron;
mod nova;
mod placement;
mod probe;
mod ready;
mod setting;
mod swift;
#[cfg(test)]
mod tests;
mod uwsgi;

use std::path::PathBuf;

pub use cinder::BACK_ENDS;
pub use error::RecipeError;
pub use keystone::bootstrap;
pub use neutron::NETWORK_NODE;
pub use ready::ready;
pub use setting::{REGION, Setting, host};

use crate::component::Service;
use crate::driver::{Command, Daemon, File};
use crate::plan::Process;
use crate::standins;

/// What a service needs before its processes start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipe {
    /// Its files.
    pub files: Vec<File>,
    /// Its folders.
    pub folders: Vec<PathBuf>,
    /// Its databases.
    pub databases: Vec<&'static str>,
    /// The commands that create the tables of its databases, in order. Each may be
    /// repeated.
    pub synchronise: Vec<Command>,
    /// Further commands, run on every cloud.
    pub prepare: Vec<Command>,
}

/// The files whose options a topology may set.
const fn configurable(service: Service) -> &'static [&'static str] {
    match service {
        Service::Keystone => &["keystone.conf"],
        Service::Glance => &["glance-api.conf"],
        Service::Placement => &["placement.conf"],
        Service::Neutron => &["neutron.conf", "ml2_conf.ini"],
        Service::Cinder => &["cinder.conf"],
        Service::Nova => &["nova.conf"],
        Service::Swift => &[
            "swift.conf",
            "container-sync-realms.conf",
            "proxy-server.conf",
            "account-server.conf",
            "container-server.conf",
            "object-server.conf",
        ],
    }
}

/// Returns the recipe of a service.
pub fn recipe(setting: Setting<'_>, service: Service) -> Result<Recipe, RecipeError> {
    let plans = setting.site.plan.services.iter().filter(|plan| plan.service == service);
    for file in plans.flat_map(|plan| plan.config.keys()) {
        if !configurable(service).contains(&file.as_str()) {
            return Err(RecipeError::UnknownFile {
                service,
                file: file.clone(),
                known: configurable(service).join(", "),
            });
        }
    }
    match service {
        Service::Keystone => keystone::recipe(setting),
        Service::Glance => glance::recipe(setting),
        Service::Placement => placement::recipe(setting),
        Service::Neutron => neutron::recipe(setting),
        Service::Cinder => cinder::recipe(setting),
        Service::Nova => nova::recipe(setting),
        Service::Swift => swift::recipe(setting),
    }
}

/// Returns the files of the backing services and the stand-ins.
pub fn common_files(setting: Setting<'_>) -> Vec<File> {
    let mut files = backing::broker_files(setting.site);
    files.extend(backing::balancer(setting.site).into_iter().flat_map(|b| b.files()));
    files.extend(standins::files(&setting.standins()));
    files
}

/// Returns the daemon of a process.
pub fn daemon(setting: Setting<'_>, process: &Process) -> Result<Daemon, RecipeError> {
    match process.component.service() {
        None => Ok(backing::daemon(setting.site, process)),
        Some(Service::Keystone) => keystone::daemon(setting, process),
        Some(Service::Glance) => glance::daemon(setting, process),
        Some(Service::Placement) => placement::daemon(setting, process),
        Some(Service::Neutron) => neutron::daemon(setting, process),
        Some(Service::Cinder) => cinder::daemon(setting, process),
        Some(Service::Nova) => nova::daemon(setting, process),
        Some(Service::Swift) => swift::daemon(setting, process),
    }
}
