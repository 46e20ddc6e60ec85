//! Glance: images in two file stores.

use super::Recipe;
use super::error::RecipeError;
use super::ini::Ini;
use super::setting::words;
use super::setting::{Setting, options};
use super::uwsgi::Api;
use crate::component::{Component, Service};
use crate::driver::Daemon;
use crate::plan::Process;

const SERVICE: Service = Service::Glance;

/// The folders of its state: the stores, the staging areas and the cache.
const FOLDERS: [&str; 6] = ["images", "images2", "staging", "tasks", "cache", "locks"];

/// Returns its files, folders, databases and the commands that fill them.
pub(super) fn recipe(setting: Setting<'_>) -> Result<Recipe, RecipeError> {
    let mut files = Vec::new();
    for release in setting.releases(SERVICE)? {
        let etc = setting.etc(SERVICE, release);
        // With several instances, each imports the data that was staged on it.
        for process in setting.site.processes(Component::GlanceApi) {
            let path = etc.join(&process.id).join("glance-api.conf");
            files.push(setting.file(SERVICE, path, config(setting, release, Some(process))));
        }
        files.push(setting.file(
            SERVICE,
            etc.join("glance-api.conf"),
            config(setting, release, None),
        ));
        let paste = "glance-api-paste.ini";
        let from = setting.environment(SERVICE, release)?.join("etc/glance").join(paste);
        files.push(setting.copy(&from, etc.join(paste))?);
    }
    let release = setting.release(SERVICE)?;
    let file = setting.etc(SERVICE, release).join("glance-api.conf").display().to_string();
    let metadefs = setting.environment(SERVICE, release)?.join("etc/glance/metadefs");
    let manage = |what: &[&str]| {
        let mut arguments = words(&["--config-file", &file]);
        arguments.extend(words(what));
        setting.command(SERVICE, release, "synchronise-glance", "glance-manage", &arguments)
    };
    Ok(Recipe {
        files,
        folders: FOLDERS.map(|name| setting.state(SERVICE).join(name)).to_vec(),
        databases: vec!["glance"],
        synchronise: vec![
            manage(&["db_sync"])?,
            manage(&["db_load_metadefs", &metadefs.display().to_string()])?,
        ],
        prepare: Vec::new(),
    })
}

/// Returns one of its processes.
pub(super) fn daemon(setting: Setting<'_>, process: &Process) -> Result<Daemon, RecipeError> {
    let (_, release) = setting.owner(process)?;
    Api {
        module: "glance.wsgi.api",
        threads: 8,
        // Clients upload images in chunked encoding.
        router: true,
        config: Some((
            "OS_GLANCE_CONFIG_DIR",
            setting.etc(SERVICE, release).join(&process.id).display().to_string(),
        )),
        arguments: None,
    }
    .daemon(setting, process)
}

fn config(setting: Setting<'_>, release: &str, process: Option<&Process>) -> Ini {
    let state = |name: &str| setting.state(SERVICE).join(name).display().to_string();
    let own = match process {
        Some(process) => format!("http://127.0.0.1:{}", setting.site.port(&process.id)),
        None => setting.url(SERVICE),
    };
    let paste = setting.etc(SERVICE, release).join("glance-api-paste.ini").display().to_string();
    let ports = format!("80,443,8000,8080,{}", setting.site.endpoint(SERVICE));
    Ini::default()
        .with(
            "DEFAULT",
            options([
                ("use_stderr", "true"),
                // With only one store, `copy-image` never ends.
                ("enabled_backends", "fs:file,fs2:file"),
                ("enabled_import_methods", "[glance-direct,web-download,copy-image]"),
                ("worker_self_reference_url", &own),
                ("show_multiple_locations", "true"),
                ("show_image_direct_url", "true"),
                ("node_staging_uri", &format!("file://{}", state("staging"))),
                // Without it, the operations of the cache answer 404.
                ("image_cache_dir", &state("cache")),
                ("transport_url", &setting.broker()),
            ]),
        )
        .with("database", setting.database(SERVICE, "glance"))
        .with("keystone_authtoken", setting.authtoken(SERVICE))
        .with("paste_deploy", options([("flavor", "keystone"), ("config_file", &paste)]))
        .with("glance_store", options([("default_backend", "fs")]))
        .with("fs", options([("filesystem_store_datadir", &state("images"))]))
        .with("fs2", options([("filesystem_store_datadir", &state("images2"))]))
        // Both have to be set when there are several stores.
        .with("os_glance_staging_store", options([("filesystem_store_datadir", &state("staging"))]))
        .with("os_glance_tasks_store", options([("filesystem_store_datadir", &state("tasks"))]))
        .with(
            "import_filtering_opts",
            options([
                ("disallowed_hosts", ""),
                ("allowed_ports", &ports),
                ("allowed_schemes", "http,https"),
            ]),
        )
        .with("oslo_concurrency", setting.locks(SERVICE))
        .with("oslo_messaging_rabbit", setting.messaging())
        .with("oslo_messaging_notifications", options([("driver", "noop")]))
}
