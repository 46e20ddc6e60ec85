//! Putting descriptors together: each test with what its suites say.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Claim, IdentityWish, Need, SuiteDescriptor, TestDescriptor};

/// The kind of a test that stands in no suite which names one.
const DEFAULT_KIND: &str = "api";

/// The deadline of a test that stands in no suite which names one, in seconds.
const DEFAULT_TIMEOUT: u32 = 300;

/// The identities of a test that stands in no suite which names some.
const DEFAULT_IDENTITIES: &[IdentityWish] = &[IdentityWish { name: "member", persona: "member" }];

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
    /// The identities it acts as.
    pub identities: Vec<IdentityWish>,
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

fn merge(
    test: &'static TestDescriptor,
    suites: &BTreeMap<&str, Vec<&'static SuiteDescriptor>>,
) -> Test {
    let around: Vec<&SuiteDescriptor> = modules_outwards(test.module)
        .filter_map(|module| suites.get(module))
        .flatten()
        .copied()
        .collect();
    let mut needs: Vec<Need> = test.needs.to_vec();
    let mut tags: Vec<&str> = test.tags.to_vec();
    let mut claims: Vec<Claim> = test.claims.to_vec();
    for suite in &around {
        needs.extend(suite.needs);
        tags.extend(suite.tags);
        claims.extend(suite.claims);
    }
    tags.sort_unstable();
    tags.dedup();
    let identities = if test.identities.is_empty() {
        around.iter().map(|s| s.identities).find(|i| !i.is_empty()).unwrap_or(DEFAULT_IDENTITIES)
    } else {
        test.identities
    };
    let timeout = test.timeout.or_else(|| around.iter().find_map(|s| s.timeout));
    Test {
        descriptor: test,
        name: format!("{}::{}", test.module, test.function),
        suite: around.first().map(|suite| suite.id),
        kind: test.kind.or_else(|| around.iter().find_map(|s| s.kind)).unwrap_or(DEFAULT_KIND),
        needs: intersect(needs),
        identities: identities.to_vec(),
        tags,
        timeout: Duration::from_secs(timeout.unwrap_or(DEFAULT_TIMEOUT).into()),
        claims,
    }
}

/// Gives a module's path and those of the modules around it, the inmost first.
pub(super) fn modules_outwards(module: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(module), |inner| inner.rsplit_once("::").map(|(outer, _)| outer))
}

/// Leaves one need a service: the versions that every one of them allows.
///
/// Ranges that do not meet are kept side by side; the plan then skips the test
/// and names both.
fn intersect(needs: Vec<Need>) -> Vec<Need> {
    let mut out: Vec<Need> = Vec::with_capacity(needs.len());
    for need in needs {
        let met = out.iter_mut().find_map(|known| {
            let both = (known.service == need.service)
                .then(|| known.versions.intersect(&need.versions))
                .flatten()?;
            known.versions = both;
            Some(())
        });
        if met.is_none() {
            out.push(need);
        }
    }
    out.sort_by_key(|need| need.service);
    out
}
