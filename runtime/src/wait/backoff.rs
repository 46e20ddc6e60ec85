//! How the looks of a wait follow each other.

use std::time::Duration;

/// Delays that start short and grow, each a little off so that many tests that
/// wait for the same service do not ask it in step.
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

/// How much longer each delay is than the one before.
const GROWTH: f64 = 2.0;
/// How far a delay may lie off, as a part of it.
const JITTER: f64 = 0.2;

impl Default for Backoff {
    /// 50 ms growing to 3 s, with a seed of its own.
    fn default() -> Self {
        Self::seeded(fastrand::u64(..))
    }
}

impl Backoff {
    /// Makes the default pace with a seed, so that it can be repeated.
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

    /// Makes the first delay longer, if it is shorter than this.
    #[must_use]
    pub(super) fn starting_with(mut self, first: Duration) -> Self {
        self.next = self.next.max(first).min(self.longest);
        self
    }

    /// Gives the first delay, jitter aside.
    pub fn first(&self) -> Duration {
        self.first
    }

    /// Gives the next delay.
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
