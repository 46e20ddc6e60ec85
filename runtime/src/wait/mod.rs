//! Waiting for a state: look often at first, then less often, until a deadline.
//!
//! A [`Wait`] asks a probe again and again. The probe answers with a [`Poll`]:
//! what was waited for, not yet (and what was seen instead), or a state from
//! which it can never come about, which ends the wait at once. A wait that fails
//! says what it saw, when, and under which request ids.
//!
//! ```
//! use std::time::Duration;
//! use squall::wait::{Poll, Wait};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
//! let mut answers = ["BUILD", "BUILD", "ACTIVE"].into_iter();
//! let status = Wait::new("server web-1 to be ACTIVE")
//!     .within(Duration::from_secs(30))
//!     .until(|| {
//!         let status = answers.next().unwrap_or("ERROR");
//!         async move {
//!             Ok(match status {
//!                 "ACTIVE" => Poll::ready(status),
//!                 "ERROR" => Poll::dead_end(status),
//!                 other => Poll::not_yet(other),
//!             })
//!         }
//!     })
//!     .await?;
//! assert_eq!(status, "ACTIVE");
//! # Ok::<(), squall::wait::WaitError>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Ready ones for the usual resources are in [`ready`]. Where many tests wait for
//! things of one sort, one list is asked for in place of a look each.

mod backoff;
mod error;
mod history;
mod listing;
mod observations;
mod poll;
pub mod ready;
mod shared;

use std::fmt;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

pub use backoff::Backoff;
pub use error::{WaitError, Why};
pub(crate) use history::{TypicalWait, WaitHistory, WaitKey};
pub use observations::{Observation, Observations};
pub use poll::{Poll, ProbeError};
pub(crate) use shared::Shared;

/// How long a wait lasts when nobody says.
pub const DEADLINE: Duration = Duration::from_secs(120);

/// A wait that is being put together.
///
/// Time is tokio's: a test that starts its runtime with the clock paused runs
/// a wait of minutes at once and always the same.
#[must_use = "a wait does nothing until `until` is awaited"]
pub struct Wait {
    what: String,
    within: Duration,
    pace: Backoff,
    typical: Option<TypicalWait>,
    tell: Option<Tell>,
}

/// Who is told how a wait went.
type Tell = Box<dyn FnOnce(&WaitOutcome<'_>) + Send>;

/// How a wait went.
#[derive(Debug)]
pub struct WaitOutcome<'a> {
    /// What was waited for.
    pub what: &'a str,
    /// How long.
    pub took: Duration,
    /// Why in vain; none when it was there.
    pub why: Option<&'a Why>,
    /// What was seen meanwhile.
    pub observed: &'a Observations,
}

impl Wait {
    /// Starts a wait; `what` reads after "waiting for", as in `server web-1 to be ACTIVE`.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            within: DEADLINE,
            pace: Backoff::default(),
            typical: None,
            tell: None,
        }
    }

    /// Sets the deadline, counted from the first look.
    pub fn within(mut self, deadline: Duration) -> Self {
        self.within = deadline;
        self
    }

    /// Looks in steps of about this length instead of backing off.
    pub fn every(self, step: Duration) -> Self {
        let pace = self.pace.clone().with_bounds(step, step);
        self.with_backoff(pace)
    }

    /// Sets how the looks follow each other, beginning at once.
    pub fn with_backoff(mut self, pace: Backoff) -> Self {
        (self.pace, self.typical) = (pace, None);
        self
    }

    /// Has the first look come when it may be worth it, as earlier waits of its sort tell.
    pub(crate) fn with_history(mut self, typical: TypicalWait) -> Self {
        self.typical = Some(typical);
        self
    }

    /// Has someone told how it went.
    pub fn on_end(mut self, tell: impl FnOnce(&WaitOutcome<'_>) + Send + 'static) -> Self {
        self.tell = Some(Box::new(tell));
        self
    }

    /// Looks until the probe is ready, at a dead end, fails, or time is up.
    ///
    /// - The first look is at once, or in a test's own wait when it may be worth it: a
    ///   little before the shortest of the latest waits from the same place in the source
    ///   came to its end. One more is made at the deadline itself.
    /// - A probe that does not come back by the deadline is abandoned.
    /// - A probe's passing failure ([`ProbeError::passing`]: the service cannot be
    ///   reached, or answered 5xx) is a sighting like any other; a lasting one
    ///   ends the wait.
    pub async fn until<T, F, Fut>(self, probe: F) -> Result<T, WaitError>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<Poll<T>, ProbeError>>,
    {
        let Self { what, within, mut pace, typical, tell } = self;
        let start = Instant::now();
        let mut observed = Observations::default();
        if let Some(early) = typical.as_ref().and_then(TypicalWait::early) {
            // What is nearly there needs no looks as close as those of what may be there at once.
            pace = pace.starting_with(early / 8);
            sleep_until(start + early.min(within)).await;
        }
        let result = look(start, within, pace, probe, &mut observed).await;
        if let (Some(typical), Ok(_)) = (typical, &result) {
            typical.took(start.elapsed());
        }
        if let Some(tell) = tell {
            let (took, why) = (start.elapsed(), result.as_ref().err());
            tell(&WaitOutcome { what: &what, took, why, observed: &observed });
        }
        result.map_err(|why| WaitError { what, within, why, observed })
    }
}

