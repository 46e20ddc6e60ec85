//! Cinder: volumes in sparse files on two back ends, backups in a folder.

use super::Recipe;
use super::error::RecipeError;
use super::ini::Ini;
use super::setting::words;
use super::setting::{Options, Setting, host, options, read};
use super::uwsgi::Api;
use crate::component::{Component, Service};
use crate::driver::{Daemon, File};
use crate::plan::Process;
use crate::standins;

const SERVICE: Service = Service::Cinder;

/// The back ends, each with a folder of files and a volume type.
pub const BACK_ENDS: [&str; 2] = ["file1", "file2"];

/// A program called `sudo` that only runs its arguments: rootwrap and privsep call it,
/// and no other user is needed.
const SUDO: &str = "#!/bin/sh\n\
    while [ $# -gt 0 ]; do case \"$1\" in -n|-E|-H) shift;; *) break;; esac; done\n\
    exec \"$@\"\n";

/// Returns its files, folders, databases and the commands that fill them.
pub(super) fn recipe(setting: Setting<'_>) -> Result<Recipe, RecipeError> {
    let mut files = vec![File {
        path: setting.site.bin().join("sudo"),
        content: SUDO.as_bytes().to_vec(),
        mode: 0o755,
    }];
    for release in setting.releases(SERVICE)? {
        let etc = setting.etc(SERVICE, release);
        files.push(setting.file(SERVICE, etc.join("cinder.conf"), config(setting, release)));
        let from = setting.environment(SERVICE, release)?.join("etc/cinder");
        for name in ["api-paste.ini", "resource_filters.json"] {
            files.push(setting.copy(&from.join(name), etc.join(name))?);
        }
        files.push(rootwrap(setting, release)?);
    }
    for component in [Component::CinderScheduler, Component::CinderVolume, Component::CinderBackup]
    {
        for process in setting.site.processes(component) {
            let (_, release) = setting.owner(process)?;
            let own = options([("host", &host(setting.site, process))]);
            let ini = Ini::default().with("DEFAULT", own);
            files.push(setting.file(SERVICE, setting.host_file(SERVICE, process, release), ini));
        }
    }
    let release = setting.release(SERVICE)?;
    let file = setting.etc(SERVICE, release).join("cinder.conf").display().to_string();
    let sync = words(&["--config-file", &file, "db", "sync"]);
    let state = setting.state(SERVICE);
    let own = ["backup", "conversion", "coordination", "locks"];
    Ok(Recipe {
        files,
        folders: own.iter().chain(&BACK_ENDS).map(|name| state.join(name)).collect(),
        databases: vec!["cinder"],
        synchronise: vec![setting.command(
            SERVICE,
            release,
            "synchronise-cinder",
            "cinder-manage",
            &sync,
        )?],
        prepare: Vec::new(),
    })
}

/// Returns one of its processes.
pub(super) fn daemon(setting: Setting<'_>, process: &Process) -> Result<Daemon, RecipeError> {
    let (_, release) = setting.owner(process)?;
    let file = setting.etc(SERVICE, release).join("cinder.conf").display().to_string();
    let own = |program: &str| setting.hosted(process, program, &file);
    match process.component {
        Component::CinderScheduler => own("cinder-scheduler"),
        Component::CinderVolume => own("cinder-volume"),
        Component::CinderBackup => own("cinder-backup"),
        _ => Api {
            module: "cinder.wsgi.api",
            threads: 12,
            router: false,
            // No environment variable sets the path of its configuration.
            config: None,
            arguments: Some(format!("--config-file {file}")),
        }
        .daemon(setting, process),
    }
}

