//! RabbitMQ with its own port mapper.
//!
//! By default all Erlang programs of a machine share one port mapper, through which one
//! broker could stop or hide another. So each cloud runs its own on its own port.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::{Folders, Ready};
use crate::debian;
use crate::driver::{Daemon, File};

/// The broker of a cloud, with Erlang's port mapper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broker {
    /// The cloud's folders.
    pub folders: Folders,
    /// The broker's Erlang node name, one per cloud: `squall-NAME`.
    pub node: String,
    /// The loopback port for clients.
    pub port: u16,
    /// The port for its management tools.
    pub distribution: u16,
    /// The port of the port mapper.
    pub mapper: u16,
    /// The user of all clients; there is no `guest`.
    pub user: String,
    /// The user's password.
    pub password: String,
    /// Erlang's cookie, with which nodes authenticate to each other.
    pub cookie: String,
}

impl Broker {
    /// Returns its files.
    pub fn files(&self) -> Vec<File> {
        // The first start creates the user; `rabbitmqctl add_user` takes 3 s more.
        let config = format!(
            "listeners.tcp.1 = 127.0.0.1:{}\n\
             default_user = {}\n\
             default_pass = {}\n\
             log.console = true\n\
             log.console.level = warning\n\
             log.file = false\n\
             vm_memory_high_watermark.absolute = 2GB\n\
             disk_free_limit.absolute = 50MB\n",
            self.port, self.user, self.password
        );
        vec![
            private(self.config(), config, 0o600),
            private(self.plugins(), "[].\n".to_owned(), 0o600),
            private(self.home().join(".erlang.cookie"), self.cookie.clone(), 0o400),
        ]
    }

    /// Returns the port mapper's process.
    pub fn mapper_daemon(&self, id: &str) -> Daemon {
        let port = self.mapper.to_string();
        let arguments = ["-port", port.as_str(), "-address", "127.0.0.1"];
        let command = self.folders.command(id, debian::program("epmd"), &arguments);
        Daemon { id: id.to_owned(), command, grace: Duration::from_secs(5) }
    }

    /// Returns the broker's process; the port mapper runs before it.
    pub fn daemon(&self, id: &str) -> Daemon {
        // The program in `/usr/sbin` is a wrapper that requires root or `rabbitmq`.
        let program = debian::program("rabbitmq-server");
        let mut command = self.folders.command(id, program, &[]);
        command.environment = self.environment();
        command.directory = self.home();
        Daemon { id: id.to_owned(), command, grace: Duration::from_secs(30) }
    }

    /// Returns the check that holds once the port mapper answers.
    pub fn mapper_ready(&self) -> Ready {
        Ready::Port(self.mapper)
    }

    /// Returns the check that holds once the broker answers.
    pub fn ready(&self) -> Ready {
        Ready::Port(self.port)
    }

    /// Returns the URL for services (`transport_url`).
    pub fn url(&self) -> String {
        format!("rabbit://{}:{}@127.0.0.1:{}/", self.user, self.password, self.port)
    }

    /// The environment of the broker and of `rabbitmqctl`.
    pub fn environment(&self) -> BTreeMap<String, String> {
        let home = self.home();
        // Erlang node names cannot contain dots.
        let node = format!("{}@localhost", self.node.replace('.', "_"));
        let config = self.config().with_extension("");
        let paths = [
            ("HOME", home.clone()),
            ("RABBITMQ_MNESIA_BASE", home.join("mnesia")),
            ("RABBITMQ_LOG_BASE", home.join("log")),
            ("RABBITMQ_CONFIG_FILE", config.clone()),
            ("RABBITMQ_ADVANCED_CONFIG_FILE", config.with_file_name("rabbitmq-advanced.config")),
            ("RABBITMQ_CONF_ENV_FILE", PathBuf::from("/dev/null")),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", self.plugins()),
            ("RABBITMQ_PID_FILE", self.folders.run.join("rabbitmq.pid")),
        ];
        let words = [
            ("RABBITMQ_NODENAME", node),
            ("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1".to_owned()),
            ("RABBITMQ_NODE_PORT", self.port.to_string()),
            ("RABBITMQ_DIST_PORT", self.distribution.to_string()),
            ("ERL_EPMD_PORT", self.mapper.to_string()),
            ("ERL_EPMD_ADDRESS", "127.0.0.1".to_owned()),
            // Two schedulers that do not busy-wait.
            (
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none \
                 -kernel inet_dist_use_interface {127,0,0,1}"
                    .to_owned(),
            ),
            // No shell in between, so that signals reach the server.
            ("RUNNING_UNDER_SYSTEMD", "true".to_owned()),
        ];
        let paths = paths.into_iter().map(|(name, path)| (name, path.display().to_string()));
        paths.chain(words).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn home(&self) -> PathBuf {
        self.folders.state.join("broker")
    }

    fn config(&self) -> PathBuf {
        self.folders.etc.join("broker/rabbitmq.conf")
    }

    fn plugins(&self) -> PathBuf {
        self.folders.etc.join("broker/enabled_plugins")
    }
}

fn private(path: PathBuf, content: String, mode: u32) -> File {
    File { path, content: content.into_bytes(), mode }
}
