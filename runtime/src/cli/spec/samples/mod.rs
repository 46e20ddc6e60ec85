//! `squall spec samples`: checks the specs against the samples that services document.
//!
//! It reads the list that `codegen/harvest/samples.py` extracts from a service's source
//! package, and validates each sample against the schema of that response.
//! `cargo xtask samples` calls it.

mod judge;
mod known;
mod operation;
mod report;

use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use squall_model::Microversion;

use super::arguments::SamplesArguments;
use crate::cli::error::CliError;
use crate::client::validate::Validators;
use crate::exit::Exit;
use known::KnownMisses;

/// A response from a service's documentation.
#[derive(Debug, Deserialize)]
struct Sample {
    service: String,
    method: String,
    /// The path below the version prefix, with the documentation's parameter names.
    path: String,
    action: Option<String>,
    /// The documented version; the service's first if absent.
    version: Option<Microversion>,
    /// The file in the source package.
    #[serde(rename = "sample")]
    file: String,
    #[serde(default)]
    body: Value,
    /// Why the body is missing: the file is not JSON.
    #[serde(default)]
    broken: Option<String>,
}

/// Validates the samples of a list; fails unless exactly the known misses do not match.
pub(super) fn samples(arguments: &SamplesArguments) -> Result<Exit, CliError> {
    let list: Vec<Sample> = serde_json::from_str(&read(&arguments.list)?).map_err(|error| {
        CliError::bad_input(
            format!("{} is not a list of samples: {error}", arguments.list.display()),
            "create one with `codegen/harvest/samples.py`",
        )
    })?;
    let known = match &arguments.known_misses {
        Some(file) => KnownMisses::read(&file.display().to_string(), &read(file)?)?,
        None => KnownMisses::default(),
    };
    let validators = Validators::default();
    let mut verdicts = Vec::with_capacity(list.len());
    for sample in &list {
        verdicts.push((sample, judge::judge(sample, &validators)?));
    }
    let as_known = report::write(&verdicts, &known, &mut io::stdout().lock())?;
    Ok(if as_known { Exit::Ok } else { Exit::Failed })
}

fn read(file: &Path) -> Result<String, CliError> {
    fs::read_to_string(file).map_err(|error| {
        let what = format!("failed to read {}: {error}", file.display());
        CliError::bad_input(what, "name an existing file")
    })
}