/// The package's own file with the paths of this cloud.
fn rootwrap(setting: Setting<'_>, release: &str) -> Result<File, RecipeError> {
    let environment = setting.environment(SERVICE, release)?;
    let text = read(&environment.join("etc/cinder/rootwrap.conf"))?;
    let filters = environment.join("etc/cinder/rootwrap.d");
    let programs = [setting.site.bin(), environment.join("bin")];
    let programs = programs.map(|folder| folder.display().to_string()).join(",");
    let mut lines = Vec::new();
    for line in String::from_utf8_lossy(&text).lines() {
        lines.push(match line.split_once('=') {
            Some(("filters_path", _)) => format!("filters_path={}", filters.display()),
            Some(("exec_dirs", dirs)) => format!("exec_dirs={programs},{dirs}"),
            _ => line.to_owned(),
        });
    }
    Ok(File {
        path: setting.etc(SERVICE, release).join("rootwrap.conf"),
        content: (lines.join("\n") + "\n").into_bytes(),
        mode: 0o644,
    })
}

fn config(setting: Setting<'_>, release: &str) -> Ini {
    let etc = setting.etc(SERVICE, release);
    let at = |name: &str| etc.join(name).display().to_string();
    let state = |name: &str| setting.state(SERVICE).join(name).display().to_string();
    let backup = setting.site.first(Component::CinderBackup).map_or(1, |p| p.workers.max(1));
    let mut ini = Ini::default()
        .with(
            "DEFAULT",
            options([
                ("use_stderr", "true"),
                ("transport_url", &setting.broker()),
                ("state_path", &setting.state(SERVICE).display().to_string()),
                ("my_ip", "127.0.0.1"),
                ("auth_strategy", "keystone"),
                ("api_paste_config", &at("api-paste.ini")),
                ("rootwrap_config", &at("rootwrap.conf")),
                ("resource_query_filters_file", &at("resource_filters.json")),
                ("enabled_backends", &BACK_ENDS.join(",")),
                ("default_volume_type", "default"),
                ("glance_api_servers", &setting.url(Service::Glance)),
                ("allowed_direct_url_schemes", ""),
                ("backup_driver", "cinder.backup.drivers.posix.PosixBackupDriver"),
                ("backup_posix_path", &state("backup")),
                ("backup_workers", &backup.to_string()),
                ("image_conversion_dir", &state("conversion")),
                ("report_interval", "5"),
                ("service_down_time", "30"),
                ("periodic_fuzzy_delay", "1"),
                ("enable_force_upload", "true"),
                ("report_discard_supported", "true"),
                ("volume_clear", "none"),
            ]),
        )
        .with("DEFAULT", QUOTA)
        .with("database", setting.database(SERVICE, "cinder"))
        .with("keystone_authtoken", setting.authtoken(SERVICE))
        .with("service_user", send_service_token(setting))
        .with("key_manager", key_manager(setting))
        .with(
            "coordination",
            options([("backend_url", &format!("file://{}", state("coordination")))]),
        )
        .with("oslo_concurrency", setting.locks(SERVICE))
        .with("oslo_messaging_rabbit", setting.messaging())
        .with("oslo_messaging_notifications", options([("driver", "noop")]));
    if setting.release(Service::Nova).is_ok() {
        ini = ini
            .with("nova", setting.credential(Service::Nova))
            .with("nova", options([("interface", "internal")]));
    }
    for name in BACK_ENDS {
        ini = ini.with(
            name,
            options([
                ("volume_driver", standins::VOLUME_DRIVER),
                ("volume_backend_name", name),
                ("squall_folder", &state(name)),
            ]),
        );
    }
    ini
}

/// Large enough for suites that run at the same time in one project.
const QUOTA: [(&str, u32); 4] = [
    ("quota_volumes", 200),
    ("quota_snapshots", 200),
    ("quota_gigabytes", 5000),
    ("quota_backups", 200),
];

fn send_service_token(setting: Setting<'_>) -> Options {
    let mut all = setting.credential(SERVICE);
    all.push(("send_service_user_token".to_owned(), "true".to_owned()));
    all
}

/// One key for all volumes, in place of a key manager; the option takes 64 digits.
fn key_manager(setting: Setting<'_>) -> Options {
    let half = setting.site.secrets.volume_key.expose();
    options([
        ("backend", "cinder.keymgr.conf_key_mgr.ConfKeyManager"),
        ("fixed_key", &format!("{half}{half}")),
    ])
}
