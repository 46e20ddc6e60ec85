//! `squall cloud`: manages real clouds on this machine, and serves the embedded one.

mod arguments;
#[cfg(feature = "topology")]
mod down;
#[cfg(feature = "topology")]
mod env;
#[cfg(feature = "topology")]
mod list;
#[cfg(feature = "topology")]
mod logs;
#[cfg(feature = "topology")]
mod progress;
#[cfg(feature = "topology")]
mod restart;
mod serve;
#[cfg(feature = "topology")]
mod site;
#[cfg(feature = "topology")]
mod status;
#[cfg(feature = "topology")]
mod up;

use super::error::CliError;
use crate::exit::Exit;

pub(super) use arguments::CloudCommand;

/// Runs a subcommand.
#[cfg(feature = "topology")]
pub(super) fn cloud(command: &CloudCommand) -> Result<Exit, CliError> {
    match command {
        CloudCommand::Up(arguments) => up::up(arguments),
        CloudCommand::Down(arguments) => down::down(arguments),
        CloudCommand::Status(arguments) => status::status(arguments),
        CloudCommand::Logs(arguments) => logs::logs(arguments),
        CloudCommand::Restart(arguments) => restart::restart(arguments),
        CloudCommand::Env(arguments) => env::env(arguments),
        CloudCommand::List(arguments) => list::list(arguments),
        CloudCommand::Serve(arguments) => serve::serve(arguments),
    }
}

/// Runs a subcommand; without topologies only `serve` is available.
#[cfg(not(feature = "topology"))]
pub(super) fn cloud(command: &CloudCommand) -> Result<Exit, CliError> {
    match command {
        CloudCommand::Serve(arguments) => serve::serve(arguments),
        _ => Err(CliError::bad_input(
            "this program was built without topologies",
            "build it with the feature `topology` of the crate `squall`",
        )),
    }
}
