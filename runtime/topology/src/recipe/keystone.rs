//! Keystone: tokens, users and the catalog.

use std::path::PathBuf;

use super::error::RecipeError;
use super::ini::Ini;
use super::setting::words;
use super::setting::{Setting, options};
use super::uwsgi::Api;
use super::{Recipe, keys};
use crate::component::{Component, Service};
use crate::driver::{Command, Daemon};
use crate::plan::Process;

const SERVICE: Service = Service::Keystone;

/// Returns its files, folders, databases and the commands that fill them.
pub(super) fn recipe(setting: Setting<'_>) -> Result<Recipe, RecipeError> {
    let (fernet, credential) = (repository(setting, "fernet"), repository(setting, "credential"));
    let secrets = &setting.site.secrets;
    let mut files = Vec::new();
    for release in setting.releases(SERVICE)? {
        files.push(setting.file(
            SERVICE,
            setting.etc(SERVICE, release).join("keystone.conf"),
            config(setting),
        ));
    }
    // As `keystone-manage fernet_setup` and `credential_setup` create them: 0 is the next
    // key, 1 the one in use.
    files.extend(keys::repository(&fernet, &secrets.fernet));
    files.extend(keys::repository(&credential, &secrets.credential));
    Ok(Recipe {
        files,
        folders: vec![fernet, credential],
        databases: vec!["keystone"],
        synchronise: vec![manage(setting, "synchronise-keystone", &["db_sync"])?],
        prepare: Vec::new(),
    })
}

/// Returns one of its processes.
pub(super) fn daemon(setting: Setting<'_>, process: &Process) -> Result<Daemon, RecipeError> {
    let (_, release) = setting.owner(process)?;
    Api {
        module: "keystone.wsgi.api",
        // With several threads, concurrent requests were refused for roles that only the
        // other request's user has (keystone 30.0.0).
        threads: 1,
        router: false,
        config: Some((
            "OS_KEYSTONE_CONFIG_DIR",
            setting.etc(SERVICE, release).display().to_string(),
        )),
        arguments: None,
    }
    .daemon(setting, process)
}

/// The command that creates the first user, the roles and the identity service's
/// endpoints. It keeps what exists.
pub fn bootstrap(setting: Setting<'_>) -> Result<Command, RecipeError> {
    let mut command = manage(setting, "bootstrap-keystone", &["bootstrap"])?;
    let url = setting.auth_url();
    for variable in ["ADMIN_URL", "PUBLIC_URL", "INTERNAL_URL"] {
        command.environment.insert(format!("OS_BOOTSTRAP_{variable}"), url.clone());
    }
    // Not as an argument, which every user of the machine can read.
    let password = setting.site.secrets.admin.expose().to_owned();
    command.environment.insert("OS_BOOTSTRAP_PASSWORD".to_owned(), password);
    command.environment.insert("OS_BOOTSTRAP_REGION_ID".to_owned(), super::REGION.to_owned());
    Ok(command)
}

fn manage(setting: Setting<'_>, id: &str, what: &[&str]) -> Result<Command, RecipeError> {
    let release = setting.release(SERVICE)?;
    let file = setting.etc(SERVICE, release).join("keystone.conf").display().to_string();
    let mut arguments = words(&["--config-file", &file]);
    arguments.extend(words(what));
    setting.command(SERVICE, release, id, "keystone-manage", &arguments)
}

fn repository(setting: Setting<'_>, name: &str) -> PathBuf {
    setting.state(SERVICE).join(name)
}

fn config(setting: Setting<'_>) -> Ini {
    let fernet = repository(setting, "fernet").display().to_string();
    let credential = repository(setting, "credential").display().to_string();
    let ini = Ini::default()
        .with("DEFAULT", options([("use_stderr", "true")]))
        .with("database", setting.database(SERVICE, "keystone"))
        .with("token", options([("provider", "fernet"), ("expiration", "14400")]))
        .with("fernet_tokens", options([("key_repository", &fernet)]))
        .with("fernet_receipts", options([("key_repository", &fernet)]))
        .with("credential", options([("key_repository", &credential)]))
        // Hashing a password takes a tenth of a second at the default of 12.
        .with("identity", options([("password_hash_rounds", "4")]))
        .with("oslo_messaging_notifications", options([("driver", "noop")]));
    match setting.site.first(Component::Cache) {
        Some(_) => ini.with("cache", setting.caching()),
        None => ini,
    }
}
