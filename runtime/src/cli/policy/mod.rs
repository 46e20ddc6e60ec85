//! `squall policy`: what the policies of services let each persona do.

mod diff;
mod explain;
mod lint;
mod report;
mod run;
mod source;

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
    /// Explain what a rule decides for a persona, and why.
    Explain(explain::ExplainArguments),
    /// Show who gains and who loses which operation between two policies.
    Diff(diff::DiffArguments),
    /// Find rules of policy files that do nothing, or not what they seem to.
    Lint(lint::LintArguments),
}

/// Runs a subcommand.
pub(super) fn policy(command: &PolicyCommand, manifests: &[Manifest]) -> Result<Exit, CliError> {
    match command {
        PolicyCommand::Run(arguments) => run::run(arguments, manifests),
        PolicyCommand::Report(arguments) => report::report(arguments),
        PolicyCommand::Explain(arguments) => explain::explain(arguments),
        PolicyCommand::Diff(arguments) => diff::diff(arguments),
        PolicyCommand::Lint(arguments) => lint::lint(arguments),
    }
}