async fn look<T, F, Fut>(
    start: Instant,
    within: Duration,
    mut pace: Backoff,
    mut probe: F,
    observed: &mut Observations,
) -> Result<T, Why>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<Poll<T>, ProbeError>>,
{
    let deadline = start + within;
    loop {
        let asked = Instant::now();
        // At the deadline the last look still gets a moment to answer.
        let patience = deadline.max(asked + pace.first());
        let Ok(answer) = timeout_at(patience, probe()).await else {
            observed.add(start.elapsed(), "no answer", None);
            return Err(Why::TimeUp);
        };
        let at = asked - start;
        match answer {
            Ok(Poll::Ready(value)) => return Ok(value),
            Ok(Poll::NotYet(seen)) => observed.add(at, &seen.state, seen.request_id),
            Ok(Poll::DeadEnd(seen)) => {
                observed.add(at, &seen.state, seen.request_id);
                return Err(Why::DeadEnd(seen.state));
            }
            Err(error) => {
                observed.add(at, &error.message, error.request_id.clone());
                if !error.passing {
                    return Err(Why::Probe(error));
                }
            }
        }
        let now = Instant::now();
        if now >= deadline {
            return Err(Why::TimeUp);
        }
        sleep_until((now + pace.next_delay()).min(deadline)).await;
    }
}

impl fmt::Debug for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wait({} within {:?})", self.what, self.within)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    async fn stuck_in(state: &'static str, within: u64) -> (WaitError, usize) {
        let looks = AtomicUsize::new(0);
        let error = Wait::new("server s to be ACTIVE")
            .within(Duration::from_secs(within))
            .with_backoff(Backoff::seeded(7))
            .until(|| {
                let look = looks.fetch_add(1, Ordering::Relaxed);
                async move { Ok(Poll::<()>::not_yet(state).with_request_id(format!("req-{look}"))) }
            })
            .await
            .unwrap_err();
        (error, looks.into_inner())
    }

    #[tokio::test(start_paused = true)]
    async fn a_timeout_says_what_was_seen_when_and_under_which_request() {
        let (error, looks) = stuck_in("BUILD", 60).await;
        assert!((10..60).contains(&looks), "{looks} looks in a minute");
        let text = error.to_string();
        assert!(text.starts_with("gave up waiting for server s to be ACTIVE after 60 s"), "{text}");
        assert!(text.contains("BUILD from 0.0 s to 60.0 s"), "{text}");
        assert!(text.contains(&format!("req-{}", looks - 1)), "{text}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_dead_end_fails_at_once() {
        let start = Instant::now();
        let error = Wait::new("volume v to be available")
            .until(|| async { Ok(Poll::<()>::dead_end("error")) })
            .await
            .unwrap_err();
        assert!(start.elapsed().is_zero());
        assert!(error.to_string().contains("`error`, which it cannot leave"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_passing_failure_is_seen_through_and_a_lasting_one_is_not() {
        let mut answers = vec![
            Err(ProbeError::lasting("403 from compute")),
            Ok(Poll::Ready(1)),
            Err(ProbeError::passing("503 from compute")),
        ];
        let mut probe = || std::future::ready(answers.pop().unwrap());
        assert_eq!(Wait::new("it").until(&mut probe).await.unwrap(), 1);
        let error = Wait::new("it").until(&mut probe).await.unwrap_err();
        assert!(matches!(error.why, Why::Probe(_)), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_never_answers_ends_at_the_deadline() {
        let start = Instant::now();
        let error = Wait::new("it")
            .within(Duration::from_secs(5))
            .until(std::future::pending::<Result<Poll<()>, ProbeError>>)
            .await
            .unwrap_err();
        assert_eq!(start.elapsed(), Duration::from_secs(5));
        assert!(error.to_string().contains("no answer"), "{error}");
    }
}
