//! `cargo xtask harvest`: take the facts out of the released services.

use std::process::ExitCode;

/// Harvest the spec files from the released services.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The services to harvest; all of them where none is named.
    services: Vec<String>,
}

pub fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let _ = arguments;
    Err(miette::miette!("harvest is not here yet"))
}
