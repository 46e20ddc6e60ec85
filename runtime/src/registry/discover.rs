//! Finding the tests that there are.

use std::collections::BTreeMap;
use std::time::Duration;

use super::merge::merge;
use super::{Claim, IdentityWish, Need, SharedFixture, SuiteDescriptor, TestDescriptor};

/// Gives every registered test, with what its suites say.
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
    /// The ids that more than one test or suite has.
    pub duplicates: Vec<Duplicate>,
}

/// An id that is used twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The id.
    pub id: &'static str,
    /// Where it is used, each as `file:line`.
    pub places: Vec<String>,
}

/// A test with everything that its suites say of it.
#[derive(Debug, Clone)]
pub struct Test {
    /// What its attribute says.
    pub descriptor: &'static TestDescriptor,
    /// Its module and function, as in `squall_suites::compute::servers::boot`.
    pub name: String,
    /// The id of the nearest suite it stands in.
    pub suite: Option<&'static str>,
    /// Its kind: `api`, `scenario` and so on.
    pub kind: &'static str,
    /// The services it calls.
    pub needs: Vec<Need>,
    /// The features that the cloud must have, sorted.
    pub features: Vec<&'static str>,
    /// The identities it acts as.
    pub identities: Vec<IdentityWish>,
    /// Whether those are the identities of the fixture around it.
    pub acts_as_fixture: bool,
    /// What its suites set up for it, the outmost first.
    pub fixtures: Vec<SharedFixture>,
    /// What else it can be selected by, sorted.
    pub tags: Vec<&'static str>,
    /// Its deadline, before it is scaled.
    pub timeout: Duration,
    /// What it must not share with other tests while it runs.
    pub claims: Vec<Claim>,
}

impl Registry {
    /// Puts tests and suites together.
    pub fn new(
        tests: impl Iterator<Item = &'static TestDescriptor>,
        suites: impl Iterator<Item = &'static SuiteDescriptor>,
    ) -> Self {
        let mut ids: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        let mut by_module: BTreeMap<&'static str, Vec<&'static SuiteDescriptor>> = BTreeMap::new();
        for suite in suites {
            // A suite and a test may not share an id: a filter could not tell them apart.
            ids.entry(suite.id).or_default().push(format!("{}:{}", suite.file, suite.line));
            by_module.entry(suite.module).or_default().push(suite);
        }
        let mut all: Vec<Test> = tests
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
        Self { tests: all, duplicates }
    }

    /// Finds a test by its id.
    pub fn find(&self, id: &str) -> Option<&Test> {
        self.tests.binary_search_by(|test| test.id().cmp(id)).ok().map(|index| &self.tests[index])
    }
}

impl Test {
    /// Gives its id.
    pub fn id(&self) -> &'static str {
        self.descriptor.id
    }

    /// Gives the services it is about: those it needs, and its id's first part
    /// where it names none.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        let own = self.needs.is_empty().then(|| self.id().split('.').next()).flatten();
        self.needs.iter().map(|need| need.service).chain(own)
    }
}

/// Gives a module's path and those of the modules around it, the inmost first.
pub(super) fn modules_outwards(module: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(module), |inner| inner.rsplit_once("::").map(|(outer, _)| outer))
}
