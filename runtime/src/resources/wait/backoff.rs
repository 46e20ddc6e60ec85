//! The delays between polls.

use std::time::Duration;

/// Exponentially growing delays with jitter, so that many tests waiting for the same
/// service do not poll in step.
///
/// ```
/// use std::time::Duration;
/// use squall::wait::Backoff;
///
/// let mut pace = Backoff::seeded(1).with_bounds(Duration::from_millis(50), Duration::from_secs(2));
/// assert!(pace.next_delay() < Duration::from_millis(61));
/// assert!((0..20).map(|_| pace.next_delay()).all(|d| d <= Duration::from_millis(2400)));
/// ```
#[derive(Debug, Clone)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    next: Duration,
    random: fastrand::Rng,
}

/// The factor from one delay to the next.
const GROWTH: f64 = 2.0;
/// The jitter, as a fraction of the delay.
const JITTER: f64 = 0.2;

impl Default for Backoff {
    /// 50 ms growing to 3 s, with a random seed.
    fn default() -> Self {
        Self::seeded(fastrand::u64(..))
    }
}

impl Backoff {
    /// Creates the default backoff with a seed, for repeatable delays.
    pub fn seeded(seed: u64) -> Self {
        let (first, longest) = (Duration::from_millis(50), Duration::from_secs(3));
        Self { first, longest, next: first, random: fastrand::Rng::with_seed(seed) }
    }

    /// Sets the first and the longest delay.
    #[must_use]
    pub fn with_bounds(mut self, first: Duration, longest: Duration) -> Self {
        (self.first, self.next, self.longest) = (first, first, longest.max(first));
        self
    }

    /// Raises the first delay to at least `first`.
    #[must_use]
    pub(super) fn starting_with(mut self, first: Duration) -> Self {
        self.next = self.next.max(first).min(self.longest);
        self
    }

    /// Returns the first delay, without jitter.
    pub fn first(&self) -> Duration {
        self.first
    }

    /// Returns the next delay.
    pub fn next_delay(&mut self) -> Duration {
        let delay = self.next;
        self.next = delay.mul_f64(GROWTH).min(self.longest);
        delay.mul_f64(1.0 + JITTER * (2.0 * self.random.f64() - 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_sequence() {
        let delays = |seed| {
            let mut pace = Backoff::seeded(seed);
            std::iter::repeat_with(|| pace.next_delay()).take(12).collect::<Vec<_>>()
        };
        assert_eq!(delays(3), delays(3));
        assert_ne!(delays(3), delays(4));
    }

    #[test]
    fn delays_grow_to_the_longest_within_the_jitter() {
        let mut pace = Backoff::seeded(3);
        let delays: Vec<_> = (0..30).map(|_| pace.next_delay().as_secs_f64()).collect();
        assert!(delays[0] <= 0.060 && delays[0] >= 0.040, "{delays:?}");
        assert!(delays[29] <= 3.6 && delays[29] >= 2.4, "{delays:?}");
    }
}
