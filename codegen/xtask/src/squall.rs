//! Runs the program `squall`, which Cargo builds first.
//!
//! This package does not link it, so that it can be built when a spec is invalid.

use std::env;
use std::ffi::OsStr;
use std::process::{Command, ExitCode};

use miette::{IntoDiagnostic as _, WrapErr as _};

use crate::specs::root;

/// Compare services with clients, schemas, tests, runs and documentation.
///
/// All arguments are passed to `squall drift`. The exit code is that of `squall drift`.
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct DriftArguments {
    /// The arguments of `squall drift`, including `--help`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Runs `squall drift`.
pub(crate) fn drift(arguments: &DriftArguments) -> miette::Result<ExitCode> {
    let drift = std::iter::once("drift");
    run(drift.chain(arguments.arguments.iter().map(String::as_str)))
}

/// Bring a real cloud up on this machine, inspect it, and take it down.
///
/// All arguments are passed to `squall cloud`. The exit code is that of `squall cloud`.
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct CloudArguments {
    /// The arguments of `squall cloud`, including `--help`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Runs `squall cloud`.
pub(crate) fn cloud(arguments: &CloudArguments) -> miette::Result<ExitCode> {
    let cloud = std::iter::once("cloud");
    run(cloud.chain(arguments.arguments.iter().map(String::as_str)))
}

/// Runs `squall` in the workspace's folder. Returns its exit code.
pub(crate) fn run(
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> miette::Result<ExitCode> {
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(root())
        .args(["run", "--quiet", "--package", "squall-suites", "--bin", "squall", "--"])
        .args(arguments)
        .status()
        .into_diagnostic()
        .wrap_err("failed to start cargo")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
