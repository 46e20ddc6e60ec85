//! Swift: objects with one replica.

use super::Recipe;
use super::error::RecipeError;
use super::ini::Ini;
use super::setting::words;
use super::setting::{Options, Setting, options};
use crate::component::{Component, Service};
use crate::driver::{Command, Daemon};
use crate::plan::Process;

const SERVICE: Service = Service::Swift;

/// The names of its parts.
const SERVERS: [(Component, &str); 3] = [
    (Component::SwiftAccount, "account"),
    (Component::SwiftContainer, "container"),
    (Component::SwiftObject, "object"),
];

/// The proxy's pipeline; `staticweb` comes after the auth filters, otherwise a page has
/// no `ETag`.
const PIPELINE: &str = "catch_errors gatekeeper healthcheck proxy-logging cache listing_formats \
    bulk tempurl ratelimit crossdomain container_sync formpost authtoken keystoneauth staticweb \
    copy container-quotas account-quotas slo dlo versioned_writes symlink proxy-logging \
    proxy-server";

/// The filters that need no options; their entry points are spelled with `_`.
const PLAIN: [&str; 17] = [
    "catch_errors",
    "gatekeeper",
    "healthcheck",
    "proxy-logging",
    "tempurl",
    "listing_formats",
    "bulk",
    "ratelimit",
    "crossdomain",
    "container_sync",
    "formpost",
    "staticweb",
    "copy",
    "container-quotas",
    "account-quotas",
    "slo",
    "dlo",
];

/// Returns its files, folders and the command that builds its rings.
pub(super) fn recipe(setting: Setting<'_>) -> Result<Recipe, RecipeError> {
    let release = setting.release(SERVICE)?;
    let etc = setting.etc(SERVICE, release);
    let secrets = &setting.site.secrets;
    let cluster = format!("{}/v1/", setting.url(SERVICE));
    let mut files = vec![
        setting.file(
            SERVICE,
            etc.join("swift.conf"),
            Ini::default()
                .with(
                    "swift-hash",
                    options([
                        ("swift_hash_path_prefix", secrets.hash_prefix.expose()),
                        ("swift_hash_path_suffix", secrets.hash_suffix.expose()),
                    ]),
                )
                .with("storage-policy:0", options([("name", "Policy-0"), ("default", "yes")]))
                // Tokens with a large catalog are longer than 8 KiB.
                .with("swift-constraints", options([("max_header_size", "16384")])),
        ),
        setting.file(
            SERVICE,
            etc.join("container-sync-realms.conf"),
            Ini::default().with(
                "realm1",
                options([("key", secrets.realm.expose()), ("cluster_name1", &cluster)]),
            ),
        ),
    ];
    let mut folders = vec![setting.state(SERVICE)];
    for (component, kind) in SERVERS {
        for process in setting.site.processes(component) {
            let path = etc.join(&process.id).join(format!("{kind}-server.conf"));
            files.push(setting.file(SERVICE, path, server(setting, process, kind)));
            folders.push(setting.state(SERVICE).join(device(process)));
        }
    }
    for process in setting.site.processes(Component::SwiftProxy) {
        let path = etc.join(&process.id).join("proxy-server.conf");
        files.push(setting.file(SERVICE, path, proxy(setting, process)));
    }
    Ok(Recipe {
        files,
        folders,
        databases: Vec::new(),
        synchronise: Vec::new(),
        prepare: rings(setting)?.into_iter().collect(),
    })
}

/// Returns one of its processes.
pub(super) fn daemon(setting: Setting<'_>, process: &Process) -> Result<Daemon, RecipeError> {
    let (_, release) = setting.owner(process)?;
    let kind = match process.component {
        Component::SwiftAccount => "account",
        Component::SwiftContainer => "container",
        Component::SwiftObject => "object",
        _ => "proxy",
    };
    let etc = setting.etc(SERVICE, release).join(&process.id);
    let file = etc.join(format!("{kind}-server.conf")).display().to_string();
    setting.daemon(process, &format!("swift-{kind}-server"), &words(&[&file, "--verbose"]))
}

/// The script that builds the rings; `swift-ring-builder` would have to be started nine
/// times.
const RINGS: &str = "\
import sys
from swift.common.ring import RingBuilder
folder, *devices = sys.argv[1:]
for kind in ('account', 'container', 'object'):
    builder = RingBuilder(4, 1, 1)
    for device in devices:
        of, port, name = device.split(':')
        if of == kind:
            builder.add_dev({'region': 1, 'zone': 1, 'ip': '127.0.0.1', 'port': int(port),
                             'device': name, 'weight': 1})
    builder.rebalance(seed=1)
    builder.get_ring().save(f'{folder}/{kind}.ring.gz')
