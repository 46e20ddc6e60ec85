//! Collects the registered tests.

use std::collections::BTreeMap;

use super::cases::{CasesFault, expand};
use super::merge::{Test, merge};
use super::{SuiteDescriptor, TestDescriptor};

/// Returns every registered test, merged with its suites.
pub fn discover() -> Registry {
    Registry::new(
        inventory::iter::<TestDescriptor>.into_iter(),
        inventory::iter::<SuiteDescriptor>.into_iter(),
    )
}

/// All tests, sorted by id.
#[derive(Debug, Default)]
pub struct Registry {
    /// The tests.
    pub tests: Vec<Test>,
    /// The ids that more than one test or suite uses.
    pub duplicates: Vec<Duplicate>,
    /// The tests whose cases could not be registered.
    pub without_cases: Vec<CasesFault>,
}

/// An id that is used twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The id.
    pub id: &'static str,
    /// Where it is used, each as `file:line`.
    pub places: Vec<String>,
}

impl Registry {
    /// Merges tests with their suites.
    pub fn new(
        tests: impl Iterator<Item = &'static TestDescriptor>,
        suites: impl Iterator<Item = &'static SuiteDescriptor>,
    ) -> Self {
        let mut ids: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        let mut by_module: BTreeMap<&'static str, Vec<&'static SuiteDescriptor>> = BTreeMap::new();
        for suite in suites {
            // A suite and a test must not share an id: a filter could not tell them apart.
            ids.entry(suite.id).or_default().push(format!("{}:{}", suite.file, suite.line));
            by_module.entry(suite.module).or_default().push(suite);
        }
        let mut without_cases = Vec::new();
        let mut all: Vec<Test> = tests
            .flat_map(|test| {
                expand(test).unwrap_or_else(|fault| {
                    without_cases.push(fault);
                    Vec::new()
                })
            })
            .inspect(|test| {
                ids.entry(test.id).or_default().push(format!("{}:{}", test.file, test.line));
            })
            .map(|test| merge(test, &by_module))
            .collect();
        all.sort_by(|a, b| (a.id(), &a.name).cmp(&(b.id(), &b.name)));
        let duplicates = ids
            .into_iter()
            .filter(|(_, places)| places.len() > 1)
            .map(|(id, mut places)| {
                places.sort();
                Duplicate { id, places }
            })
            .collect();
        Self { tests: all, duplicates, without_cases }
    }

    /// Finds a test by its id.
    pub fn find(&self, id: &str) -> Option<&Test> {
        self.tests.binary_search_by(|test| test.id().cmp(id)).ok().map(|index| &self.tests[index])
    }
}
