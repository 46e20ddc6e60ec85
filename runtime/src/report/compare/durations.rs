//! Which tests take another time than before, beyond noise.

use serde::Serialize;

use super::{ByTest, State};
use crate::report::story::Tale;

/// A change that is smaller says nothing, whatever it is a share of.
const LEAST_MS: u64 = 100;

/// The smallest factor that says something, in either direction.
const FACTOR: f64 = 1.5;

/// From how many earlier times on a test's own spread tells what noise is.
const ENOUGH: usize = 3;

/// How many of the deviations that are usual are noise.
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

/// A test that passed in the last run, and the times that it passed in before.
struct Times<'a> {
    test: &'a str,
    before: Vec<u64>,
    after: u64,
}

/// Gives the tests that passed before and in the last run and took another time, the
/// greatest change first, and what the median test's time was multiplied by. Only the
/// runs that `counts` tells to are looked at: those on the same cloud.
///
/// - A cloud that is slower as a whole makes each test slower; that is told once, and
///   a test is named only where it differs from what the others would let expect.
/// - A change counts from half as much again on, or that much less, and 0.1 s.
/// - It also has to be beyond four deviations that are usual: for the test itself where
///   it has three earlier times, else for all the tests of the last run.
pub(super) fn changed(by_test: &ByTest<'_>, counts: &[bool]) -> (Vec<Slower>, Option<f64>) {
    let all: Vec<Times<'_>> =
        by_test.iter().filter_map(|(test, tales)| Times::of(test, tales, counts)).collect();
    let pace = pace(&all);
    let shift = pace.unwrap_or(1.0).ln();
    let usual = middle(all.iter().map(|times| (times.change() - shift).abs()).collect());
    let mut changed: Vec<Slower> = all
        .iter()
        .filter(|times| {
            let noise = DEVIATIONS * times.spread().unwrap_or(usual.unwrap_or_default());
            let expected = float(times.usual()) * shift.exp();
            (times.change() - shift).abs() > noise.max(FACTOR.ln())
                && (float(times.after) - expected).abs() > float(LEAST_MS)
        })
        .map(|times| Slower {
            test: times.test.to_owned(),
            before_ms: times.usual(),
            after_ms: times.after,
        })
        .collect();
    changed.sort_by_key(|slower| std::cmp::Reverse(slower.after_ms.abs_diff(slower.before_ms)));
    (changed, pace)
}

impl<'a> Times<'a> {
    fn of(test: &'a str, tales: &[Option<&Tale>], counts: &[bool]) -> Option<Self> {
        let passed = |tale: Option<&Tale>| {
            tale.filter(|_| State::of(tale) == State::Passed).map(|tale| tale.duration_ms)
        };
        let (after, earlier) = tales.split_last()?;
        let before: Vec<u64> = earlier
            .iter()
            .zip(counts)
            .filter(|(_, counts)| **counts)
            .filter_map(|(tale, _)| passed(*tale))
            .collect();
        let after = passed(*after)?;
        (!before.is_empty()).then_some(Self { test, before, after })
    }

    fn usual(&self) -> u64 {
        median(self.before.clone())
    }

    /// Gives the logarithm of what the time was multiplied by, so that twice and half
    /// as long are as far from the same.
    fn change(&self) -> f64 {
        ratio(self.after, self.usual())
    }

    /// Gives how far its own earlier times usually are from their median.
    fn spread(&self) -> Option<f64> {
        let usual = self.usual();
        let away = self.before.iter().map(|time| ratio(*time, usual).abs());
        if self.before.len() < ENOUGH { None } else { middle(away.collect()) }
    }
}

/// Gives what the median test's time was multiplied by; times too short to be
/// measured well say nothing of it.
fn pace(all: &[Times<'_>]) -> Option<f64> {
    let long: Vec<f64> = all
        .iter()
        .filter(|times| times.usual() >= LEAST_MS / 10 && times.after > 0)
        .map(Times::change)
        .collect();
    // The middle of a few may be one of those that changed.
    if long.len() < 2 * ENOUGH { None } else { middle(long).map(f64::exp) }
}

/// Gives the logarithm of a ratio of times; a millisecond is as short as they get.
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
