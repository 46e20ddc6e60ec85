//! Putting descriptors together: a test with what its suites say.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Claim, IdentityWish, Need, SharedFixture, SuiteDescriptor, TestDescriptor};
use crate::journal::SelectedTest;

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

/// The kind of a test that stands in no suite which names one.
const DEFAULT_KIND: &str = "api";

/// The deadline of a test that stands in no suite which names one, in seconds.
const DEFAULT_TIMEOUT: u32 = 300;

/// The identities of a test that stands in no suite which names some.
const DEFAULT_IDENTITIES: &[IdentityWish] =
    &[IdentityWish { name: "member", persona: "member", fresh: false }];

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

impl From<&Test> for SelectedTest {
    fn from(test: &Test) -> Self {
        Self {
            id: test.id().to_owned(),
            name: test.name.clone(),
            package: test.descriptor.package.to_owned(),
        }
    }
}

/// Gives a test with what the suites say whose modules it stands in.
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

/// Gives the fixtures of suites that stand around each other, the outmost first.
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

/// Who a test or a fixture acts as.
struct Acting {
    identities: &'static [IdentityWish],
    as_fixture: bool,
}

/// Finds who a test or a fixture acts as, by what it says itself and what the
/// suites around it say, the inmost first.
///
/// - Who names identities has them for itself alone.
/// - Who names none has those of the nearest suite that does: its own ones of
///   these, or, where a fixture stands in between or is that suite's, the very ones
///   of the fixture, which all share that name none.
fn acting(own: &'static [IdentityWish], around: &[&SuiteDescriptor]) -> Acting {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::{Fixture, FixtureDescriptor};

    const MEMBER: &[IdentityWish] =
        &[IdentityWish { name: "member", persona: "member", fresh: false }];
    const READER: &[IdentityWish] =
        &[IdentityWish { name: "reader", persona: "reader", fresh: false }];
    const FIXTURE: FixtureDescriptor =
        FixtureDescriptor { set_up: |_| Box::pin(async { Ok(Fixture::new(())) }) };

    fn suite(
        identities: &'static [IdentityWish],
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

    /// Tells who acts, and whether as the fixture.
    fn who(own: &'static [IdentityWish], around: &[SuiteDescriptor]) -> (&'static str, bool) {
        let acting = acting(own, &around.iter().collect::<Vec<_>>());
        (acting.identities[0].name, acting.as_fixture)
    }

    #[test]
    fn who_names_no_identity_acts_as_the_fixture_around_unless_a_suite_between_names_some() {
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
