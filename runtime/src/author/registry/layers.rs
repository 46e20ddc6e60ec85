//! The attributes that apply to a test: its own, and those of its suites.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::merge::modules_outwards;
use super::{Claim, IdentityRequest, Need, SuiteDescriptor, Test};

/// One attribute that applies to a test.
#[derive(Debug, Clone, Copy)]
pub struct Layer {
    /// The suite's id; none for the test's own attribute.
    pub suite: Option<&'static str>,
    /// The file of the attribute.
    pub file: &'static str,
    /// The line of the attribute.
    pub line: u32,
    /// The services that it needs.
    pub needs: &'static [Need],
    /// The features that it needs.
    pub features: &'static [&'static str],
    /// The identities that it requests.
    pub identities: &'static [IdentityRequest],
    /// The timeout that it sets, in seconds.
    pub timeout: Option<u32>,
    /// What it claims.
    pub claims: &'static [Claim],
}

/// The registered suites, by module.
static SUITES: LazyLock<HashMap<&str, Vec<&SuiteDescriptor>>> = LazyLock::new(|| {
    let mut suites: HashMap<&str, Vec<&SuiteDescriptor>> = HashMap::new();
    for suite in inventory::iter::<SuiteDescriptor> {
        suites.entry(suite.module).or_default().push(suite);
    }
    suites
});

/// Returns the attributes that apply to a test: its own first, then the nearest suite's.
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
