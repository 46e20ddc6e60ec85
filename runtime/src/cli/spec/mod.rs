//! `squall spec`: shows the shipped specs, and checks OpenAPI documents.

mod arguments;
#[cfg(feature = "spec")]
mod check;
#[cfg(feature = "spec")]
mod diff;
mod facts;
mod list;
#[cfg(feature = "spec")]
mod remark;
mod samples;
mod show;
mod version;

pub(super) use arguments::SpecCommand;

use super::error::CliError;
use crate::exit::Exit;

/// Runs a subcommand.
pub(super) fn spec(command: &SpecCommand) -> Result<Exit, CliError> {
    match command {
        SpecCommand::List(arguments) => list::list(arguments),
        SpecCommand::Show(arguments) => show::show(arguments),
        #[cfg(feature = "spec")]
        SpecCommand::Check(arguments) => check::check(arguments),
        #[cfg(feature = "spec")]
        SpecCommand::Diff(arguments) => diff::diff(arguments),
        SpecCommand::Samples(arguments) => samples::samples(arguments),
    }
}
