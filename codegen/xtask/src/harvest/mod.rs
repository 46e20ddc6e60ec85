//! `cargo xtask harvest`: take the facts out of the released services.

use std::path::Path;
use std::process::ExitCode;

mod merge;

/// Harvest the spec files from the released services.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The services to harvest; all of them where none is named.
    services: Vec<String>,

    /// Merge the facts of an earlier harvest again, without Python.
    #[arg(long, hide = true)]
    merge_only: bool,
}

pub fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    if arguments.merge_only {
        for service in &arguments.services {
            let facts = Path::new("target/harvest").join(service).join("facts.json");
            let report = merge::run(service, &facts, &Path::new("api-specs").join(service))?;
            println!("{report}");
        }
        return Ok(ExitCode::SUCCESS);
    }
    Err(miette::miette!("harvest is not here yet"))
}
