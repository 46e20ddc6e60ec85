//! `cargo xtask lint`: looks for what does not fit together along the versions of the specs.

use std::fs;
use std::process::ExitCode;

use miette::{IntoDiagnostic as _, WrapErr as _};
use serde::Deserialize;
use squall_codegen::chains::{self, Explanation};

use crate::specs;

/// Look for what does not fit together along the versions of the schemas.
///
/// A field that disappears and comes back, or that is required and later optional, is usually a
/// slip. Whatever is right all the same is explained under `oddities` in the service's
/// overrides.yaml.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The services, by their folder in api-specs [default: all].
    services: Vec<String>,
}

/// The part of `overrides.yaml` that is read here.
#[derive(Debug, Default, Deserialize)]
struct Overrides {
    #[serde(default)]
    oddities: Vec<Explanation>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let root = specs::root();
    let mut count = 0;
    for folder in specs::chosen(&root, &arguments.services)? {
        let path = root.join("api-specs").join(&folder).join("overrides.yaml");
        let overrides: Overrides = match fs::read_to_string(&path) {
            Ok(text) => squall_yaml::from_str(&text)
                .into_diagnostic()
                .wrap_err_with(|| format!("failed to read {}", path.display()))?,
            Err(_) => Overrides::default(),
        };
        for problem in chains::problems(&specs::service(&root, &folder)?, &overrides.oddities) {
            println!("{problem}");
            count += 1;
        }
    }
    if count == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "error: {count} places do not fit together\n  help: correct them under `overrides` in \
         the service's overrides.yaml, or explain them there under `oddities`"
    );
    Ok(ExitCode::FAILURE)
}
