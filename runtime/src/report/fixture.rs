//! Journals of made-up runs, for the tests of reports.

use crate::journal::Entry;

/// Nine tests with every verdict there is, a lost worker and a thing that is left.
pub(super) const SAMPLE: &str = include_str!("fixtures/mixed.jsonl");

/// The same tests in the run before; one is gone since, and one is not there yet.
pub(super) const BEFORE: &str = include_str!("fixtures/before.jsonl");

/// A run of no test.
pub(super) const EMPTY: &str = include_str!("fixtures/empty.jsonl");

/// Reads a journal.
pub(super) fn entries(journal: &str) -> Vec<Entry> {
    journal.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
