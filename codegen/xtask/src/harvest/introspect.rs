//! Runs a service's introspector and checks that its facts are from the pinned packages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::sources::Source;
use super::step::{Step, StepError};

const STEP: &str = "introspect";
/// The digests of every schema entry, and what each described answer stands on.
const TABLES: [&str; 2] = ["digests.tsv", "evidence.tsv"];

/// What an introspector reads besides the packages, to describe answers without a schema.
#[derive(Debug)]
pub(super) struct Witnesses {
    /// The recording of the service's own tests.
    pub(super) recording: PathBuf,
    /// The unpacked source package, which has the API reference.
    pub(super) reference: PathBuf,
}

/// Which release an introspector reads.
#[derive(Debug, Clone, Copy)]
pub(super) enum Release<'a> {
    /// The one that the specs describe: everything written down by hand has to fit it.
    Current,
    /// An earlier one, which is compared with the surface of the current one.
    Past { current_surface: &'a Path },
    /// A source tree, whose version is pinned nowhere.
    Tree { current_surface: &'a Path },
}

/// Runs `<scripts>/<service>.py`, which writes `facts.json` and tables to `work`.
pub(super) fn run(
    scripts: &Path,
    python: &Path,
    source: &Source,
    witnesses: Option<&Witnesses>,
    work: &Path,
    release: Release<'_>,
) -> Result<(), StepError> {
    let step = Step::start(&source.service, STEP, work)?;
    for name in ["facts.json"].iter().chain(&TABLES) {
        // Files of an earlier harvest must not be mistaken for those of this one.
        let _ = fs::remove_file(work.join(name));
    }
    let mut command = Command::new(python);
    command.arg(scripts.join(format!("{}.py", source.service))).arg("--out").arg(work);
    if let Some(witnesses) = witnesses {
        command.arg("--recording").arg(&witnesses.recording);
        command.arg("--reference").arg(&witnesses.reference);
    }
    cleaned(&mut command, work);
    match release {
        Release::Current => {}
        Release::Past { current_surface } => {
            command.env("SQUALL_EDITION", "past").env("SQUALL_CURRENT", current_surface);
        }
        Release::Tree { current_surface } => {
            command.env("SQUALL_EDITION", "tree").env("SQUALL_CURRENT", current_surface);
        }
    }
    step.run(&mut command)?;
    match release {
        Release::Tree { .. } => Ok(()),
        Release::Current | Release::Past { .. } => check_packages(&step, source, work),
    }
}

/// Copies the tables to the spec's folder, before anything is merged.
pub(super) fn keep_tables(work: &Path, spec: &Path) -> Result<(), StepError> {
    let service = spec.file_name().unwrap_or_default().to_string_lossy();
    fs::create_dir_all(spec).map_err(|error| StepError::file(&service, STEP, spec, &error))?;
    for name in TABLES {
        let (from, to) = (work.join(name), spec.join(name));
        if from.is_file() {
            fs::copy(from, &to).map_err(|error| StepError::file(&service, STEP, &to, &error))?;
        }
    }
    Ok(())
}

/// Clears a program's environment: settings of services, the locale and hash seeds must not
/// influence the facts.
pub(super) fn cleaned(command: &mut Command, work: &Path) {
    command.env_clear().current_dir(work).env("HOME", work).env("PATH", "/usr/bin:/bin");
    for (name, value) in [
        ("LC_ALL", "C.UTF-8"),
        ("PYTHONUTF8", "1"),
        ("PYTHONHASHSEED", "0"),
        ("PYTHONDONTWRITEBYTECODE", "1"),
        ("PYTHONNOUSERSITE", "1"),
        ("TZ", "UTC"),
    ] {
        command.env(name, value);
    }
}

#[derive(Debug, Deserialize)]
struct Facts {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    version: String,
}

/// Checks that the packages in the facts are the pinned ones.
fn check_packages(step: &Step<'_>, source: &Source, work: &Path) -> Result<(), StepError> {
    let path = work.join("facts.json");
    let text = fs::read_to_string(&path).map_err(|error| step.file(&path, &error))?;
    let facts: Facts = serde_json::from_str(&text)
        .map_err(|error| step.failed(format!("{} is invalid: {error}", path.display())))?;
    for package in &facts.packages {
        let pinned = source.packages.iter().find(|pinned| pinned.name == package.name);
        if pinned.is_none_or(|pinned| pinned.version != package.version) {
            return Err(StepError::new(
                &source.service,
                STEP,
                format!("the facts are from {} {}", package.name, package.version),
                "api-specs/sources.toml does not pin this version: pin it, or harvest with --fresh",
            ));
        }
    }
    Ok(())
}
