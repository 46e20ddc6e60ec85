//! `uv`, which creates the environments. One pinned version is installed from the package
//! index below the home.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use tokio::process::Command;
use tokio::task::spawn_blocking;

use super::error::ReleaseError;
use super::program;
use super::python::Python;
use crate::progress::{Progress, Step};

/// The pinned version.
const VERSION: &str = "0.13.9";

/// The program that creates environments.
#[derive(Debug, Clone)]
pub struct Uv {
    program: PathBuf,
    cache: PathBuf,
}

impl Uv {
    /// Returns the one below `home`, installing it where it is missing.
    pub async fn below(
        home: &Path,
        python: &Python,
        progress: &dyn Progress,
    ) -> Result<Self, ReleaseError> {
        let folder = home.join("uv").join(VERSION);
        let uv = Self { program: folder.join("bin/uv"), cache: home.join("uv/cache") };
        let mark = folder.join("squall-whole");
        if mark.is_file() {
            return Ok(uv);
        }
        let _lock = lock(&home.join("uv").join("lock")).await?;
        if mark.is_file() {
            return Ok(uv);
        }
        let step = Step::begin(progress, &format!("install uv {VERSION}"));
        let log = home.join("uv/install.log");
        let mut venv = program::command(&python.program);
        program::run("uv", venv.args(["-m", "venv", "--clear"]).arg(&folder), &log).await?;
        let mut pip = program::command(&folder.join("bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--only-binary", ":all:"]);
        program::run("uv", pip.arg(format!("uv=={VERSION}")), &log).await?;
        fs::write(&mark, "").map_err(|error| ReleaseError::file(&mark, error))?;
        step.done();
        Ok(uv)
    }

    /// Creates a command. Its cache is below the home, and it uses an installed Python,
    /// never a downloaded one.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program::command(&self.program);
        command.env("UV_CACHE_DIR", &self.cache).env("UV_NO_PROGRESS", "1");
        command.env("UV_PYTHON_DOWNLOADS", "never").args(arguments);
        command
    }
}

/// Waits until no other program installs; unlocked when dropped, also by a kill.
pub(super) async fn lock(path: &Path) -> Result<File, ReleaseError> {
    let owned = path.to_owned();
    let locked = spawn_blocking(move || {
        if let Some(folder) = owned.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = File::options().create(true).append(true).open(&owned)?;
        file.lock().map(|()| file)
    });
    let locked = locked.await.unwrap_or_else(|error| Err(error.into()));
    locked.map_err(|error| ReleaseError::file(path, error))
}
