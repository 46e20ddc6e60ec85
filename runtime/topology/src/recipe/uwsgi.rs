//! API processes under uWSGI.
//!
//! It is the program of `pyuwsgi`, which comes built; `uwsgi` is built anew in each
//! environment, for a minute or two.

use crate::driver::Daemon;
use crate::plan::Process;

use super::error::RecipeError;
use super::setting::Setting;

/// How an API is served.
#[derive(Debug, Clone)]
pub(super) struct Api<'a> {
    /// The module that has `application`.
    pub module: &'a str,
    /// Threads in each worker process.
    pub threads: u32,
    /// Whether requests come through uWSGI's HTTP router, which alone
    /// understands bodies sent in chunks.
    pub router: bool,
    /// A variable of the environment that says where its configuration is.
    pub config: Option<(&'a str, String)>,
    /// What the module finds as arguments of a command.
    pub arguments: Option<String>,
}

impl Api<'_> {
    /// Gives the process.
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
            // It ends when its application does not load, and when it is asked to;
            // workers end with their master, however that one ends.
            "--need-app",
            "--die-on-term",
            "--no-orphans",
            // Tokens and long queries do not fit into the 4 KiB that it starts with.
            "--buffer-size",
            "65535",
            "--disable-logging",
            "--procname-prefix",
            &format!("{} ", process.id),
            // Kept-open connections to a worker that went away give resets.
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

/// Makes arguments of words.
pub(super) fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
