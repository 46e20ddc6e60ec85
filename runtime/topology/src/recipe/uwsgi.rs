//! API processes under uWSGI.
//!
//! The program comes from `pyuwsgi`, which has wheels; `uwsgi` would be compiled in each
//! environment, which takes a minute or two.

use crate::driver::Daemon;
use crate::plan::Process;

use super::error::RecipeError;
use super::setting::{Setting, words};

/// How an API is served.
#[derive(Debug, Clone)]
pub(super) struct Api<'a> {
    /// The module that defines `application`.
    pub module: &'a str,
    /// The number of threads in each worker process.
    pub threads: u32,
    /// Whether requests pass through uWSGI's HTTP router, which is needed for chunked
    /// request bodies.
    pub router: bool,
    /// The environment variable with the path of its configuration.
    pub config: Option<(&'a str, String)>,
    /// The command line arguments that the module sees.
    pub arguments: Option<String>,
}

impl Api<'_> {
    /// Returns the daemon.
    pub(super) fn daemon(
        &self,
        setting: Setting<'_>,
        process: &Process,
    ) -> Result<Daemon, RecipeError> {
        let (service, release) = setting.owner(process)?;
        let port = setting.site.port(&process.id);
        let address = format!("127.0.0.1:{port}");
        let environment = setting.environment(service, release)?.display().to_string();
        let mut arguments = words(&[
            "--module",
            &format!("{}:application", self.module),
            "--virtualenv",
            &environment,
            "--master",
            "--lazy-apps",
            "--enable-threads",
            "--threads",
            &self.threads.to_string(),
            "--processes",
            &process.workers.max(1).to_string(),
            // It ends when its application fails to load and on SIGTERM; workers end
            // with their master, however that one ends.
            "--need-app",
            "--die-on-term",
            "--no-orphans",
            // Tokens and long queries do not fit into the default of 4 KiB.
            "--buffer-size",
            "65535",
            "--disable-logging",
            "--procname-prefix",
            &format!("{} ", process.id),
            // Kept-alive connections to a worker that ended are reset.
            "--add-header",
            "Connection: close",
        ]);
        if self.router {
            arguments.extend(words(&[
                "--http",
                &address,
                "--http-chunked-input",
                "--http-raw-body",
                "--http-timeout",
                "600",
                "--so-keepalive",
            ]));
        } else {
            arguments.extend(words(&["--http-socket", &address]));
        }
        if let Some(more) = &self.arguments {
            arguments.extend(words(&["--pyargv", more]));
        }
        let mut daemon = setting.daemon(process, "uwsgi", &arguments)?;
        if let Some((variable, value)) = &self.config {
            daemon.command.environment.insert((*variable).to_owned(), value.clone());
        }
        Ok(daemon)
    }
}
