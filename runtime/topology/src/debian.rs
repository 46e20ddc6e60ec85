//! The programs that Debian gives: found, or installed without their daemons being
//! started.
//!
//! Debian starts a daemon when its package is installed, unless the file
//! `policy-rc.d` denies it. It is put there for the one call, and removed after it
//! whatever came of it; where there is one already, it is somebody else's and stays.

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
/// How much of what apt said a failure shows.
const TAIL: usize = 15;
/// Where programs are besides `PATH`. RabbitMQ's first: the one of that name in
/// `/usr/sbin` is a wrapper that wants root or a user of its own.
const ALSO: [&str; 4] = ["/usr/lib/rabbitmq/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"];

/// Programs that are missing and could not be installed.
#[derive(Debug, Error, Diagnostic)]
#[error("{what}")]
#[diagnostic(help("{help}"))]
pub struct DebianError {
    /// What is missing, or what failed.
    pub what: String,
    /// The one command to run, or what apt said last.
    pub help: String,
}

/// A package and the program that tells that it is there.
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
    /// Gives its name in Debian.
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

/// Gives a program's path; its name alone where it is nowhere.
pub fn program(name: &str) -> PathBuf {
    find(name).unwrap_or_else(|| name.into())
}

/// Makes sure that packages are installed.
///
/// # Errors
/// Something is missing and there is no apt, or no right to use it: the help is the
/// one command to run. Or apt failed: the help is what it said.
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

/// apt, with the right to use it.
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
            // Given after sudo, which keeps no variable of ours.
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            &self.program.display().to_string(),
        ]);
        let output = command.args(arguments).stdin(Stdio::null()).output().await;
        let what = || format!("`apt-get {}` failed", arguments.join(" "));
        let output = output
            .map_err(|error| DebianError { what: what(), help: format!("it says: {error}") })?;
        if output.status.success() {
            return Ok(());
        }
        let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
        said.push_str(&String::from_utf8_lossy(&output.stderr));
        let lines: Vec<&str> = said.lines().collect();
        let tail = lines[lines.len().saturating_sub(TAIL)..].join("\n  ");
        Err(DebianError { what: what(), help: format!("it says at its end:\n  {tail}") })
    }

    fn elevated(&self, words: &[&str]) -> Command {
        let sudo = self.sudo.iter().flat_map(|sudo| [sudo.display().to_string(), "-n".to_owned()]);
        let mut words = sudo.chain(words.iter().map(|word| (*word).to_owned()));
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).kill_on_drop(false);
        command
    }
}

/// The file that denies the start of daemons, while this is there.
#[derive(Debug)]
struct Policy {
    /// What to remove, and how; nothing where the file was there before.
    ours: Option<(PathBuf, Option<PathBuf>)>,
}

impl Policy {
    async fn deny(apt: &Apt, path: &Path) -> Result<Self, DebianError> {
        let failed = |error: io::Error| DebianError {
            what: format!("{} cannot be written: {error}", path.display()),
            help: "without it, Debian would start the daemons of what is installed".to_owned(),
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
