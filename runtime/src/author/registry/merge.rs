//! Merges a test's descriptor with those of its suites.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Claim, IdentityRequest, Need, SharedFixture, SuiteDescriptor, TestDescriptor};
use crate::journal::SelectedTest;
use crate::services;

/// A test, merged with its suites.
#[derive(Debug, Clone)]
pub struct Test {
    /// The descriptor from its attribute.
    pub descriptor: &'static TestDescriptor,
    /// Its module and function, as in `squall_suites::compute::servers::boot`.
    pub name: String,
    /// The id of the nearest enclosing suite.
    pub suite: Option<&'static str>,
    /// Its kind: `api`, `scenario` and so on.
    pub kind: &'static str,
    /// The services it calls.
    pub needs: Vec<Need>,
    /// The features that the cloud must have, sorted.
    pub features: Vec<&'static str>,
    /// The identities it acts as.
    pub identities: Vec<IdentityRequest>,
    /// Whether it shares the identities of the fixture around it.
    pub acts_as_fixture: bool,
    /// The fixtures that its suites set up for it, the outermost first.
    pub fixtures: Vec<SharedFixture>,
    /// Its tags, sorted.
    pub tags: Vec<&'static str>,
    /// Its deadline, before it is scaled.
    pub timeout: Duration,
    /// What it must not share with other running tests.
    pub claims: Vec<Claim>,
}

/// The kind of a test if neither it nor a suite names one.
const DEFAULT_KIND: &str = "api";

/// The timeout in seconds if neither the test nor a suite sets one.
const DEFAULT_TIMEOUT: u32 = 300;

/// The identities if neither the test nor a suite requests any.
const DEFAULT_IDENTITIES: &[IdentityRequest] =
    &[IdentityRequest { name: "member", persona: "member", fresh: false }];

impl Test {
    /// Returns the test's id.
    pub fn id(&self) -> &'static str {
        self.descriptor.id
    }

    /// Returns the services it tests: those it needs, or the first part of its id if it names
    /// none.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        let own = self.needs.is_empty().then(|| services::service_of(self.id()));
        self.needs.iter().map(|need| need.service).chain(own)
    }
}

/// Returns a module's path and those of the enclosing modules, the innermost first.
pub(super) fn modules_outwards(module: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(module), |inner| inner.rsplit_once("::").map(|(outer, _)| outer))
}

impl From<&Test> for SelectedTest {
    fn from(test: &Test) -> Self {
        Self {
            id: test.id().to_owned(),
            name: test.name.clone(),
            package: test.descriptor.package.to_owned(),
        }
    }
}

/// Merges a test with the suites of its module and the enclosing modules.
pub(super) fn merge(
    test: &'static TestDescriptor,
    suites: &BTreeMap<&str, Vec<&'static SuiteDescriptor>>,
) -> Test {
    let around: Vec<&SuiteDescriptor> = modules_outwards(test.module)
        .filter_map(|module| suites.get(module))
        .flatten()
        .copied()
        .collect();
    let mut needs: Vec<Need> = test.needs.to_vec();
    let mut features: Vec<&str> = test.features.to_vec();
    let mut tags: Vec<&str> = test.tags.to_vec();
    let mut claims: Vec<Claim> = test.claims.to_vec();
    for suite in &around {
        needs.extend(suite.needs);
        features.extend(suite.features);
        tags.extend(suite.tags);
        claims.extend(suite.claims);
    }
    tags.sort_unstable();
    tags.dedup();
    features.sort_unstable();
    features.dedup();
    let timeout = |own: Option<u32>, around: &[&SuiteDescriptor]| {
        let timeout = own.or_else(|| around.iter().find_map(|suite| suite.timeout));
        Duration::from_secs(timeout.unwrap_or(DEFAULT_TIMEOUT).into())
    };
    let Acting { identities, as_fixture } = acting(test.identities, &around);
    Test {
        descriptor: test,
        name: format!("{}::{}", test.module, test.function),
        suite: around.first().map(|suite| suite.id),
        kind: test.kind.or_else(|| around.iter().find_map(|s| s.kind)).unwrap_or(DEFAULT_KIND),
        needs: intersect(needs),
        features,
        identities: identities.to_vec(),
        acts_as_fixture: as_fixture,
        fixtures: fixtures(&around, timeout),
        tags,
        timeout: timeout(test.timeout, &around),
        claims,
    }
}