";

/// The command that builds the rings where there are none.
fn rings(setting: Setting<'_>) -> Result<Option<Command>, RecipeError> {
    let release = setting.release(SERVICE)?;
    let etc = setting.etc(SERVICE, release);
    let made = |kind| etc.join(format!("{kind}.ring.gz")).is_file();
    if SERVERS.iter().all(|(_, kind)| made(kind)) {
        return Ok(None);
    }
    let mut arguments = words(&["-c", RINGS, &etc.display().to_string()]);
    for (component, kind) in SERVERS {
        for process in setting.site.processes(component) {
            let port = setting.site.port(&process.id);
            arguments.push(format!("{kind}:{port}:{}", device(process)));
        }
    }
    setting.command(SERVICE, release, "prepare-swift", "python", &arguments).map(Some)
}

/// The data folder of a server; the servers of one number share it.
fn device(process: &Process) -> String {
    format!("d{}", process.number)
}

fn common(setting: Setting<'_>, process: &Process) -> Options {
    let etc = setting.release(SERVICE).map(|release| setting.etc(SERVICE, release));
    let etc = etc.unwrap_or_default().display().to_string();
    let mut all = options([
        ("bind_ip", "127.0.0.1"),
        ("bind_port", &setting.site.port(&process.id).to_string()),
        ("swift_dir", &etc),
        ("devices", &setting.state(SERVICE).display().to_string()),
        ("mount_check", "false"),
        ("workers", "0"),
        // There is no syslog; with `--verbose` it logs to its output.
        ("log_address", "/dev/null"),
        ("disable_fallocate", "true"),
        // Otherwise it refuses containers, but not objects, on a nearly full disk.
        ("fallocate_reserve", "0"),
    ]);
    // It switches to this user; the default, `swift`, does not exist.
    if let Some(user) = user() {
        all.push(("user".to_owned(), user));
    }
    all
}

/// The name of the current user.
fn user() -> Option<String> {
    let id = rustix::process::geteuid().as_raw().to_string();
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let line = users.lines().find(|line| line.split(':').nth(2) == Some(id.as_str()))?;
    line.split(':').next().map(str::to_owned)
}

fn server(setting: Setting<'_>, process: &Process, kind: &str) -> Ini {
    let app = format!("{kind}-server");
    Ini::default()
        .with("DEFAULT", common(setting, process))
        .with("pipeline:main", options([("pipeline", &format!("healthcheck {app}"))]))
        .with(&format!("app:{app}"), options([("use", &format!("egg:swift#{kind}"))]))
        .with("filter:healthcheck", options([("use", "egg:swift#healthcheck")]))
}

fn proxy(setting: Setting<'_>, process: &Process) -> Ini {
    let mut ini = Ini::default()
        .with("DEFAULT", common(setting, process))
        .with("pipeline:main", options([("pipeline", PIPELINE)]))
        .with(
            "app:proxy-server",
            options([
                ("use", "egg:swift#proxy"),
                ("account_autocreate", "true"),
                ("allow_account_management", "true"),
                // With one replica, skipping a server for a minute after one failure would
                // fail all its requests.
                ("error_suppression_interval", "0"),
                ("conn_timeout", "10"),
                ("node_timeout", "60"),
            ]),
        )
        .with(
            "filter:authtoken",
            options([("paste.filter_factory", "keystonemiddleware.auth_token:filter_factory")]),
        )
        .with("filter:authtoken", setting.authtoken(SERVICE))
        .with(
            "filter:authtoken",
            options([
                // Requests without a token are passed on: pages and temporary URLs have none.
                ("delay_auth_decision", "True"),
                ("include_service_catalog", "False"),
                ("cache", "swift.cache"),
            ]),
        )
        .with(
            "filter:keystoneauth",
            options([
                ("use", "egg:swift#keystoneauth"),
                ("operator_roles", "admin, member"),
                ("reseller_admin_role", "ResellerAdmin"),
                ("reader_system_roles", ""),
            ]),
        )
        .with(
            "filter:cache",
            options([("use", "egg:swift#memcache"), ("memcache_servers", &setting.cache())]),
        );
    for name in PLAIN {
        let entry = format!("egg:swift#{}", name.replace('-', "_"));
        ini = ini.with(&format!("filter:{name}"), options([("use", &entry)]));
    }
    ini.with("filter:symlink", options([("use", "egg:swift#symlink")])).with(
        "filter:versioned_writes",
        options([
            ("use", "egg:swift#versioned_writes"),
            ("allow_versioned_writes", "true"),
            ("allow_object_versioning", "true"),
        ]),
    )
}
