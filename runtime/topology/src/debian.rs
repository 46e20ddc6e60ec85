//! Programs from Debian packages: found, or installed without starting their daemons.
//!
//! Debian starts a daemon when its package is installed, unless the file
//! `policy-rc.d` denies it. That file is written for the one call to apt and removed
//! afterwards, whether or not the call succeeds. A file that already exists is kept.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use miette::Diagnostic;
use thiserror::Error;
use tokio::process::Command;

use crate::progress::{Progress, Step};

const POLICY: &str = "/usr/sbin/policy-rc.d";
/// How many lines of apt's output a failure shows.
const TAIL: usize = 15;
/// Folders that are searched after `PATH`. RabbitMQ's comes first: the program of
/// that name in `/usr/sbin` is a wrapper that requires root or the user `rabbitmq`.
const ALSO: [&str; 4] = ["/usr/lib/rabbitmq/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"];

/// Programs that are missing and could not be installed.
#[derive(Debug, Error, Diagnostic)]
#[error("{what}")]
#[diagnostic(help("{help}"))]
pub struct DebianError {
    /// What is missing, or what failed.
    pub what: String,
    /// The command to run, or the end of apt's output.
    pub help: String,
}

/// A Debian package, recognised as installed by its programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Package {
    /// `mariadb-server`.
    Mariadb,
    /// `rabbitmq-server`.
    Rabbitmq,
    /// `memcached`.
    Memcached,
    /// `qemu-utils`.
    QemuUtils,
    /// `haproxy`.
    Haproxy,
}

impl Package {
    /// Returns the package's name in Debian.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mariadb => "mariadb-server",
            Self::Rabbitmq => "rabbitmq-server",
            Self::Memcached => "memcached",
            Self::QemuUtils => "qemu-utils",
            Self::Haproxy => "haproxy",
        }
    }

    const fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Mariadb => &["mariadbd", "mariadb-install-db", "mariadb", "mariadb-dump"],
            Self::Rabbitmq => &["rabbitmq-server", "epmd"],
            Self::Memcached => &["memcached"],
            Self::QemuUtils => &["qemu-img"],
            Self::Haproxy => &["haproxy"],
        }
    }

    fn is_there(self) -> bool {
        self.programs().iter().all(|name| find(name).is_some())
    }
}

/// Returns a program's path, or its bare name where it was not found.
pub fn program(name: &str) -> PathBuf {
    find(name).unwrap_or_else(|| name.into())
}

/// Installs the packages that are missing.
///
/// # Errors
/// A package is missing and apt is not available or not permitted (the help is the
/// command to run), or apt failed (the help is the end of its output).
pub async fn ensure(packages: &[Package], progress: &dyn Progress) -> Result<(), DebianError> {
    let missing: Vec<&str> = packages
        .iter()
        .filter(|package| !package.is_there())
        .map(|package| package.name())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    let Some(apt) = Apt::find().await else {
        let help = format!("run `sudo apt-get install --no-install-recommends {names}`");
        return Err(DebianError { what: format!("these packages are missing: {names}"), help });
    };
    let step = Step::begin(progress, &format!("install {names}"));
    let _policy = Policy::deny(&apt, Path::new(POLICY)).await?;
    step.at("reading the package lists");
    apt.run(&["update", "-qq"]).await?;
    step.at("installing");
    let mut arguments = vec!["install", "-qq", "-y", "--no-install-recommends"];
    arguments.extend(&missing);
    apt.run(&arguments).await?;
    step.done();
    Ok(())
}

/// apt, run as root or through `sudo`.
struct Apt {
    program: PathBuf,
    sudo: Option<PathBuf>,
}

impl Apt {
    async fn find() -> Option<Self> {
        let program = find("apt-get")?;
        if rustix::process::geteuid().is_root() {
            return Some(Self { program, sudo: None });
        }
        let sudo = find("sudo")?;
        let mut asked = Command::new(&sudo);
        asked.args(["-n", "true"]).stdin(Stdio::null()).stderr(Stdio::null());
        asked.status().await.is_ok_and(|status| status.success()).then_some(())?;
        Some(Self { program, sudo: Some(sudo) })
    }

