//! `squall policy`: what the policies of services let each persona do.

mod report;
mod run;

use clap::Subcommand;

use super::error::CliError;
use crate::exit::Exit;
use crate::registry::Manifest;

#[derive(Debug, Subcommand)]
pub(super) enum PolicyCommand {
    /// Have every persona call every operation, and compare what a cloud lets it do with the rules.
    Run(run::RunArgumentsOfMatrix),
    /// Show what a run saw each persona do, and which rules it exercised.
    Report(report::ReportArguments),
}

/// Runs a subcommand.
pub(super) fn policy(command: &PolicyCommand, manifests: &[Manifest]) -> Result<Exit, CliError> {
    match command {
        PolicyCommand::Run(arguments) => run::run(arguments, manifests),
        PolicyCommand::Report(arguments) => report::report(arguments),
    }
}
