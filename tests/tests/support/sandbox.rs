//! A folder in which `squall` runs, with a home of its own and none of the caller's
//! environment.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use squall::journal::{Entry, Event};
use tempfile::TempDir;

use super::{Output, ServedCloud, Started, clean};

/// A temporary folder to run `squall` in; dropping it removes it.
#[derive(Debug)]
pub(crate) struct Sandbox {
    dir: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("home")).unwrap();
        Self { dir }
    }

    /// Creates a sandbox whose `clouds.yaml` has a served cloud under a name.
    pub(crate) fn with_cloud(cloud: &ServedCloud, name: &str) -> Self {
        let sandbox = Self::new();
        sandbox.write("clouds.yaml", &cloud.clouds_yaml(name));
        sandbox
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file of this folder; missing parents are created.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let file = self.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// Reads a file of this folder.
    pub(crate) fn read(&self, name: impl AsRef<Path>) -> String {
        let file = self.path().join(name);
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }

    /// Returns the command that starts `squall` here, for a test that sets more.
    pub(crate) fn command<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_squall"));
        clean(&mut command);
        let home = self.path().join("home");
        command.args(arguments).current_dir(self.path());
        command.env("HOME", &home).env("SQUALL_HOME", home.join("squall"));
        command
    }

    /// Runs `squall` to its end.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Output {
        Started::spawn(&mut self.command(arguments)).wait()
    }

    /// Starts `squall`, which goes on while the test does.
    pub(crate) fn start<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Started {
        Started::spawn(&mut self.command(arguments))
    }

    /// Returns the folders of all runs, the oldest first.
    pub(crate) fn runs(&self) -> Vec<PathBuf> {
        let folder = self.path().join(".squall/runs");
        let mut runs: Vec<PathBuf> = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_dir())
            .collect();
        runs.sort();
        runs
    }

    /// Returns the events of the only run.
    pub(crate) fn events(&self) -> Vec<Event> {
        let runs = self.runs();
        assert_eq!(runs.len(), 1, "{runs:?}");
        let journal = self.read(runs[0].join("journal.jsonl"));
        let entry = |line| serde_json::from_str::<Entry>(line).unwrap().event;
        journal.lines().map(entry).collect()
    }
}
