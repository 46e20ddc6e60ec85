//! Descriptions that are read when a program starts: a plugin's, and with
//! `SQUALL_DESCRIPTIONS` those that somebody is writing.

use std::env;
use std::path::{Path, PathBuf};

use squall_model::{Description, ServiceSpec};

/// The environment variable that names a directory like `api-specs`: the descriptions in it
/// replace those that the program was built with, so that an entry can be tried without a
/// build.
pub(super) const VARIABLE: &str = "SQUALL_DESCRIPTIONS";

/// Reads the description of a service from its text.
///
/// # Errors
/// Everything that is wrong with it, each with its line.
pub(super) fn read(
    file: &str,
    text: &str,
    spec: &'static ServiceSpec,
) -> Result<&'static Description, String> {
    match squall_description::read(file, text, spec) {
        Ok(description) => Ok(Box::leak(Box::new(description))),
        Err(problems) => {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Err(problems.join("\n\n"))
        }
    }
}

/// Returns the description that replaces the one of a service, if there is one.
pub(super) fn instead(spec: &'static ServiceSpec) -> Option<Result<&'static Description, String>> {
    let directory = PathBuf::from(env::var_os(VARIABLE)?);
    let folder = spec.name.replace('_', "-");
    let file = directory.join(folder).join("resources.yaml");
    file.is_file().then(|| from_file(&file, spec))
}

fn from_file(file: &Path, spec: &'static ServiceSpec) -> Result<&'static Description, String> {
    let name = file.display().to_string();
    let text =
        std::fs::read_to_string(file).map_err(|error| format!("cannot read {name}: {error}"))?;
    read(&name, &text, spec)
}
