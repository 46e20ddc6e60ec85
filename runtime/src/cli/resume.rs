//! Resuming a run that was killed or interrupted.

use std::collections::BTreeSet;
use std::fs;
use std::io;

use super::earlier::{self, Unfinished};
use super::error::CliError;
use crate::journal::{Entry, Header, Target};
use crate::ledger;
use crate::registry::Test;
use crate::supervise::Resume;

/// A run to resume.
pub(super) struct Resumed {
    /// The run's header.
    pub(super) header: Header,
    /// What is already done.
    pub(super) resume: Resume,
    /// Its tests without a verdict, in order.
    pub(super) tests: Vec<Test>,
    /// The earlier events, for reports.
    pub(super) before: Vec<Entry>,
}

impl Resumed {
    /// Finds the run and its remaining tests in this program.
    pub(super) fn find(run: &str, all: &[Test]) -> Result<Self, CliError> {
        let Unfinished { dir, header, entries, done, counts } = earlier::unfinished(run)?;
        let left: BTreeSet<&str> = header
            .tests
            .iter()
            .map(|test| test.id.as_str())
            .filter(|id| !done.contains(*id))
            .collect();
        let known: BTreeSet<&str> = all.iter().map(Test::id).collect();
        if let Some(gone) = left.iter().find(|id| !known.contains(*id)) {
            return Err(CliError::bad_input(
                format!("the run has the test `{gone}`, which is not part of this program"),
                "resume it with the program that started it, or start a new run",
            ));
        }
        let place = |id: &str| header.tests.iter().position(|test| test.id == id);
        let mut tests: Vec<Test> =
            all.iter().filter(|test| left.contains(test.id())).cloned().collect();
        tests.sort_by_key(|test| place(test.id()));
        let target = Target::of_run(&entries);
        let resume = Resume { run: header.run.clone(), run_dir: dir, done: counts, target };
        Ok(Self { header, resume, tests, before: entries })
    }

    /// Returns the cloud's name; `None` if the run had started its own.
    ///
    /// Such a cloud ended with the run, and everything in it: the ledger of what was
    /// there is put aside. The name of the cloud says nothing about it.
    pub(super) fn cloud(&self) -> io::Result<Option<String>> {
        if !self.header.in_process {
            return Ok(Some(self.header.cloud.clone()));
        }
        let ledger = self.resume.run_dir.join(ledger::FILE);
        if ledger.is_file() {
            fs::rename(&ledger, ledger.with_extension("gone.jsonl"))?;
        }
        Ok(None)
    }
}
