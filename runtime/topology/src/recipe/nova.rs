//! Nova: servers on compute services without a hypervisor, one per node.

use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use super::Recipe;
use super::error::RecipeError;
use super::ini::Ini;
use super::setting::words;
use super::setting::{Options, Setting, host, options};
use super::uwsgi::Api;
use crate::component::{Component, Service};
use crate::driver::{Daemon, File};
use crate::plan::Process;
use crate::standins;

const SERVICE: Service = Service::Nova;

/// The cells' URLs as templates, which each service fills in from its own
/// configuration (`nova.objects.cell_mapping`), so that the database holds no port or
/// password of one cloud.
const DATABASE: &str = "{scheme}://{username}:{password}@{hostname}:{port}/";
const TRANSPORT: &str = "{scheme}://{username}:{password}@{hostname}:{port}/{path}";

const FILTERS: &str = "ComputeFilter,ComputeCapabilitiesFilter,ImagePropertiesFilter,\
    ServerGroupAntiAffinityFilter,ServerGroupAffinityFilter,SameHostFilter,DifferentHostFilter,\
    AggregateInstanceExtraSpecsFilter";

/// Returns its files, folders, databases and the commands that fill them.
pub(super) fn recipe(setting: Setting<'_>) -> Result<Recipe, RecipeError> {
    let (mut files, mut folders) = (Vec::new(), vec![setting.state(SERVICE).join("locks")]);
    for release in setting.releases(SERVICE)? {
        let etc = setting.etc(SERVICE, release);
        files.push(setting.file(SERVICE, etc.join("nova.conf"), config(setting, None)));
        let from = setting.environment(SERVICE, release)?.join("etc/nova/api-paste.ini");
        files.push(setting.copy(&from, etc.join("api-paste.ini"))?);
    }
    for component in [Component::NovaConductor, Component::NovaScheduler] {
        for process in setting.site.processes(component) {
            let (_, release) = setting.owner(process)?;
            let own = options([("host", &host(setting.site, process))]);
            let ini = Ini::default().with("DEFAULT", own);
            files.push(setting.file(SERVICE, setting.host_file(SERVICE, process, release), ini));
        }
    }
    for process in setting.site.processes(Component::NovaCompute) {
        let (_, release) = setting.owner(process)?;
        let state = compute_state(setting, process);
        files.push(setting.file(
            SERVICE,
            compute_config(setting, process, release),
            config(setting, Some(process)),
        ));
        // A compute service that finds its record but not this file refuses to start:
        // "No local node identity found, but this is not our first startup".
        files.push(File {
            path: state.join("compute_id"),
            content: identity(&setting.site.id, &process.node).into_bytes(),
            mode: 0o644,
        });
        folders.push(state.join("instances"));
    }
    Ok(Recipe {
        files,
        folders,
        databases: vec!["nova_api", "nova_cell0", "nova_cell1"],
        synchronise: synchronise(setting)?,
        prepare: Vec::new(),
    })
}

/// Returns one of its processes.
pub(super) fn daemon(setting: Setting<'_>, process: &Process) -> Result<Daemon, RecipeError> {
    let (_, release) = setting.owner(process)?;
    let etc = setting.etc(SERVICE, release);
    let file = etc.join("nova.conf").display().to_string();
    let own = |program: &str| setting.hosted(process, program, &file);
    match process.component {
        Component::NovaConductor => own("nova-conductor"),
        Component::NovaScheduler => own("nova-scheduler"),
        Component::NovaCompute => {
            let file = compute_config(setting, process, release).display().to_string();
            setting.daemon(process, "nova-compute", &words(&["--config-file", &file]))
        }
        _ => Api {
            // There is no program `nova-api` any more (nova 34).
            module: "nova.wsgi.osapi_compute",
            threads: 12,
            router: false,
            config: Some(("OS_NOVA_CONFIG_DIR", etc.display().to_string())),
            arguments: None,
        }
        .daemon(setting, process),
    }
}

fn synchronise(setting: Setting<'_>) -> Result<Vec<crate::driver::Command>, RecipeError> {
    let release = setting.release(SERVICE)?;
    let file = setting.etc(SERVICE, release).join("nova.conf").display().to_string();
    let manage = |what: &[&str]| {
        let mut arguments = words(&["--config-file", &file]);
        arguments.extend(words(what));
        setting.command(SERVICE, release, "synchronise-nova", "nova-manage", &arguments)
    };
    let cell0 = format!("{DATABASE}nova_cell0?{{query}}");
    let cell1 = format!("{DATABASE}nova_cell1?{{query}}");
    Ok(vec![
        manage(&["api_db", "sync"])?,
        manage(&["cell_v2", "map_cell0", "--database_connection", &cell0])?,
        manage(&["db", "sync"])?,
        manage(&[
            "cell_v2",
            "create_cell",
            "--name",
            "cell1",
            "--database_connection",
            &cell1,
            "--transport-url",
            TRANSPORT,
        ])?,
    ])
}

/// The state folder of a compute service.
fn compute_state(setting: Setting<'_>, process: &Process) -> PathBuf {
    setting.state(SERVICE).join(&process.node)
}

