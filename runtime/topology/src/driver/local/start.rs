//! Starts daemons and runs commands.

use std::io;
use std::process::Stdio;

use tokio::process;

use super::family::MARK;
use super::files;
use super::record::Record;
use crate::driver::{Command, Daemon, DriverError, DriverErrorKind};

/// The variables that a process inherits from this program. Any other would make it
/// depend on who starts it.
const INHERITED: [&str; 9] =
    ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TMPDIR"];

/// How many lines of a log a failure shows.
const TAIL: usize = 15;

/// Starts a process in its own session.
pub(super) fn start(daemon: &Daemon, mark: &str) -> Result<Record, DriverError> {
    let mut command = prepared(&daemon.command)?;
    command.env(MARK, mark);
    // SAFETY: `setsid` is safe to call between fork and exec, and nothing else is.
    unsafe {
        command.pre_exec(|| {
            rustix::process::setsid()?;
            Ok(())
        });
    }
    // Not awaited here: the runtime reaps it if it ends while this program runs.
    let child = command.spawn().map_err(|error| not_started(&daemon.id, error))?;
    let gone = || io::Error::other("it has already ended");
    child
        .id()
        .ok_or_else(gone)
        .and_then(|pid| Record::of(pid, &daemon.command.log))
        .map_err(|error| not_started(&daemon.id, error))
}

/// Runs a command and waits for it.
pub(super) async fn run(command: &Command) -> Result<(), DriverError> {
    let what = described(command);
    let status = prepared(command)?.kill_on_drop(true).status().await;
    let status = status.map_err(|error| not_started(&what, error))?;
    if status.success() {
        return Ok(());
    }
    let tail = files::tail(&command.log, TAIL)?;
    Err(DriverError::new(what, DriverErrorKind::Failed(status)).with_log(&command.log, tail))
}

fn prepared(command: &Command) -> Result<process::Command, DriverError> {
    let log = files::append(&command.log)?;
    let also = log.try_clone().map_err(|error| DriverError::file(&command.log, error))?;
    let mut prepared = process::Command::new(&command.program);
    prepared.args(&command.arguments).current_dir(&command.directory).env_clear();
    prepared.envs(INHERITED.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    prepared.envs(&command.environment);
    prepared.stdin(Stdio::null()).stdout(log).stderr(also);
    Ok(prepared)
}

fn not_started(what: &str, error: io::Error) -> DriverError {
    DriverError::new(what, DriverErrorKind::Start(error))
        .with_help("check that the program and its working directory exist and can be used")
}

/// Returns a program's name and first arguments, for messages.
fn described(command: &Command) -> String {
    let program = command.program.file_name().unwrap_or_default().to_string_lossy();
    let words = command.arguments.iter().filter(|a| !a.starts_with(['-', '/'])).take(2);
    let words: Vec<&str> =
        std::iter::once(program.as_ref()).chain(words.map(String::as_str)).collect();
    format!("`{}`", words.join(" "))
}
