//! The requests of a run by operation, and their durations.

use std::collections::{BTreeMap, BTreeSet};

use squall_model::Microversion;

use crate::client::Exchange;

/// All calls of a run, by operation id.
#[derive(Debug, Default)]
pub(in crate::report) struct Traffic(pub(in crate::report) BTreeMap<String, Calls>);

/// The calls of one operation.
#[derive(Debug, Default)]
pub(in crate::report) struct Calls {
    /// Calls without an answer, or with a status of 500 and above.
    pub(in crate::report) failed: usize,
    /// Answers that violate their schema.
    pub(in crate::report) violating: usize,
    /// The microversions of the answers.
    pub(in crate::report) versions: BTreeSet<Microversion>,
    durations: Vec<u64>,
}

impl Traffic {
    pub(super) fn add(&mut self, exchange: &Exchange) {
        if !self.0.contains_key(&exchange.operation) {
            self.0.insert(exchange.operation.clone(), Calls::default());
        }
        let Some(calls) = self.0.get_mut(&exchange.operation) else { return };
        calls.durations.push(exchange.duration_ms);
        calls.failed += usize::from(exchange.status.is_none_or(|status| status >= 500));
        calls.violating += usize::from(!exchange.violations.is_empty());
        if exchange.status.is_some() {
            calls.versions.extend(exchange.version);
        }
    }
}

impl Calls {
    /// Returns the number of calls, counting every attempt.
    pub(in crate::report) fn count(&self) -> usize {
        self.durations.len()
    }

    /// Returns the requested percentiles of the durations.
    pub(in crate::report) fn percentiles<const N: usize>(&self, wanted: [usize; N]) -> [u64; N] {
        let mut sorted = self.durations.clone();
        sorted.sort_unstable();
        wanted.map(|percent| {
            let rank = (sorted.len() * percent).div_ceil(100).max(1);
            sorted.get(rank - 1).copied().unwrap_or_default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_measured_duration() {
        let calls = |durations: &[u64]| Calls { durations: durations.into(), ..Calls::default() };
        assert_eq!(calls(&[]).percentiles([50, 95]), [0, 0]);
        assert_eq!(calls(&[7]).percentiles([50, 95, 100]), [7, 7, 7]);
        let many: Vec<u64> = (1..=100).rev().collect();
        assert_eq!(calls(&many).percentiles([0, 50, 95, 100]), [1, 50, 95, 100]);
    }
}
