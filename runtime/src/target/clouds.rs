//! Finding a cloud by its name: in the user's own `clouds.yaml`, else among those that
//! were brought up on this machine.

use std::collections::BTreeMap;
#[cfg(feature = "topology")]
use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::PathBuf;

use crate::client::config::{CloudConfig, Clouds, ConfigError, Sources};
use crate::client::{clean, redact};
#[cfg(feature = "topology")]
use crate::services;
#[cfg(feature = "topology")]
use squall_model::ServiceSpec;
#[cfg(feature = "topology")]
use squall_model::service::project;
#[cfg(feature = "topology")]
use squall_topology::release::{Bundle, Release};

/// Finds a cloud by its name; the error for an unknown name lists all.
pub(crate) fn find(name: &str) -> Result<CloudConfig, ConfigError> {
    let mut clouds = Clouds::find(&Sources::from_process())?;
    add_brought_up(&mut clouds);
    clouds.cloud(Some(name))
}

/// Finds a cloud for a command, and writes to standard error what a reader of its
/// configuration should know, such as keys without effect.
pub(crate) fn find_for_command(name: &str) -> Result<CloudConfig, ConfigError> {
    let config = find(name)?;
    for note in &config.notes {
        let note = redact::text(note);
        // Standard error may be closed.
        let _ = writeln!(io::stderr(), "warning: {}", clean::printed(&note, false));
    }
    Ok(config)
}

/// Adds the clouds that were brought up here. One whose file cannot be read is left out:
/// it may still be coming up, and is none of the user's files.
#[cfg(feature = "topology")]
fn add_brought_up(clouds: &mut Clouds) {
    let Ok(home) = squall_topology::site::Home::find() else { return };
    for name in home.names() {
        let folder = home.clouds().join(name);
        let _ = clouds.add(&folder.join("clouds.yaml"));
    }
}

#[cfg(not(feature = "topology"))]
fn add_brought_up(_: &mut Clouds) {}

/// Returns the package of each service of a cloud that was brought up here, as in `nova 34.0.0`.
/// Nothing is said of a service whose API processes run different releases.
#[cfg(feature = "topology")]
pub(crate) fn packages(name: &str) -> BTreeMap<String, String> {
    let Some(site) = site(name) else { return BTreeMap::new() };
    let package = |service: &squall_topology::plan::ServicePlan| {
        let apis = site.plan.processes.iter().filter(|process| {
            process.component.is_api() && process.component.service() == Some(service.service)
        });
        let releases: BTreeSet<&str> = apis.filter_map(|api| api.release.as_deref()).collect();
        let [release] = releases.into_iter().collect::<Vec<_>>()[..] else { return None };
        let package = service.service.name();
        let lock = Release::named(release).ok()?.lock(Bundle::from(service.service)).ok()?;
        let pinned = lock.lines().find_map(|line| {
            // Placement's package has a longer name than its code.
            let line = line.strip_prefix("openstack-").unwrap_or(line);
            line.strip_prefix(package)?.strip_prefix("==")
        })?;
        let version = pinned.split([' ', ';', '\\']).next()?;
        Some((made_by_project(package)?.name.to_owned(), format!("{package} {version}")))
    };
    site.plan.services.iter().filter_map(package).collect()
}

/// Returns the logs of a cloud that was brought up here, each with the package whose code wrote it,
/// as in `neutron`.
#[cfg(feature = "topology")]
pub(crate) fn logs(name: &str) -> Vec<(String, PathBuf)> {
    let Some(site) = site(name) else { return Vec::new() };
    let log = |process: &squall_topology::plan::Process| {
        let package = process.component.service()?.name().to_owned();
        Some((package, site.logs().join(format!("{}.log", process.id))))
    };
    site.plan.processes.iter().filter_map(log).collect()
}

#[cfg(not(feature = "topology"))]
pub(crate) fn logs(_: &str) -> Vec<(String, PathBuf)> {
    Vec::new()
}

/// Finds the cloud that was brought up here and is meant by a name.
#[cfg(feature = "topology")]
fn site(name: &str) -> Option<squall_topology::site::Site> {
    use squall_topology::site::{Home, Site};

    let (home, chosen) = (Home::find().ok()?, find(name).ok()?);
    let is_its = |site: &Site| {
        // A cloud of the user's may have the same name.
        let own =
            Clouds::read(&site.root.join("clouds.yaml")).and_then(|own| own.cloud(Some(name)));
        own.is_ok_and(|own| own.auth_url == chosen.auth_url)
    };
    let mut sites = home.names().into_iter().filter_map(|name| Site::open(&home, &name).ok()?);
    sites.find(is_its)
}

/// Returns the service that a project makes.
#[cfg(feature = "topology")]
fn made_by_project(name: &str) -> Option<&'static ServiceSpec> {
    services::built_in().iter().copied().find(|spec| project(spec.service_type) == Some(name))
}

#[cfg(not(feature = "topology"))]
pub(crate) fn packages(_: &str) -> BTreeMap<String, String> {
    BTreeMap::new()
}
