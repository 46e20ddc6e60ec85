//! Finds tests whose duration changed by more than noise.

use serde::Serialize;

use super::{ByTest, State};
use crate::report::run_record::TestRecord;

/// Smaller changes are ignored, whatever their ratio.
const LEAST_MS: u64 = 100;

/// The smallest significant factor, in either direction.
const FACTOR: f64 = 1.5;

/// How many earlier durations a test needs for its own spread to define noise.
const ENOUGH: usize = 3;

/// How many usual deviations count as noise.
const DEVIATIONS: f64 = 4.0;

/// A test whose duration changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DurationChange {
    /// The test's id.
    pub test: String,
    /// The median of its earlier durations.
    pub before_ms: u64,
    /// Its duration in the last run.
    pub after_ms: u64,
}

/// A test that passed in the last run, with its durations in earlier runs.
struct Times<'a> {
    test: &'a str,
    before: Vec<u64>,
    after: u64,
}

/// Returns the tests that passed before and in the last run with a different duration, the
/// greatest change first, and the median ratio of all durations. Only runs marked in `counts`
/// are used: those on the same cloud.
///
/// - A slower cloud makes every test slower. That is reported once, as the median ratio, and
///   tests are listed only if they differ from it.
/// - A change is significant from a factor of 1.5, and 0.1 s.
/// - It must also exceed four usual deviations: the test's own, if it has three earlier
///   durations, or else those of all tests in the last run.
pub(super) fn changed(by_test: &ByTest<'_>, counts: &[bool]) -> (Vec<DurationChange>, Option<f64>) {
    let all: Vec<Times<'_>> =
        by_test.iter().filter_map(|(test, records)| Times::of(test, records, counts)).collect();
    let pace = pace(&all);
    let shift = pace.unwrap_or(1.0).ln();
    let usual = middle(all.iter().map(|times| (times.change() - shift).abs()).collect());
    let mut changed: Vec<DurationChange> = all
        .iter()
        .filter(|times| {
            let noise = DEVIATIONS * times.spread().unwrap_or(usual.unwrap_or_default());
            let expected = float(times.usual()) * shift.exp();
            (times.change() - shift).abs() > noise.max(FACTOR.ln())
                && (float(times.after) - expected).abs() > float(LEAST_MS)
        })
        .map(|times| DurationChange {
            test: times.test.to_owned(),
            before_ms: times.usual(),
            after_ms: times.after,
        })
        .collect();
    changed.sort_by_key(|slower| std::cmp::Reverse(slower.after_ms.abs_diff(slower.before_ms)));
    (changed, pace)
}

impl<'a> Times<'a> {
    fn of(test: &'a str, records: &[Option<&TestRecord>], counts: &[bool]) -> Option<Self> {
        let passed = |record: Option<&TestRecord>| {
            record.filter(|_| State::of(record) == State::Passed).map(|record| record.duration_ms)
        };
        let (after, earlier) = records.split_last()?;
        let before: Vec<u64> = earlier
            .iter()
            .zip(counts)
            .filter(|(_, counts)| **counts)
            .filter_map(|(record, _)| passed(*record))
            .collect();
        let after = passed(*after)?;
        (!before.is_empty()).then_some(Self { test, before, after })
    }

    fn usual(&self) -> u64 {
        median(self.before.clone())
    }

    /// Returns the logarithm of the ratio, so that doubling and halving are equally large.
    fn change(&self) -> f64 {
        ratio(self.after, self.usual())
    }

    /// Returns the usual deviation of its earlier durations from their median.
    fn spread(&self) -> Option<f64> {
        let usual = self.usual();
        let away = self.before.iter().map(|time| ratio(*time, usual).abs());
        if self.before.len() < ENOUGH { None } else { middle(away.collect()) }
    }
}

/// Returns the median ratio of durations, ignoring those too short to measure.
fn pace(all: &[Times<'_>]) -> Option<f64> {
    let long: Vec<f64> = all
        .iter()
        .filter(|times| times.usual() >= LEAST_MS / 10 && times.after > 0)
        .map(Times::change)
        .collect();
    // The median of a few may be one that changed.
    if long.len() < 2 * ENOUGH { None } else { middle(long).map(f64::exp) }
}

/// Returns the logarithm of a ratio of durations, each at least a millisecond.
fn ratio(time: u64, other: u64) -> f64 {
    (float(time.max(1)) / float(other.max(1))).ln()
}

fn middle(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    Some(f64::midpoint(values[last / 2], values[last.div_ceil(2)]))
}

fn median(mut times: Vec<u64>) -> u64 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "no test takes 285,000 years")]
fn float(ms: u64) -> f64 {
    ms as f64
}
