//! Rounds: runs of many tests in which no test comes twice, and no two share a fixture.

use std::collections::HashSet;

use crate::registry::Test;

/// Distributes things that are each tried with one test over as few rounds as the order of the
/// list allows.
///
/// A test that is made to fail may leave what it shares with others as they do not expect it.
/// So tests that share a fixture are in different rounds, as one test is with each of its things.
pub fn rounds<T>(wanted: impl IntoIterator<Item = (Test, T)>) -> Vec<Vec<(Test, T)>> {
    // What each round has of tests and fixtures, beside the rounds.
    let mut taken: Vec<HashSet<String>> = Vec::new();
    let mut rounds: Vec<Vec<(Test, T)>> = Vec::new();
    for (test, thing) in wanted {
        let names: Vec<String> = std::iter::once(format!("test {}", test.id()))
            .chain(test.fixtures.iter().map(|fixture| format!("suite {}", fixture.suite)))
            .collect();
        let is_free = |taken: &HashSet<String>| names.iter().all(|name| !taken.contains(name));
        if let Some(at) = taken.iter().position(is_free) {
            taken[at].extend(names);
            rounds[at].push((test, thing));
        } else {
            taken.push(names.into_iter().collect());
            rounds.push(vec![(test, thing)]);
        }
    }
    rounds
}
