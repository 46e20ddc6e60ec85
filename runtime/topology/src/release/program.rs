//! Runs a program during installation, with its output in a log.

use std::io;
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use super::error::{ReleaseError, ReleaseErrorKind};

/// How many lines of a log a failure shows.
const TAIL: usize = 15;

/// Variables of other Python environments that would mislead ours.
const OTHERS: [&str; 4] = ["VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "CONDA_PREFIX"];

/// Creates a command without the variables of another Python environment. Variables
/// about registries and certificates stay.
pub(super) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    for name in OTHERS {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Runs a program and waits for it.
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
            Err(failed(format!("its log ends with:\n  {tail}")))
        }
        Err(error) => Err(failed(format!("could not start it: {error}"))),
    }
}

fn described(command: &Command) -> String {
    let command = command.as_std();
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let mut words = vec![program.to_string_lossy()];
    words.extend(command.get_args().take(2).map(std::ffi::OsStr::to_string_lossy));
    words.join(" ")
}