/// A compute service's configuration, in its own folder, because the file has to be
/// called `nova.conf` to get the topology's options.
fn compute_config(setting: Setting<'_>, process: &Process, release: &str) -> PathBuf {
    setting.etc(SERVICE, release).join(&process.node).join("nova.conf")
}

/// A node's identity, stable within a cloud and different between clouds.
fn identity(cloud: &str, node: &str) -> String {
    let digest = Sha256::digest(format!("{cloud}/{node}"));
    let digits = hex::encode(digest);
    // The form of a random UUID (RFC 9562, section 5.4).
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

fn config(setting: Setting<'_>, compute: Option<&Process>) -> Ini {
    let state = match compute {
        Some(process) => compute_state(setting, process),
        None => setting.state(SERVICE),
    };
    let instances = state.join("instances").display().to_string();
    let release = compute.and_then(|process| setting.owner(process).ok()).map(|owner| owner.1);
    let release = release.or_else(|| setting.release(SERVICE).ok()).unwrap_or_default();
    let paste = setting.etc(SERVICE, release).join("api-paste.ini").display().to_string();
    let workers = |component| {
        setting.site.first(component).map_or(1, |process| process.workers.max(1)).to_string()
    };
    let mut ini = Ini::default()
        .with(
            "DEFAULT",
            options([
                ("use_stderr", "true"),
                ("transport_url", &setting.broker()),
                ("state_path", &state.display().to_string()),
                ("instances_path", &instances),
                ("my_ip", "127.0.0.1"),
                ("compute_driver", standins::COMPUTE_DRIVER),
                ("allow_resize_to_same_host", "true"),
                // A service that stopped is reported as down within half a minute.
                ("report_interval", "5"),
                ("service_down_time", "30"),
                // Otherwise no periodic task, such as the scheduler's mapping of new hosts, runs
                // in the first minute.
                ("periodic_fuzzy_delay", "1"),
                // No ports are plugged, so waiting for the event would fail every server.
                ("vif_plugging_is_fatal", "false"),
                ("vif_plugging_timeout", "0"),
            ]),
        )
        .with("api", options([("auth_strategy", "keystone")]))
        .with("wsgi", options([("api_paste_config", &paste)]))
        .with("compute", options([("live_migration_wait_for_vif_plug", "false")]))
        .with("conductor", options([("workers", &workers(Component::NovaConductor))]))
        .with(
            "scheduler",
            options([
                ("workers", &workers(Component::NovaScheduler)),
                // The scheduler maps new hosts: `nova-manage cell_v2
                // discover_hosts` takes longer just to start.
                ("discover_hosts_in_cells_interval", "3"),
            ]),
        )
        .with(
            "filter_scheduler",
            options([("track_instance_changes", "false"), ("enabled_filters", FILTERS)]),
        )
        .with("vnc", options([("novncproxy_base_url", "http://127.0.0.1:6080/vnc_lite.html")]))
        // Off by default, and the driver has both.
        .with("spice", options([("enabled", "true")]))
        .with("serial_console", options([("enabled", "true")]))
        .with("keystone_authtoken", setting.authtoken(SERVICE))
        .with("service_user", send_service_token(setting))
        .with("placement", internal(setting.credential(Service::Placement)))
        .with("neutron", internal(setting.credential(Service::Neutron)))
        .with("glance", options([("api_servers", &setting.url(Service::Glance))]))
        .with("cinder", setting.credential(Service::Cinder))
        .with(
            "cinder",
            options([
                ("os_region_name", super::REGION),
                ("catalog_info", "block-storage::internalURL"),
            ]),
        )
        .with("oslo_concurrency", setting.locks(SERVICE))
        .with("oslo_messaging_rabbit", setting.messaging())
        .with("oslo_messaging_notifications", options([("driver", "noop")]))
        .with("quota", QUOTA);
    if setting.site.first(Component::Cache).is_some() {
        ini = ini.with("cache", setting.caching());
    }
    match compute {
        // It accesses the database through the conductor, and complains if one is
        // configured.
        Some(process) => ini.with("DEFAULT", options([("host", &host(setting.site, process))])),
        None => ini
            .with("api_database", setting.database(SERVICE, "nova_api"))
            .with("database", setting.database(SERVICE, "nova_cell1")),
    }
}

/// Large enough for suites that run at the same time in one project.
const QUOTA: [(&str, u32); 5] = [
    ("instances", 100),
    ("cores", 500),
    ("ram", 2_000_000),
    ("server_groups", 100),
    ("key_pairs", 200),
];

fn internal(mut credential: Options) -> Options {
    credential.push(("valid_interfaces".to_owned(), "internal".to_owned()));
    credential
}

fn send_service_token(setting: Setting<'_>) -> Options {
    let mut all = setting.credential(SERVICE);
    all.push(("send_service_user_token".to_owned(), "true".to_owned()));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_has_one_identity_in_a_cloud_and_another_elsewhere() {
        let one = identity("a", "compute1");
        assert_eq!(one, identity("a", "compute1"));
        assert_ne!(one, identity("b", "compute1"));
        assert_eq!(one.len(), 36);
        assert_eq!(one.matches('-').count(), 4);
    }
}
