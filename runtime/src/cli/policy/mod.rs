//! `squall policy`: what the policies of services let each persona do.

mod report;

use clap::Subcommand;

use super::error::CliError;
use crate::exit::Exit;

#[derive(Debug, Subcommand)]
pub(super) enum PolicyCommand {
    /// Show what a run saw each persona do, and which rules it exercised.
    Report(report::ReportArguments),
}

/// Runs a subcommand.
pub(super) fn policy(command: &PolicyCommand) -> Result<Exit, CliError> {
    match command {
        PolicyCommand::Report(arguments) => report::report(arguments),
    }
}
