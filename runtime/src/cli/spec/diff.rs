//! `squall spec diff`: what an API gained, lost and changed between two releases.

use squall_codegen::surface::{self, ReleaseError, Releases, ServiceChanges};
use squall_model::suggest::{alternatives, similar};

use super::arguments::{DiffArguments, DiffFormat};

use crate::cli::error::CliError;
use crate::cli::output::{json_lines, print_text};
use crate::cli::runs::base;
use crate::cli::service::service;
use crate::drift::gather;
use crate::exit::Exit;
use crate::services;

/// Prints the changes of one service, or of all.
pub(super) fn diff(arguments: &DiffArguments) -> Result<Exit, CliError> {
    let base = base()?;
    let root = gather::checkout(&base).ok_or_else(|| {
        CliError::bad_input(
            "the surfaces of releases are only in a checkout of Squall",
            "run the command in a checkout",
        )
    })?;
    let releases = Releases::open(root).map_err(explained)?;
    let chosen = if arguments.services.is_empty() {
        services::built_in().to_vec()
    } else {
        arguments.services.iter().map(|name| service(name)).collect::<Result<_, _>>()?
    };
    let mut found = Vec::new();
    for service in chosen {
        let folder = service.name.replace('_', "-");
        let lock = |release: &str| releases.lock(release, &folder).map_err(explained);
        found.extend(surface::changes(&lock(&arguments.before)?, &lock(&arguments.after)?));
    }
    print(&found, arguments)?;
    Ok(Exit::Ok)
}

fn print(found: &[ServiceChanges], arguments: &DiffArguments) -> Result<(), CliError> {
    let (before, after) = (&arguments.before, &arguments.after);
    match arguments.format {
        DiffFormat::Json => json_lines(found, &mut std::io::stdout().lock())?,
        _ if found.is_empty() => println!("nothing changed from {before} to {after}"),
        DiffFormat::Text => print_text(&surface::terminal(found))?,
        DiffFormat::Markdown => {
            print_text(&format!("# From {before} to {after}\n{}", surface::markdown(found)))?;
        }
    }
    Ok(())
}

fn explained(error: ReleaseError) -> CliError {
    match &error {
        ReleaseError::Unknown { name, known } => {
            let meant = similar(name, known.iter().map(String::as_str));
            let list = known.join(", ");
            let help = if meant.is_empty() {
                format!("known releases: {list}; `cargo xtask harvest --release` adds one")
            } else {
                format!("did you mean {}? Known releases: {list}", alternatives(meant))
            };
            CliError::bad_input(error, help)
        }
        ReleaseError::File { .. } | ReleaseError::Unnamed { .. } => {
            CliError::bad_input(error, "restore the file from the repository")
        }
    }
}
