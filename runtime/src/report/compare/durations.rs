//! Which tests take another time than before, beyond noise.

use serde::Serialize;

use super::{ByTest, State};

/// A change that is smaller says nothing, whatever it is a share of.
const LEAST_MS: u64 = 100;

/// The smallest share of the time before that says something.
const SHARE: f64 = 0.5;

/// From how many earlier times on their own spread tells what noise is.
const ENOUGH: usize = 3;

/// How many of the deviations that are usual for a test are noise.
const DEVIATIONS: f64 = 4.0;

/// A test that takes longer or shorter than it did.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Slower {
    /// The test's id.
    pub test: String,
    /// The median of the times before.
    pub before_ms: u64,
    /// The time in the last run.
    pub after_ms: u64,
}

/// Gives the tests that passed before and in the last run and took another time, the
/// greatest change first, and what the median test's time was multiplied by.
///
/// - A cloud that is slower as a whole makes each test slower; that is told once, and
///   a test is named only where it differs from what the others would let expect.
/// - A change counts from half the time on, and 0.1 s. With three earlier times and
///   more it also has to be beyond four times their median deviation.
pub(super) fn changed(by_test: &ByTest<'_>) -> (Vec<Slower>, Option<f64>) {
    let pairs: Vec<(&str, Vec<u64>, u64)> = by_test
        .iter()
        .filter_map(|(test, tales)| {
            let (after, earlier) = tales.split_last()?;
            let passed = |tale: &Option<_>| State::of(*tale) == State::Passed;
            let after = after.filter(|_| passed(after))?.duration_ms;
            let before: Vec<u64> = earlier
                .iter()
                .filter(|tale| passed(tale))
                .filter_map(|tale| tale.map(|tale| tale.duration_ms))
                .collect();
            (!before.is_empty()).then_some((*test, before, after))
        })
        .collect();
    let pace = pace(&pairs);
    let mut changed: Vec<Slower> = pairs
        .into_iter()
        .filter_map(|(test, before, after_ms)| {
            let before_ms = median(before.clone());
            let expected = float(before_ms) * pace.unwrap_or(1.0);
            let change = (float(after_ms) - expected).abs();
            let noise = if before.len() >= ENOUGH {
                DEVIATIONS * float(median(before.iter().map(|ms| ms.abs_diff(before_ms)).collect()))
            } else {
                0.0
            };
            let counts = change > (SHARE * expected).max(noise).max(float(LEAST_MS));
            counts.then(|| Slower { test: test.to_owned(), before_ms, after_ms })
        })
        .collect();
    changed.sort_by_key(|slower| std::cmp::Reverse(slower.after_ms.abs_diff(slower.before_ms)));
    (changed, pace)
}

/// Gives what the median test's time was multiplied by; times too short to be
/// measured well say nothing of it.
fn pace(pairs: &[(&str, Vec<u64>, u64)]) -> Option<f64> {
    let mut factors: Vec<f64> = pairs
        .iter()
        .map(|(_, before, after)| (median(before.clone()), *after))
        .filter(|(before, after)| *before >= LEAST_MS / 10 && *after > 0)
        .map(|(before, after)| float(after) / float(before))
        .collect();
    factors.sort_by(f64::total_cmp);
    // The middle of a few may be one of those that changed.
    if factors.len() < 2 * ENOUGH { None } else { factors.get(factors.len() / 2).copied() }
}

fn median(mut times: Vec<u64>) -> u64 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "no test takes 285,000 years")]
fn float(ms: u64) -> f64 {
    ms as f64
}
