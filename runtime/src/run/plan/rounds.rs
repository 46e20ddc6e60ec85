//! Rounds: runs of many tests in which no test comes twice, and no two share a fixture.

use std::collections::HashSet;

use crate::registry::Test;

/// Distributes things that are each tried with one test over as few rounds as the order of the
/// list allows.
///
/// A test that is made to fail may leave what it shares with others as they do not expect it.
/// So tests that share a fixture are in different rounds, as one test is with each of its things.
pub fn rounds<T>(wanted: impl IntoIterator<Item = (Test, T)>) -> Vec<Vec<(Test, T)>> {
    let mut rounds: Vec<(HashSet<String>, Vec<(Test, T)>)> = Vec::new();
    for (test, thing) in wanted {
        let names: Vec<String> = std::iter::once(format!("test {}", test.id()))
            .chain(test.fixtures.iter().map(|fixture| format!("suite {}", fixture.suite)))
            .collect();
        let is_free =
            |(taken, _): &&mut (HashSet<String>, _)| names.iter().all(|name| !taken.contains(name));
        match rounds.iter_mut().find(is_free) {
            Some((taken, round)) => {
                taken.extend(names);
                round.push((test, thing));
            }
            None => rounds.push((names.into_iter().collect(), vec![(test, thing)])),
        }
    }
    rounds.into_iter().map(|(_, round)| round).collect()
}
