//! Runs a program of an installation, everything it says kept in a log.

use std::io;
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use super::error::{ReleaseError, ReleaseErrorKind};

/// How much of a log a failure shows.
const TAIL: usize = 15;

/// What of a Python at work elsewhere would mislead ours.
const OTHERS: [&str; 4] = ["VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "CONDA_PREFIX"];

/// Makes a program ready to be run, free of another Python's settings. Those about
/// registries and certificates stay.
pub(super) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    for name in OTHERS {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Runs a program to its end.
pub(super) async fn run(what: &str, command: &mut Command, log: &Path) -> Result<(), ReleaseError> {
    let open = || -> io::Result<std::fs::File> {
        if let Some(folder) = log.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::File::options().create(true).append(true).open(log)
    };
    let file = open().map_err(|error| ReleaseError::file(log, error))?;
    let also = file.try_clone().map_err(|error| ReleaseError::file(log, error))?;
    let status = command.stdout(file).stderr(also).status().await;
    let failed = |help: String| ReleaseError {
        what: what.to_owned(),
        kind: ReleaseErrorKind::Program { program: described(command), log: log.to_owned() },
        help,
    };
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => {
            let text = std::fs::read_to_string(log).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            let tail = lines[lines.len().saturating_sub(TAIL)..].join("\n  ");
            Err(failed(format!("its log ends:\n  {tail}")))
        }
        Err(error) => Err(failed(format!("it could not be started: {error}"))),
    }
}

fn described(command: &Command) -> String {
    let command = command.as_std();
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let mut words = vec![program.to_string_lossy()];
    words.extend(command.get_args().take(2).map(std::ffi::OsStr::to_string_lossy));
    words.join(" ")
}
