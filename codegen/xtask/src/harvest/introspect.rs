//! Runs a service's introspector and checks that its facts are those of the pins.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use super::sources::Source;
use super::step::{Step, StepError};

const STEP: &str = "introspect";
/// The digests of every schema entry, as upstream states it.
const DIGESTS: &str = "digests.tsv";

/// Runs `<scripts>/<service>.py`, which writes `facts.json` and `digests.tsv` to `work`.
pub(super) fn run(
    scripts: &Path,
    python: &Path,
    source: &Source,
    work: &Path,
) -> Result<(), StepError> {
    let step = Step::start(&source.service, STEP, work)?;
    for name in ["facts.json", DIGESTS] {
        // What an earlier harvest left must not pass for this one's.
        let _ = fs::remove_file(work.join(name));
    }
    let mut command = Command::new(python);
    command.arg(scripts.join(format!("{}.py", source.service))).arg("--out").arg(work);
    cleaned(&mut command, work);
    step.run(&mut command)?;
    check_packages(&step, source, work)
}

/// Takes the digests into the spec's folder, before the merge has seen any fact.
pub(super) fn keep_digests(work: &Path, spec: &Path) -> Result<(), StepError> {
    let to = spec.join(DIGESTS);
    let service = spec.file_name().unwrap_or_default().to_string_lossy();
    fs::create_dir_all(spec)
        .and_then(|()| fs::copy(work.join(DIGESTS), &to))
        .map(|_| ())
        .map_err(|error| StepError::file(&service, STEP, &to, &error))
}

/// Leaves the introspector nothing of the caller's environment: no settings of the
/// services, no locale, no order of hashes that changes from run to run.
fn cleaned(command: &mut Command, work: &Path) {
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

/// Compares the packages that the facts name with the pins.
fn check_packages(step: &Step<'_>, source: &Source, work: &Path) -> Result<(), StepError> {
    let path = work.join("facts.json");
    let text = fs::read_to_string(&path).map_err(|error| step.file(&path, &error))?;
    let facts: Facts = serde_json::from_str(&text).map_err(|error| {
        step.failed(format!("{} is not what it should be: {error}", path.display()))
    })?;
    for package in &facts.packages {
        let pinned = source.packages.iter().find(|pinned| pinned.name == package.name);
        if pinned.is_none_or(|pinned| pinned.version != package.version) {
            return Err(StepError::new(
                &source.service,
                STEP,
                format!("the facts are those of {} {}", package.name, package.version),
                "api-specs/sources.toml pins another version or none: pin it, or harvest with --fresh",
            ));
        }
    }
    Ok(())
}
