//! Which findings a test is one of.

use std::sync::OnceLock;

use regex::{RegexSet, RegexSetBuilder};

/// How large all patterns together may become. A few hundred of them need a tenth of it.
const LIMIT: usize = 64 << 20;

/// The patterns of a list of findings, made when they are first needed.
#[derive(Debug, Clone, Default)]
pub struct Patterns(OnceLock<Made>);

#[derive(Debug, Clone)]
pub(super) struct Made {
    patterns: RegexSet,
    /// The finding of each pattern.
    findings: Vec<usize>,
}

impl Patterns {
    /// Returns them; `tests` gives the patterns of each finding.
    pub(super) fn of<'a, T: Iterator<Item = &'a [String]>>(
        &self,
        tests: impl FnOnce() -> T,
    ) -> &Made {
        self.0.get_or_init(|| {
            let mut of = Vec::new();
            let mut patterns = Vec::new();
            for (at, tests) in tests().enumerate() {
                for test in tests {
                    let parts: Vec<String> = test.split('*').map(regex::escape).collect();
                    patterns.push(format!("^{}$", parts.join(".*")));
                    of.push(at);
                }
            }
            // Escaped text joined by `.*` is always a valid regular expression.
            let patterns = RegexSetBuilder::new(patterns).size_limit(LIMIT).build();
            Made { patterns: patterns.unwrap_or_default(), findings: of }
        })
    }
}

impl Made {
    /// Returns the positions of the findings with a pattern that fits a test's id, in order.
    pub(super) fn matching(&self, test: &str) -> impl Iterator<Item = usize> {
        let mut found: Vec<usize> =
            self.patterns.matches(test).into_iter().map(|pattern| self.findings[pattern]).collect();
        found.dedup();
        found.into_iter()
    }
}
