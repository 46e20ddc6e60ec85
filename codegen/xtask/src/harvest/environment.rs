//! Creates a service's virtual environment, or reuses it if the pins are unchanged.
//!
//! The pinned packages are installed by digest. Their dependencies are resolved by `uv` as of
//! the date in `sources.toml`: the same date gives the same packages, but their digests are not
//! pinned.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

use super::review::tree::Tree;
use super::sources::{Source, Sources};
use super::step::{Step, StepError};

const STEP: &str = "environment";
/// Written last, so that an incomplete environment is created again.
const MARK: &str = "squall-pins";

/// The program that creates the environments.
#[derive(Debug)]
pub(super) struct Uv {
    program: PathBuf,
}

impl Uv {
    /// Finds `uv` on the PATH, or installs it under `folder` with pip.
    pub(super) fn find(folder: &Path, version: &str) -> Result<Self, StepError> {
        if let Some(program) = on_path("uv") {
            return Ok(Self { program });
        }
        let tool = folder.join("tool");
        let program = tool.join("bin/uv");
        if !program.is_file() {
            let step = Step::start("every service", "installing uv", folder)?;
            let mut pip = Command::new("python3");
            pip.args(["-m", "pip", "install", "--quiet", "--upgrade", "--target"]);
            step.run(pip.arg(&tool).arg(format!("uv=={version}")))?;
        }
        Ok(Self { program })
    }

    /// Returns the Python of the service's environment. Creates it if necessary.
    pub(super) fn environment(
        &self,
        sources: &Sources,
        source: &Source,
        work: &Path,
        fresh: bool,
    ) -> Result<PathBuf, StepError> {
        let venv = work.join("venv");
        let python = venv.join("bin/python");
        let mark = venv.join(MARK);
        let fingerprint = sources.fingerprint(source);
        if !fresh && python.is_file() && fs::read_to_string(&mark).is_ok_and(|m| m == fingerprint) {
            return Ok(python);
        }
        let step = Step::start(&source.service, STEP, work)?;
        let write = |path: &Path, text: &str| {
            fs::write(path, text).map_err(|error| step.file(path, &error))
        };
        let (pins, requirements) = (work.join("pins.txt"), work.join("requirements.txt"));
        write(&pins, &source.pins())?;
        write(&requirements, &source.requirements())?;

        step.run(self.command(&["venv", "--clear", "--python", &sources.python]).arg(&venv))?;
        step.run(
            self.install(&python)
                .args(["--no-deps", "--require-hashes", "--only-binary", ":all:", "--requirement"])
                .arg(&pins),
        )?;
        step.run(
            self.install(&python)
                .args(["--exclude-newer", &sources.resolved_before, "--requirement"])
                .arg(&requirements),
        )?;
        write(&mark, &fingerprint)?;
        Ok(python)
    }

    /// Returns the Python of an environment with a copy of a source tree in place of one of the
    /// service's packages. The copy is not installed again unless its metadata changed: the
    /// environment only refers to it.
    pub(super) fn environment_of(
        &self,
        sources: &Sources,
        source: &Source,
        tree: &Tree,
        copy: &Path,
        work: &Path,
        fresh: bool,
    ) -> Result<PathBuf, StepError> {
        let (venv, others) = (work.join("venv"), source.without(&tree.package));
        let (python, mark) = (venv.join("bin/python"), venv.join(MARK));
        let mut fingerprint = sources.fingerprint(&others);
        for (name, text) in tree.metadata() {
            let _ = write!(fingerprint, "\n{name}\n{text}");
        }
        let fingerprint = hex::encode(Sha256::digest(format!("{fingerprint}\n{}", tree.version)));
        if !fresh && python.is_file() && fs::read_to_string(&mark).is_ok_and(|m| m == fingerprint) {
            return Ok(python);
        }
        let step = Step::start(&source.service, STEP, work)?;
        let write = |path: &Path, text: &str| {
            fs::write(path, text).map_err(|error| step.file(path, &error))
        };
        step.run(self.command(&["venv", "--clear", "--python", &sources.python]).arg(&venv))?;
        let mut resolved = self.install(&python);
        resolved.args(["--exclude-newer", &sources.resolved_before]);
        if !others.packages.is_empty() {
            let pins = work.join("pins.txt");
            write(&pins, &others.pins())?;
            step.run(
                self.install(&python)
                    .args(["--no-deps", "--require-hashes", "--only-binary", ":all:"])
                    .arg("--requirement")
                    .arg(&pins),
            )?;
        }
        if !others.requirements().is_empty() {
            let requirements = work.join("requirements.txt");
            write(&requirements, &others.requirements())?;
            resolved.arg("--requirement").arg(requirements);
        }
        // Like an installed package, the copy has to be found before a script of its name.
        resolved.args(["--config-setting", "editable_mode=compat", "--editable"]).arg(copy);
        step.run(resolved.envs(tree.variables()))?;
        write(&mark, &fingerprint)?;
        Ok(python)
    }

    fn install(&self, python: &Path) -> Command {
        let mut command = self.command(&["pip", "install", "--python"]);
        command.arg(python);
        command
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        // Only use an installed Python.
        command.arg("--no-python-downloads").args(arguments);
        command
    }
}

fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
}
