//! Placement: resource providers and allocations.

use super::Recipe;
use super::error::RecipeError;
use super::ini::Ini;
use super::setting::words;
use super::setting::{Setting, options};
use super::uwsgi::Api;
use crate::component::Service;
use crate::driver::Daemon;
use crate::plan::Process;

const SERVICE: Service = Service::Placement;

/// Returns its files, folders, databases and the commands that fill them.
pub(super) fn recipe(setting: Setting<'_>) -> Result<Recipe, RecipeError> {
    let file = |release: &str| setting.etc(SERVICE, release).join("placement.conf");
    let releases = setting.releases(SERVICE)?.into_iter();
    let files = releases.map(|release| setting.file(SERVICE, file(release), config(setting)));
    let release = setting.release(SERVICE)?;
    let path = file(release).display().to_string();
    let sync = words(&["--config-file", &path, "db", "sync"]);
    let id = "synchronise-placement";
    Ok(Recipe {
        files: files.collect(),
        folders: vec![setting.state(SERVICE)],
        databases: vec!["placement"],
        synchronise: vec![setting.command(SERVICE, release, id, "placement-manage", &sync)?],
        prepare: Vec::new(),
    })
}

/// Returns one of its processes.
pub(super) fn daemon(setting: Setting<'_>, process: &Process) -> Result<Daemon, RecipeError> {
    let (_, release) = setting.owner(process)?;
    Api {
        module: "placement.wsgi.api",
        threads: 8,
        router: false,
        config: Some((
            "OS_PLACEMENT_CONFIG_DIR",
            setting.etc(SERVICE, release).display().to_string(),
        )),
        arguments: None,
    }
    .daemon(setting, process)
}

fn config(setting: Setting<'_>) -> Ini {
    Ini::default()
        .with("DEFAULT", options([("use_stderr", "true")]))
        .with("placement_database", setting.database(SERVICE, "placement"))
        .with("api", options([("auth_strategy", "keystone")]))
        .with("keystone_authtoken", setting.authtoken(SERVICE))
}
