//! Records what a service answers in its own tests.
//!
//! The recording is an input of the harvest like the released packages: it is committed, and its
//! digest is in `sources.toml`. Recording takes minutes and is needed once a release.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::environment::Uv;
use super::introspect::{Witnesses, cleaned};
use super::sources::{Source, Sources};
use super::step::{Step, StepError};
use crate::sdist;

const STEP: &str = "record";
/// The recording in a service's folder.
const FILE: &str = "recording.tsv";

/// Runs `<scripts>/record_<service>.py` in an environment with the service's tests, and writes
/// the recording to `spec`. Returns its digest.
pub(super) fn run(
    scripts: &Path,
    uv: &Uv,
    sources: &Sources,
    source: &Source,
    work: &Path,
    spec: &Path,
    scratch: &Path,
) -> miette::Result<String> {
    let service = &source.service;
    let with_tests = source.with_tests().ok_or_else(|| {
        StepError::new(
            service,
            STEP,
            "sources.toml has no `recording` for it".to_owned(),
            "the services that are recorded are those whose packages have no response schemas",
        )
    })?;
    let work = work.join("tests");
    let python = uv.environment(sources, &with_tests, &work, false)?;
    let step = Step::start(service, STEP, &work)?;
    let made = work.join(FILE);
    let _ = fs::remove_file(&made);
    let mut command = Command::new(python);
    command.arg(scripts.join(format!("record_{service}.py"))).arg("--out").arg(&made);
    if let Some(package) = source.packages.first() {
        // Tests read files of the source tree that the wheel lacks.
        command.arg("--source").arg(sdist::unpacked(package, scratch)?);
    }
    cleaned(&mut command, &work);
    step.run(&mut command)?;
    let to = spec.join(FILE);
    fs::copy(&made, &to).map_err(|error| step.file(&to, &error))?;
    let digest = sdist::digest(&to);
    digest.ok_or_else(|| step.failed(format!("{} cannot be read", to.display())).into())
}

/// Returns what the introspector reads besides the packages; `None` if the service is not
/// recorded. A recording with another digest than the pinned one is refused.
///
/// The recording is that of the current release, also for an earlier one: it is not recorded
/// again, and little of what it would be answered is different.
pub(super) fn witnesses(
    source: &Source,
    recorded: &Sources,
    spec: &Path,
    scratch: &Path,
) -> miette::Result<Option<Witnesses>> {
    let names = [source.service.clone()];
    let current = recorded.choose(&names)?.into_iter().next();
    let Some(pinned) = current.and_then(|source| source.recording.as_ref()) else {
        return Ok(None);
    };
    let recording = spec.join(FILE);
    let found = sdist::digest(&recording);
    if found.as_ref() != Some(&pinned.digest) {
        let found = found.unwrap_or_else(|| "no SHA-256, it cannot be read".to_owned());
        return Err(StepError::new(
            &source.service,
            STEP,
            format!("{} has {found}, and sources.toml pins {}", recording.display(), pinned.digest),
            "restore the file, or record again with --record, review it, and pin the new digest",
        )
        .into());
    }
    let Some(package) = source.packages.first() else { return Ok(None) };
    let reference: PathBuf = sdist::unpacked(package, scratch)?.join("api-ref/source");
    Ok(Some(Witnesses { recording, reference }))
}
