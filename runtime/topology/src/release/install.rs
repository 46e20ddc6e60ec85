//! Installs bundles into virtual environments, two at a time.
//!
//! An environment is complete when it has its mark, which is written last; an incomplete
//! one is created again. Exactly the packages of the lock are installed, by digest.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tokio::sync::Mutex;

use super::error::ReleaseError;
use super::python::Python;
use super::uv::{Uv, lock};
use super::{Bundle, Environments, Release, program};
use crate::component::Service;
use crate::progress::{Progress, Step};

const MARK: &str = "squall-whole";

/// Installs the wanted bundles that are missing, below `home`.
///
/// # Errors
/// The first failure. Bundles installed before it stay, and the next call continues from
/// there.
pub async fn install(
    wanted: &[(Bundle, String)],
    home: &Path,
    progress: &dyn Progress,
) -> Result<Environments, ReleaseError> {
    let mut places = BTreeMap::new();
    let mut missing = Vec::new();
    for (bundle, name) in wanted {
        let release = Release::named(name)?;
        let place = bundle.place(&release, home)?;
        let is_new = places.insert((*bundle, name.clone()), place.clone()).is_none();
        if is_new && !is_whole(&place) {
            missing.push(Job { bundle: *bundle, release, place });
        }
    }
    if !missing.is_empty() {
        // From the end, so that the largest come first.
        missing.sort_by_key(|job| weight(job.bundle));
        let oldest = missing.iter().map(|job| job.release.python.as_str()).max_by_key(|p| p.len());
        let python = Python::find(oldest.unwrap_or_default()).await?;
        let uv = Uv::below(home, &python, progress).await?;
        let jobs = Mutex::new(missing);
        let (one, other) = tokio::join!(
            work(&jobs, &uv, &python, home, progress),
            work(&jobs, &uv, &python, home, progress)
        );
        one.and(other)?;
    }
    Ok(Environments { places })
}

/// Whether an environment is complete.
pub(super) fn is_whole(place: &Path) -> bool {
    place.join(MARK).is_file()
}

struct Job {
    bundle: Bundle,
    release: Release,
    place: PathBuf,
}

/// Its relative installation time.
fn weight(bundle: Bundle) -> u8 {
    match bundle {
        Bundle::Service(Service::Nova | Service::Cinder | Service::Neutron) => 3,
        Bundle::Service(Service::Glance | Service::Keystone) => 2,
        _ => 1,
    }
}

async fn work(
    jobs: &Mutex<Vec<Job>>,
    uv: &Uv,
    python: &Python,
    home: &Path,
    progress: &dyn Progress,
) -> Result<(), ReleaseError> {
    loop {
        let Some(job) = jobs.lock().await.pop() else { return Ok(()) };
        if let Err(error) = job.run(uv, python, home, progress).await {
            jobs.lock().await.clear();
            return Err(error);
        }
    }
}

impl Job {
    async fn run(
        &self,
        uv: &Uv,
        python: &Python,
        home: &Path,
        progress: &dyn Progress,
    ) -> Result<(), ReleaseError> {
        let what = format!("{} {}", self.bundle, self.release.name);
        let step = Step::begin(progress, &format!("install {what}"));
        let releases = home.join("releases");
        let file = releases.join(format!("{}-{}.lock", self.release.name, self.bundle));
        let _lock = lock(&file).await?;
        if is_whole(&self.place) {
            step.done();
            return Ok(());
        }
        let log = releases.join("logs").join(format!("{}-{}.log", self.release.name, self.bundle));
        let mut venv = uv.command(&["venv", "--quiet", "--clear", "--python"]);
        venv.arg(&python.program).arg(&self.place);
        program::run(&what, &mut venv, &log).await?;

        let rows = self.place.join("squall-lock.txt");
        fs::write(&rows, self.release.lock(self.bundle)?)
            .map_err(|error| ReleaseError::file(&rows, error))?;
        step.at("installing");
        // The date limits the build dependencies of the few source packages.
        let mut pip = uv.command(&["pip", "install", "--no-deps", "--require-hashes"]);
        pip.args(["--compile-bytecode", "--exclude-newer", self.release.last_day(), "--python"]);
        pip.arg(self.place.join("bin/python")).arg("--requirement").arg(&rows);
        program::run(&what, &mut pip, &log).await?;

        let mark = self.place.join(MARK);
        fs::write(&mark, "").map_err(|error| ReleaseError::file(&mark, error))?;
        step.done();
        Ok(())
    }
}
