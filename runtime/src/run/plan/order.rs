//! The order in which tests start.

use super::Durations;
use crate::registry::Test;

/// Sorts the tests that are expected to take longest to the front, so that a long test does not
/// start last; equal ones keep the order of their ids.
pub fn longest_first(tests: &mut [Test], durations: &Durations) {
    if !durations.is_empty() {
        tests.sort_by_cached_key(|test| std::cmp::Reverse(durations.expect(test.id())));
    }
}
