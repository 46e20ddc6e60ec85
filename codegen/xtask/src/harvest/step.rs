//! Runs the programs of a step and keeps their output in a log.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use miette::Diagnostic;
use thiserror::Error;

/// How many lines of the log an error shows.
const TAIL: usize = 15;

/// A failed step.
#[derive(Debug, Error, Diagnostic)]
#[error("harvest of {service} failed at {step}: {reason}")]
#[diagnostic(help("{help}"))]
pub(super) struct StepError {
    service: String,
    step: &'static str,
    reason: String,
    help: String,
}

impl StepError {
    /// Creates an error without a log.
    pub(super) fn new(service: &str, step: &'static str, reason: String, help: &str) -> Self {
        Self { service: service.to_owned(), step, reason, help: help.to_owned() }
    }

    /// Creates the error of a file that could not be read or written.
    pub(super) fn file(service: &str, step: &'static str, path: &Path, error: &io::Error) -> Self {
        let reason = format!("{}: {error}", path.display());
        Self::new(service, step, reason, "check the permissions and the free space of the folder")
    }
}

/// A step of one service and its log.
#[derive(Debug)]
pub(super) struct Step<'a> {
    service: &'a str,
    name: &'static str,
    log: PathBuf,
}

impl<'a> Step<'a> {
    /// Starts the step with an empty log in `work`.
    pub(super) fn start(
        service: &'a str,
        name: &'static str,
        work: &Path,
    ) -> Result<Self, StepError> {
        let log = work.join(format!("{name}.log"));
        fs::create_dir_all(work)
            .and_then(|()| fs::write(&log, ""))
            .map_err(|error| StepError::file(service, name, &log, &error))?;
        Ok(Self { service, name, log })
    }

    /// Runs a program with its output in the log.
    pub(super) fn run(&self, command: &mut Command) -> Result<(), StepError> {
        let program = command.get_program().to_string_lossy().into_owned();
        let opened = || -> io::Result<(File, File)> {
            let log = File::options().append(true).open(&self.log)?;
            Ok((log.try_clone()?, log))
        };
        let (out, err) = opened().map_err(|e| self.file(&self.log, &e))?;
        let status = command.stdin(Stdio::null()).stdout(out).stderr(err).status();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(self.failed(format!("{} ended with {status}", described(command)))),
            Err(error) => Err(StepError::new(
                self.service,
                self.name,
                format!("failed to start {program}: {error}"),
                "check that it is installed and executable",
            )),
        }
    }

    /// Creates an error of this step that shows the end of the log.
    pub(super) fn failed(&self, reason: String) -> StepError {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines[lines.len().saturating_sub(TAIL)..].join("\n  ");
        let help = format!("the log is {}; it ends:\n  {tail}", self.log.display());
        StepError::new(self.service, self.name, reason, &help)
    }

    /// Creates the error of a file of this step that could not be read or written.
    pub(super) fn file(&self, path: &Path, error: &io::Error) -> StepError {
        StepError::file(self.service, self.name, path, error)
    }
}

/// Returns a program's name and first arguments for messages.
fn described(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let mut words = vec![program.to_string_lossy()];
    words.extend(command.get_args().take(2).map(std::ffi::OsStr::to_string_lossy));
    format!("`{}`", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_service_step_and_the_end_of_the_log() {
        let work = tempfile::tempdir().unwrap();
        let step = Step::start("compute", "introspect", work.path()).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "seq 40; echo broken >&2; exit 3"]);
        let error = step.run(&mut command).unwrap_err();
        assert!(error.to_string().starts_with("harvest of compute failed at introspect: `sh -c"));
        assert!(error.to_string().ends_with("ended with exit status: 3"));
        let log = work.path().join("introspect.log").display().to_string();
        assert!(error.help.contains(&log) && error.help.ends_with("40\n  broken"));
        assert!(!error.help.contains("\n  5\n"));
    }

    #[test]
    fn a_missing_program_is_named() {
        let work = tempfile::tempdir().unwrap();
        let step = Step::start("compute", "environment", work.path()).unwrap();
        let error = step.run(&mut Command::new("no-such-program")).unwrap_err();
        assert!(error.to_string().contains("failed to start no-such-program"));
    }
}
