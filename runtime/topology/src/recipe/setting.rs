//! What recipes know of a cloud: where things are, who reaches what, and as whom.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::RecipeError;
use super::ini::Ini;
use super::uwsgi::words;
use crate::component::{Component, Service};
use crate::driver::{Command, Daemon, File};
use crate::plan::Process;
use crate::release::Environments;
use crate::site::Site;

/// The region of every cloud brought up here.
pub const REGION: &str = "RegionOne";

/// How long a service may take to end once asked to.
const GRACE: Duration = Duration::from_secs(10);

/// A cloud, and what is installed for it.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The cloud.
    pub site: &'a Site,
    /// What is installed.
    pub environments: &'a Environments,
}

/// Options of one section.
pub(super) type Options = Vec<(String, String)>;

/// Makes options of pairs.
pub(super) fn options<const N: usize>(pairs: [(&str, &str); N]) -> Options {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

impl<'a> Setting<'a> {
    /// The folder of what is installed of a service.
    pub fn environment(&self, service: Service, release: &str) -> Result<&'a Path, RecipeError> {
        self.environments
            .path(service, release)
            .ok_or_else(|| RecipeError::NotInstalled { service, release: release.to_owned() })
    }

    /// The release of a service, that of its database.
    pub fn release(&self, service: Service) -> Result<&'a str, RecipeError> {
        let found = self.site.plan.services.iter().find(|plan| plan.service == service);
        found.map(|plan| plan.release.as_str()).ok_or(RecipeError::NoService { service })
    }

    /// Every release that processes of a service run, its own first.
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

    /// The folder of a service's configuration. Processes of another release
    /// than the service's have their own: the files that come with a package
    /// differ.
    pub fn etc(&self, service: Service, release: &str) -> PathBuf {
        match self.release(service) {
            Ok(own) if own == release => self.site.etc().join(service.name()),
            _ => self.site.etc().join(format!("{service}-{release}")),
        }
    }

    /// The folder of a service's state.
    pub fn state(&self, service: Service) -> PathBuf {
        self.site.state().join(service.name())
    }

    /// What the topology sets in a file of a service.
    pub fn fragment(
        &self,
        service: Service,
        file: &str,
    ) -> Option<&'a BTreeMap<String, BTreeMap<String, String>>> {
        let plan = self.site.plan.services.iter().find(|plan| plan.service == service)?;
        plan.config.get(file)
    }

    /// A configuration file with what the topology sets over ours, for its owner
    /// only: nearly all of them hold a password.
    pub fn file(&self, service: Service, path: PathBuf, ini: Ini) -> File {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let fragment = name.and_then(|name| self.fragment(service, &name));
        File { content: ini.over(fragment).render().into_bytes(), path, mode: 0o600 }
    }

    /// A file that came with a package, as it is.
    pub fn copy(&self, from: &Path, to: PathBuf) -> Result<File, RecipeError> {
        let content = read(from)?;
        Ok(File { path: to, content, mode: 0o644 })
    }

    /// The URL of a service, below which its paths are.
    pub fn url(&self, service: Service) -> String {
        format!("http://127.0.0.1:{}", self.site.endpoint(service))
    }

    /// The URL at which tokens are got.
    pub fn auth_url(&self) -> String {
        format!("{}/v3", self.url(Service::Keystone))
    }

    /// Options by which a service acts as a user of its own.
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

    /// Options by which a service checks the tokens that it is given.
    pub fn authtoken(&self, user: Service) -> Options {
        let mut all = self.credential(user);
        all.extend(options([
            ("www_authenticate_uri", &self.auth_url()),
            ("memcached_servers", &self.cache()),
            ("interface", "internal"),
            // A service token without this role would be taken for one.
            ("service_token_roles_required", "true"),
            ("service_token_roles", "service"),
        ]));
        all
    }

    /// Options by which a service reaches a database of its own.
    pub fn database(&self, service: Service, name: &str) -> Options {
        options([
            ("connection", &self.database_url(service, name)),
            ("max_pool_size", "10"),
            ("max_overflow", "20"),
            // The database may come up later than the service.
            ("max_retries", "-1"),
        ])
    }

    /// The URL of a database.
    pub fn database_url(&self, service: Service, name: &str) -> String {
        let password = self.site.secrets.database(service);
        let port = self.first_port(Component::Database);
        format!("mysql+pymysql://{service}:{password}@127.0.0.1:{port}/{name}?charset=utf8")
    }

    /// The URL of the broker.
    pub fn broker(&self) -> String {
        super::backing::broker(self.site).url()
    }

    /// Options of every service that speaks through the broker: a lost
    /// connection is noticed and made again within seconds.
    pub fn messaging(&self) -> Options {
        options([
            ("heartbeat_timeout_threshold", "30"),
            ("kombu_reconnect_delay", "0.5"),
            ("rabbit_retry_interval", "1"),
            ("rabbit_retry_backoff", "1"),
            ("rabbit_interval_max", "5"),
        ])
    }

    /// The cache's address.
    pub fn cache(&self) -> String {
        format!("127.0.0.1:{}", self.first_port(Component::Cache))
    }

    /// Options of a service that keeps things in the cache.
    pub fn caching(&self) -> Options {
        options([
            ("enabled", "true"),
            ("backend", "dogpile.cache.memcached"),
            ("memcache_servers", &self.cache()),
        ])
    }

    /// Options of locks between the processes of a service.
    pub fn locks(&self, service: Service) -> Options {
        let path = self.state(service).join("locks");
        options([("lock_path", &path.display().to_string())])
    }

    fn first_port(&self, component: Component) -> u16 {
        self.site.first(component).map_or(0, |process| self.site.port(&process.id))
    }

    /// A program of a service's environment, with what it needs around it.
    pub fn command(
        &self,
        service: Service,
        release: &str,
        id: &str,
        program: &str,
        arguments: &[String],
    ) -> Result<Command, RecipeError> {
        let bin = self.environment(service, release)?.join("bin");
        // `rootwrap` and `privsep-helper` are looked up in PATH: without the
        // environment's, cinder ends a volume of an image with the misleading
        // `GlanceMetadataNotFound` (oslo_privsep.daemon, exit 127).
        let system = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{}:{system}", self.site.bin().display(), bin.display());
        let environment = BTreeMap::from([
            ("PATH".to_owned(), path),
            ("PYTHONPATH".to_owned(), self.standins().display().to_string()),
            // A log's line is there when it is written, not when a block is full.
            ("PYTHONUNBUFFERED".to_owned(), "1".to_owned()),
            // Credentials of the user's must not reach services.
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

    /// Where the Python is that stands in for what this machine does not have.
    pub fn standins(&self) -> PathBuf {
        self.site.root.join("standins")
    }

    /// A process that runs a program of its environment.
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

    /// The file that says under which host a process is listed, read after the
    /// configuration of all.
    pub fn host_file(&self, service: Service, process: &Process, release: &str) -> PathBuf {
        self.etc(service, release).join(format!("{}.conf", process.id))
    }

    /// A process that is listed under a host of its own.
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

    /// The service of a process, and the release that it runs.
    pub fn owner(&self, process: &'a Process) -> Result<(Service, &'a str), RecipeError> {
        let service = process.component.service().unwrap_or(Service::Keystone);
        let release = match process.release.as_deref() {
            Some(release) => release,
            None => self.release(service)?,
        };
        Ok((service, release))
    }
}

/// The host that a process goes by in its service's lists: its node, with a number
/// where the node has several of its kind, which would else share one record.
pub fn host(site: &Site, process: &Process) -> String {
    let alike = |other: &&Process| other.node == process.node;
    match site.processes(process.component).filter(alike).count() {
        0 | 1 => process.node.clone(),
        _ => format!("{}-{}", process.node, process.number),
    }
}

/// Reads a file that came with a package.
pub(super) fn read(file: &Path) -> Result<Vec<u8>, RecipeError> {
    std::fs::read(file).map_err(|why| RecipeError::Unreadable { file: file.to_owned(), why })
}
