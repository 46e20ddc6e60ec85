//! Sample journals for the tests of reports.

use squall_model::{PolicyRule, ServiceSpec};

use crate::journal::Entry;

/// Nine tests with every verdict, a lost worker and a leftover resource.
pub(super) const SAMPLE: &str = include_str!("fixtures/mixed.jsonl");

/// The previous run: one test was removed since, and one did not exist yet.
pub(super) const BEFORE: &str = include_str!("fixtures/before.jsonl");

/// A run without tests.
pub(super) const EMPTY: &str = include_str!("fixtures/empty.jsonl");

/// Reads a journal.
pub(super) fn entries(journal: &str) -> Vec<Entry> {
    journal.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The service that the journals call.
pub(super) fn specs() -> [&'static ServiceSpec; 1] {
    [squall_compute::Compute::SPEC]
}

/// The same service with its default policy rules.
pub(super) fn services() -> [(&'static ServiceSpec, &'static [PolicyRule]); 1] {
    [(squall_compute::Compute::SPEC, squall_compute::policies::RULES)]
}
