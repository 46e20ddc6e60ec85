//! Who says what of a test: its own attribute, and those of its suites.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::merge::modules_outwards;
use super::{Claim, IdentityWish, Need, SuiteDescriptor, Test};

/// One attribute that speaks for a test.
#[derive(Debug, Clone, Copy)]
pub struct Layer {
    /// The suite's id; none for the test's own attribute.
    pub suite: Option<&'static str>,
    /// The file it stands in.
    pub file: &'static str,
    /// The line it starts at.
    pub line: u32,
    /// The services that it asks for.
    pub needs: &'static [Need],
    /// The features that it asks for.
    pub features: &'static [&'static str],
    /// The identities that it wishes for.
    pub identities: &'static [IdentityWish],
    /// The deadline in seconds that it sets.
    pub timeout: Option<u32>,
    /// What it claims.
    pub claims: &'static [Claim],
}

/// The suites that are registered, by the modules they stand in.
static SUITES: LazyLock<HashMap<&str, Vec<&SuiteDescriptor>>> = LazyLock::new(|| {
    let mut suites: HashMap<&str, Vec<&SuiteDescriptor>> = HashMap::new();
    for suite in inventory::iter::<SuiteDescriptor> {
        suites.entry(suite.module).or_default().push(suite);
    }
    suites
});

/// Gives the attributes that speak for a test, its own first, then the nearest suite's.
pub fn layers(test: &Test) -> Vec<Layer> {
    let own = test.descriptor;
    let suites = modules_outwards(own.module).filter_map(|module| SUITES.get(module)).flatten();
    let suites = suites.map(|suite| Layer {
        suite: Some(suite.id),
        file: suite.file,
        line: suite.line,
        needs: suite.needs,
        features: suite.features,
        identities: suite.identities,
        timeout: suite.timeout,
        claims: suite.claims,
    });
    let own = Layer {
        suite: None,
        file: own.file,
        line: own.line,
        needs: own.needs,
        features: own.features,
        identities: own.identities,
        timeout: own.timeout,
        claims: own.claims,
    };
    std::iter::once(own).chain(suites).collect()
}