/// Returns the fixtures of nested suites, the outermost first.
fn fixtures(
    around: &[&SuiteDescriptor],
    timeout: impl Fn(Option<u32>, &[&SuiteDescriptor]) -> Duration,
) -> Vec<SharedFixture> {
    let shared = |(at, suite): (usize, &&SuiteDescriptor)| {
        let outer = &around[at + 1..];
        let Acting { identities, as_fixture } = acting(suite.identities, outer);
        Some(SharedFixture {
            suite: suite.id,
            descriptor: suite.fixture?,
            identities: if as_fixture { Vec::new() } else { identities.to_vec() },
            timeout: timeout(suite.timeout, outer),
        })
    };
    around.iter().enumerate().rev().filter_map(shared).collect()
}

/// The identities that a test or a fixture uses.
struct Acting {
    identities: &'static [IdentityRequest],
    as_fixture: bool,
}

/// Determines the identities of a test or a fixture from its own request and those of the
/// suites around it, the innermost first.
///
/// - A test that requests identities gets its own.
/// - A test that requests none takes the request of the nearest suite that has one. It gets
///   identities of its own, unless that suite or one in between has a fixture: then it shares
///   the fixture's identities.
fn acting(own: &'static [IdentityRequest], around: &[&SuiteDescriptor]) -> Acting {
    if !own.is_empty() {
        return Acting { identities: own, as_fixture: false };
    }
    let named = around.iter().position(|suite| !suite.identities.is_empty());
    let fixture = around.iter().position(|suite| suite.fixture.is_some());
    Acting {
        identities: named.map_or(DEFAULT_IDENTITIES, |at| around[at].identities),
        as_fixture: fixture.is_some_and(|fixture| named.is_none_or(|named| fixture <= named)),
    }
}

/// Merges the needs of each service to the versions that all of them allow.
///
/// Disjoint ranges are both kept; the plan then skips the test and names one of them.
fn intersect(needs: Vec<Need>) -> Vec<Need> {
    let mut out: Vec<Need> = Vec::with_capacity(needs.len());
    for need in needs.into_iter().map(Need::of_our_name) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::{Fixture, FixtureDescriptor};

    const MEMBER: &[IdentityRequest] =
        &[IdentityRequest { name: "member", persona: "member", fresh: false }];
    const READER: &[IdentityRequest] =
        &[IdentityRequest { name: "reader", persona: "reader", fresh: false }];
    const FIXTURE: FixtureDescriptor =
        FixtureDescriptor { set_up: |_| Box::pin(async { Ok(Fixture::new(())) }) };

    fn suite(
        identities: &'static [IdentityRequest],
        fixture: Option<FixtureDescriptor>,
    ) -> SuiteDescriptor {
        SuiteDescriptor {
            id: "a.suite",
            name: "Suite",
            module: "a",
            package: "p",
            summary: "",
            file: "a.rs",
            line: 1,
            kind: None,
            needs: &[],
            features: &[],
            identities,
            tags: &[],
            timeout: None,
            claims: &[],
            fixture,
        }
    }

    /// Returns the identity, and whether it is the fixture's.
    fn who(own: &'static [IdentityRequest], around: &[SuiteDescriptor]) -> (&'static str, bool) {
        let acting = acting(own, &around.iter().collect::<Vec<_>>());
        (acting.identities[0].name, acting.as_fixture)
    }

    #[test]
    fn a_test_without_identities_acts_as_the_fixture_unless_a_suite_between_requests_some() {
        let shared = || suite(MEMBER, Some(FIXTURE));
        assert_eq!(who(&[], &[shared()]), ("member", true));
        assert_eq!(who(READER, &[shared()]), ("reader", false));
        assert_eq!(who(&[], &[suite(READER, None), shared()]), ("reader", false));
        assert_eq!(who(&[], &[suite(&[], Some(FIXTURE)), suite(READER, None)]), ("reader", true));
        assert_eq!(who(&[], &[suite(&[], Some(FIXTURE))]), ("member", true));
        assert_eq!(who(&[], &[]), ("member", false));
    }

    #[test]
    fn a_fixture_has_identities_of_its_own_unless_one_stands_around_it() {
        let (inner, outer) = (suite(&[], Some(FIXTURE)), suite(MEMBER, Some(FIXTURE)));
        let fixtures = fixtures(&[&inner, &outer], |_, _| Duration::from_secs(1));
        let leased: Vec<usize> = fixtures.iter().map(|fixture| fixture.identities.len()).collect();
        assert_eq!(leased, [1, 0], "the outer first");
    }
}
