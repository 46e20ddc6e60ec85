//! The order in which tests start.

use super::Durations;
use crate::registry::Test;

/// Puts the tests that are expected to take longest first, so that none of them
/// starts when everything else is done; equal ones stay in the order of their ids.
pub fn longest_first(tests: &mut [Test], durations: &Durations) {
    if !durations.is_empty() {
        tests.sort_by_cached_key(|test| std::cmp::Reverse(durations.expect(test.id())));
    }
}