    async fn run(&self, arguments: &[&str]) -> Result<(), DebianError> {
        let mut command = self.elevated(&[
            // Set after `sudo`, which drops our environment.
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            &self.program.display().to_string(),
        ]);
        let output = command.args(arguments).stdin(Stdio::null()).output().await;
        let what = || format!("`apt-get {}` failed", arguments.join(" "));
        let output =
            output.map_err(|error| DebianError { what: what(), help: format!("{error}") })?;
        if output.status.success() {
            return Ok(());
        }
        let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
        said.push_str(&String::from_utf8_lossy(&output.stderr));
        let lines: Vec<&str> = said.lines().collect();
        let tail = lines[lines.len().saturating_sub(TAIL)..].join("\n  ");
        Err(DebianError { what: what(), help: format!("the end of its output:\n  {tail}") })
    }

    fn elevated(&self, words: &[&str]) -> Command {
        let sudo = self.sudo.iter().flat_map(|sudo| [sudo.display().to_string(), "-n".to_owned()]);
        let mut words = sudo.chain(words.iter().map(|word| (*word).to_owned()));
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).kill_on_drop(false);
        command
    }
}

/// The file that keeps daemons from being started, for as long as this value lives.
#[derive(Debug)]
struct Policy {
    /// What to remove, and how; `None` where the file existed before.
    ours: Option<(PathBuf, Option<PathBuf>)>,
}

impl Policy {
    async fn deny(apt: &Apt, path: &Path) -> Result<Self, DebianError> {
        let failed = |error: io::Error| DebianError {
            what: format!("cannot write {}: {error}", path.display()),
            help: "without this file, Debian starts the daemons of the packages it installs"
                .to_owned(),
        };
        if path.exists() {
            return Ok(Self { ours: None });
        }
        if apt.sudo.is_none() {
            let mut open = fs::File::options();
            return match open.write(true).create_new(true).mode(0o755).open(path) {
                Ok(mut file) => {
                    let ours = Self { ours: Some((path.to_owned(), None)) };
                    file.write_all(b"#!/bin/sh\nexit 101\n").map_err(failed)?;
                    Ok(ours)
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Self { ours: None }),
                Err(error) => Err(failed(error)),
            };
        }
        let script = "printf '#!/bin/sh\\nexit 101\\n' > \"$1\" && chmod 755 \"$1\"";
        let ours = Self { ours: Some((path.to_owned(), apt.sudo.clone())) };
        let mut write = apt.elevated(&["sh", "-c", script, "sh", &path.display().to_string()]);
        let status = write.stdin(Stdio::null()).status().await.map_err(failed)?;
        if status.success() { Ok(ours) } else { Err(failed(io::Error::other(status.to_string()))) }
    }
}

impl Drop for Policy {
    fn drop(&mut self) {
        match self.ours.take() {
            Some((path, None)) => drop(fs::remove_file(path)),
            Some((path, Some(sudo))) => {
                let mut remove = std::process::Command::new(sudo);
                drop(remove.args(["-n", "rm", "-f"]).arg(path).stdin(Stdio::null()).status());
            }
            None => {}
        }
    }
}

fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let of_path = std::env::split_paths(&path).collect::<Vec<_>>();
    let rabbit = ALSO.iter().take(1).map(PathBuf::from);
    let rest = ALSO.iter().skip(1).map(PathBuf::from);
    let mut folders = rabbit.chain(of_path).chain(rest);
    folders.find_map(|folder| Some(folder.join(name)).filter(|found| found.is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_policy_is_removed_after_the_call_unless_it_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("policy-rc.d");
        let apt = Apt { program: "apt-get".into(), sudo: None };
        let ours = Policy::deny(&apt, &path).await.unwrap();
        let beside = Policy::deny(&apt, &path).await.unwrap();
        drop(beside);
        assert_eq!(fs::read_to_string(&path).unwrap(), "#!/bin/sh\nexit 101\n");
        drop(ours);
        assert!(!path.exists());
    }

    #[test]
    fn a_program_that_is_nowhere_keeps_its_name() {
        assert_eq!(program("no-such-program"), Path::new("no-such-program"));
        assert!(program("sh").is_absolute());
    }
}
