//! A cloud as recipes see it: its paths, addresses, users and passwords.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::RecipeError;
use super::ini::Ini;
use crate::component::{Component, Service};
use crate::driver::{Command, Daemon, File};
use crate::plan::Process;
use crate::release::Environments;
use crate::site::Site;

/// The region of every cloud brought up here.
pub const REGION: &str = "RegionOne";

/// How long a service may take to end after SIGTERM.
const GRACE: Duration = Duration::from_secs(10);

/// A cloud, and what is installed for it.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The cloud.
    pub site: &'a Site,
    /// The installed releases.
    pub environments: &'a Environments,
}

/// The options of one section.
pub(super) type Options = Vec<(String, String)>;

/// Collects options from pairs.
pub(super) fn options<const N: usize>(pairs: [(&str, &str); N]) -> Options {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

impl<'a> Setting<'a> {
    /// Returns the virtual environment of a service.
    pub fn environment(&self, service: Service, release: &str) -> Result<&'a Path, RecipeError> {
        self.environments
            .path(service, release)
            .ok_or_else(|| RecipeError::NotInstalled { service, release: release.to_owned() })
    }

    /// Returns the release of a service, which is also its database's.
    pub fn release(&self, service: Service) -> Result<&'a str, RecipeError> {
        let found = self.site.plan.services.iter().find(|plan| plan.service == service);
        found.map(|plan| plan.release.as_str()).ok_or(RecipeError::NoService { service })
    }

    /// Returns every release that the service's processes run, its own first.
    pub fn releases(&self, service: Service) -> Result<Vec<&'a str>, RecipeError> {
        let mut releases = vec![self.release(service)?];
        for process in &self.site.plan.processes {
            if process.component.service() == Some(service)
                && let Some(release) = process.release.as_deref()
                && !releases.contains(&release)
            {
                releases.push(release);
            }
        }
        Ok(releases)
    }

    /// Returns the folder of a service's configuration. Processes of another release have
    /// their own, because the files of the package differ.
    pub fn etc(&self, service: Service, release: &str) -> PathBuf {
        match self.release(service) {
            Ok(own) if own == release => self.site.etc().join(service.name()),
            _ => self.site.etc().join(format!("{service}-{release}")),
        }
    }

    /// Returns the folder of a service's state.
    pub fn state(&self, service: Service) -> PathBuf {
        self.site.state().join(service.name())
    }

    /// Returns the options that the topology sets in a file of a service.
    pub fn fragment(
        &self,
        service: Service,
        file: &str,
    ) -> Option<&'a BTreeMap<String, BTreeMap<String, String>>> {
        let plan = self.site.plan.services.iter().find(|plan| plan.service == service)?;
        plan.config.get(file)
    }

    /// Returns a configuration file with the topology's options, readable by its owner
    /// only: nearly all hold a password.
    pub fn file(&self, service: Service, path: PathBuf, ini: Ini) -> File {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let fragment = name.and_then(|name| self.fragment(service, &name));
        File { content: ini.over(fragment).render().into_bytes(), path, mode: 0o600 }
    }

    /// Returns a file of a package, unchanged.
    pub fn copy(&self, from: &Path, to: PathBuf) -> Result<File, RecipeError> {
        let content = read(from)?;
        Ok(File { path: to, content, mode: 0o644 })
    }

    /// Returns the base URL of a service.
    pub fn url(&self, service: Service) -> String {
        format!("http://127.0.0.1:{}", self.site.endpoint(service))
    }

    /// Returns the auth URL.
    pub fn auth_url(&self) -> String {
        format!("{}/v3", self.url(Service::Keystone))
    }

    /// Returns the options with which a service authenticates as its own user.
    pub fn credential(&self, user: Service) -> Options {
        options([
            ("auth_type", "password"),
            ("auth_url", &self.auth_url()),
            ("username", user.name()),
            ("password", self.site.secrets.user(user)),
            ("project_name", "service"),
            ("user_domain_id", "default"),
            ("project_domain_id", "default"),
            ("region_name", REGION),
        ])
    }

    /// Returns the options with which a service validates tokens.
    pub fn authtoken(&self, user: Service) -> Options {
        let mut all = self.credential(user);
        all.extend(options([
            ("www_authenticate_uri", &self.auth_url()),
            ("memcached_servers", &self.cache()),
            ("interface", "internal"),
            // Otherwise an application credential with access rules is good for nothing.
            ("service_type", user.service_type()),
            // Otherwise a token without this role would be accepted as a service token.
            ("service_token_roles_required", "true"),
            ("service_token_roles", "service"),
        ]));
        all
    }

    /// Returns the options with which a service reaches its database.
    pub fn database(&self, service: Service, name: &str) -> Options {
        options([
            ("connection", &self.database_url(service, name)),
            ("max_pool_size", "10"),
            ("max_overflow", "20"),
            // The database may start later than the service.
            ("max_retries", "-1"),
        ])
    }

    /// Returns the URL of a database.
    pub fn database_url(&self, service: Service, name: &str) -> String {
        let password = self.site.secrets.database(service);
        let port = self.first_port(Component::Database);
        format!("mysql+pymysql://{service}:{password}@127.0.0.1:{port}/{name}?charset=utf8")
    }

    /// Returns the URL of the broker.
    pub fn broker(&self) -> String {
        super::backing::broker(self.site).url()
    }

    /// Returns the options of every service that uses the broker: a lost connection is
    /// noticed and restored within seconds.
    pub fn messaging(&self) -> Options {
        options([
            ("heartbeat_timeout_threshold", "30"),
            ("kombu_reconnect_delay", "0.5"),
            ("rabbit_retry_interval", "1"),
            ("rabbit_retry_backoff", "1"),
            ("rabbit_interval_max", "5"),
        ])
    }

    /// Returns the cache's address.
    pub fn cache(&self) -> String {
        format!("127.0.0.1:{}", self.first_port(Component::Cache))
    }

    /// Returns the options of a service that uses the cache.
    pub fn caching(&self) -> Options {
        options([
            ("enabled", "true"),
            ("backend", "dogpile.cache.memcached"),
            ("memcache_servers", &self.cache()),
        ])
    }

    /// Returns the options of locks between the processes of a service.
    pub fn locks(&self, service: Service) -> Options {
        let path = self.state(service).join("locks");
        options([("lock_path", &path.display().to_string())])
    }

    fn first_port(&self, component: Component) -> u16 {
        self.site.first(component).map_or(0, |process| self.site.port(&process.id))
    }

    /// Returns the command of a program in a service's virtual environment.
    pub fn command(
        &self,
        service: Service,
        release: &str,
        id: &str,
        program: &str,
        arguments: &[String],
    ) -> Result<Command, RecipeError> {
        let bin = self.environment(service, release)?.join("bin");
        // `rootwrap` and `privsep-helper` are looked up in PATH. Without the
        // environment's, creating a volume from an image fails with the misleading
        // `GlanceMetadataNotFound` (oslo_privsep.daemon, exit 127).
        let system = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{}:{system}", self.site.bin().display(), bin.display());
        let environment = BTreeMap::from([
            ("PATH".to_owned(), path),
            ("PYTHONPATH".to_owned(), self.standins().display().to_string()),
            // Log lines are written at once, not in blocks.
            ("PYTHONUNBUFFERED".to_owned(), "1".to_owned()),
            // The user's own credentials must not reach services.
            ("OS_CLOUD".to_owned(), String::new()),
        ]);
        Ok(Command {
            program: bin.join(program),
            arguments: arguments.to_vec(),
            environment,
            directory: self.state(service),
            log: self.site.logs().join(format!("{id}.log")),
        })
    }

    /// Returns the folder of the Python stand-ins.
    pub fn standins(&self) -> PathBuf {
        self.site.root.join("standins")
    }

    /// Returns a daemon that runs a program of its virtual environment.
    pub fn daemon(
        &self,
        process: &Process,
        program: &str,
        arguments: &[String],
    ) -> Result<Daemon, RecipeError> {
        let (service, release) = self.owner(process)?;
        let command = self.command(service, release, &process.id, program, arguments)?;
        Ok(Daemon { id: process.id.clone(), command, grace: GRACE })
    }

    /// Returns the file that sets the host name of a process, read after the shared
    /// configuration.
    pub fn host_file(&self, service: Service, process: &Process, release: &str) -> PathBuf {
        self.etc(service, release).join(format!("{}.conf", process.id))
    }

    /// Returns a daemon that is listed under its own host name.
    pub fn hosted(
        &self,
        process: &Process,
        program: &str,
        config: &str,
    ) -> Result<Daemon, RecipeError> {
        let (service, release) = self.owner(process)?;
        let host = self.host_file(service, process, release).display().to_string();
        let files = words(&["--config-file", config, "--config-file", &host]);
        self.daemon(process, program, &files)
    }

    /// Returns the service of a process, and the release it runs.
    pub fn owner(&self, process: &'a Process) -> Result<(Service, &'a str), RecipeError> {
        let service = process.component.service().unwrap_or(Service::Keystone);
        let release = match process.release.as_deref() {
            Some(release) => release,
            None => self.release(service)?,
        };
        Ok((service, release))
    }
}

/// Returns the host name of a process in its service's lists: its node, with a number
/// where the node has several of its kind, which would otherwise share one record.
pub fn host(site: &Site, process: &Process) -> String {
    let alike = |other: &&Process| other.node == process.node;
    match site.processes(process.component).filter(alike).count() {
        0 | 1 => process.node.clone(),
        _ => format!("{}-{}", process.node, process.number),
    }
}

/// Reads a file of a package.
pub(super) fn read(file: &Path) -> Result<Vec<u8>, RecipeError> {
    std::fs::read(file).map_err(|why| RecipeError::Unreadable { file: file.to_owned(), why })
}

/// Converts words to arguments.
pub(super) fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
