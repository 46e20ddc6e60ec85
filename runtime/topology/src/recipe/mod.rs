//! What each service needs to run: its files, folders, databases, the commands
//! that fill them, and its processes. Data about OpenStack's services, with what is
//! not obvious about each said where it is used; carrying it out is for
//! [`bring_up`](crate::bring_up).

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
    /// The databases that it keeps things in.
    pub databases: Vec<&'static str>,
    /// What makes the tables of its databases, one after the other. Each may be
    /// run again.
    pub synchronise: Vec<Command>,
    /// What has to be run besides, on every cloud.
    pub prepare: Vec<Command>,
}

/// The files that a topology may set options in.
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

/// Gives what a service needs.
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

/// Gives the files that belong to no one service: those of the backing services,
/// and the stand-ins.
pub fn common_files(setting: Setting<'_>) -> Vec<File> {
    let mut files = backing::broker_files(setting.site);
    files.extend(backing::balancer(setting.site).into_iter().flat_map(|b| b.files()));
    files.extend(standins::files(&setting.standins()));
    files
}

/// Gives a process as it is run.
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
