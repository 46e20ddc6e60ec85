//! Who is concerned by a change: tests that call an operation, and clients that have it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use miette::{IntoDiagnostic as _, WrapErr as _};
use squall_records::journal::{self, Event};

use crate::harvest::clients;

/// Who uses which operation.
#[derive(Debug, Default)]
pub(super) struct Users {
    /// The run that was read, if there is one.
    pub(super) run: Option<String>,
    /// The tests that called an operation in it.
    tests: BTreeMap<String, BTreeSet<String>>,
    /// The clients with their versions.
    packages: Vec<String>,
    marks: BTreeMap<String, String>,
}

impl Users {
    /// Reads the last run in the checkout, and which clients have a method.
    pub(super) fn read(root: &Path) -> miette::Result<Self> {
        let path = root.join(clients::TABLE);
        let text = fs::read_to_string(&path)
            .into_diagnostic()
            .wrap_err_with(|| format!("failed to read {}", path.display()))?;
        let mut users = Self::with_clients(&text);
        // A damaged journal of a run is no reason not to review a change.
        let last = journal::runs(root).ok().and_then(|mut runs| runs.pop());
        if let Some((dir, run)) =
            last.and_then(|dir| Some((dir.clone(), journal::read(&dir).ok()?)))
        {
            let events = run.entries.into_iter().map(|entry| entry.event);
            let called = events.filter_map(|event| match event {
                Event::Exchange { test, exchange } => Some((exchange.operation, test?)),
                _ => None,
            });
            users.add_run(&dir.file_name().unwrap_or_default().to_string_lossy(), called);
        }
        Ok(users)
    }

    fn with_clients(table: &str) -> Self {
        let packages = table.lines().filter_map(|line| line.strip_prefix("# package "));
        let marks = table.lines().filter_map(|line| line.split_once('\t'));
        Self {
            packages: packages.map(str::to_owned).collect(),
            marks: marks.map(|(id, marks)| (id.to_owned(), marks.to_owned())).collect(),
            ..Self::default()
        }
    }

    fn add_run(&mut self, run: &str, called: impl Iterator<Item = (String, String)>) {
        self.run = Some(run.to_owned());
        for (operation, test) in called {
            self.tests.entry(operation).or_default().insert(test);
        }
    }

    /// Returns the tests that called an operation.
    pub(super) fn tests(&self, id: &str) -> Vec<&str> {
        self.tests.get(id).into_iter().flatten().map(String::as_str).collect()
    }

    /// Returns the clients that have a method for an operation.
    pub(super) fn clients(&self, id: &str) -> Vec<&str> {
        self.known_to(id).filter(|package| !package.starts_with(clients::REFERENCE)).collect()
    }

    /// Whether the API reference documents an operation.
    pub(super) fn is_documented(&self, id: &str) -> bool {
        self.known_to(id).any(|package| package.starts_with(clients::REFERENCE))
    }

    fn known_to(&self, id: &str) -> impl Iterator<Item = &str> {
        let marks = self.marks.get(id).map(String::as_str).unwrap_or_default();
        let has = self.packages.iter().zip(marks.chars()).filter(|(_, mark)| *mark == 'x');
        has.map(|(package, _)| package.as_str())
    }
}

#[cfg(test)]
impl Users {
    /// Returns users of one operation.
    pub(super) fn of_test(id: &str, tests: &[&str]) -> Self {
        let mut users =
            Self::with_clients(&format!("# package a 1\n# package api-ref 2\n{id}\tx-\n"));
        users.add_run("0192", tests.iter().map(|test| (id.to_owned(), (*test).to_owned())));
        users
    }
}
