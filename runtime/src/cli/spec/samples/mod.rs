//! `squall spec samples`: the specs, judged by what the services document.
//!
//! It reads the list that `codegen/harvest/samples.py` makes of a service's source
//! package, and holds each sample against the schema that a response would be
//! held against. `cargo xtask samples` calls it.

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
use crate::cli::complaint::Complaint;
use crate::cli::exit::Exit;
use crate::client::validate::Validators;
use known::Known;

/// A response as a service documents it.
#[derive(Debug, Deserialize)]
struct Sample {
    service: String,
    method: String,
    /// Below the version's path, with parameters as the documents name them.
    path: String,
    action: Option<String>,
    /// The version it is documented at; the service's first where there is none.
    version: Option<Microversion>,
    /// In the source package.
    #[serde(rename = "sample")]
    file: String,
    #[serde(default)]
    body: Value,
    /// Why there is no body: the file is not JSON.
    #[serde(default)]
    broken: Option<String>,
}

/// Judges the samples of a list; fails unless just the known ones miss.
pub(super) fn samples(arguments: &SamplesArguments) -> Result<Exit, Complaint> {
    let list: Vec<Sample> = serde_json::from_str(&read(&arguments.list)?).map_err(|error| {
        Complaint::bad_input(
            format!("{} is no list of samples: {error}", arguments.list.display()),
            "`codegen/harvest/samples.py` makes one",
        )
    })?;
    let known = match &arguments.known_misses {
        Some(file) => Known::read(&file.display().to_string(), &read(file)?)?,
        None => Known::default(),
    };
    let validators = Validators::default();
    let mut verdicts = Vec::with_capacity(list.len());
    for sample in &list {
        verdicts.push((sample, judge::judge(sample, &validators)?));
    }
    let as_known = report::write(&verdicts, &known, &mut io::stdout().lock())?;
    Ok(if as_known { Exit::Ok } else { Exit::Failed })
}

fn read(file: &Path) -> Result<String, Complaint> {
    fs::read_to_string(file).map_err(|error| {
        let what = format!("failed to read {}: {error}", file.display());
        Complaint::bad_input(what, "name a file that is there")
    })
}
