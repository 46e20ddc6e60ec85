//! Waiting for a state: polling with backoff until a deadline.
//!
//! A [`Wait`] calls a probe repeatedly. The probe returns a [`Poll`]: ready, not
//! yet (with the observed state), or a dead end, a terminal state that ends the
//! wait at once. The error of a wait lists what was observed, when, and with which
//! request ids.
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
//! Probes for common resources are in [`ready`]. When many tests wait for resources
//! of one type, they share one list request instead of polling one by one.

mod backoff;
mod error;
mod history;
mod listing;
mod observations;
mod poll;
pub mod ready;
mod shared;

use std::fmt;
use std::panic::Location;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

pub use backoff::Backoff;
pub use error::{WaitError, Why};
pub(crate) use history::{TypicalWait, WaitHistory, WaitKey};
pub use observations::{Observation, Observations};
pub use poll::{Poll, ProbeError};
pub(crate) use shared::Shared;

/// The default deadline of a wait.
pub const DEADLINE: Duration = Duration::from_secs(120);

/// A wait that is being configured.
///
/// It uses tokio's clock: with a paused clock, a wait of minutes runs at once and
/// deterministically.
#[must_use = "a wait does nothing until `until` is awaited"]
pub struct Wait {
    what: String,
    within: Duration,
    pace: Backoff,
    typical: Option<TypicalWait>,
    place: Option<&'static Location<'static>>,
    tell: Option<Tell>,
}

/// Called with the outcome of a wait.
type Tell = Box<dyn FnOnce(&WaitOutcome<'_>) + Send>;

/// The outcome of a wait.
#[derive(Debug)]
pub struct WaitOutcome<'a> {
    /// What was waited for.
    pub what: &'a str,
    /// How long.
    pub took: Duration,
    /// Why it failed; `None` on success.
    pub why: Option<&'a Why>,
    /// What was observed.
    pub observed: &'a Observations,
    /// Where in the source it was started, for a test's own waits.
    pub place: Option<&'static Location<'static>>,
}

impl Wait {
    /// Creates a wait; `what` completes "waiting for", for example `server web-1 to be
    /// ACTIVE`.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            within: DEADLINE,
            pace: Backoff::default(),
            typical: None,
            place: None,
            tell: None,
        }
    }

    /// Sets the deadline, counted from the first poll.
    pub fn within(mut self, deadline: Duration) -> Self {
        self.within = deadline;
        self
    }

    /// Polls at about this interval instead of backing off.
    pub fn every(self, step: Duration) -> Self {
        let pace = self.pace.clone().with_bounds(step, step);
        self.with_backoff(pace)
    }

    /// Sets the delays between polls; the first poll is immediate.
    pub fn with_backoff(mut self, pace: Backoff) -> Self {
        (self.pace, self.typical) = (pace, None);
        self
    }

    /// Delays the first poll according to earlier waits with the same key.
    pub(crate) fn with_history(mut self, typical: TypicalWait) -> Self {
        self.typical = Some(typical);
        self
    }

    /// Sets where in the source it was started.
    pub(crate) fn started_at(mut self, place: &'static Location<'static>) -> Self {
        self.place = Some(place);
        self
    }

    /// Registers a function that is called with the outcome.
    pub fn on_end(mut self, tell: impl FnOnce(&WaitOutcome<'_>) + Send + 'static) -> Self {
        self.tell = Some(Box::new(tell));
        self
    }

    /// Polls until the probe is ready, reaches a dead end, fails, or the deadline passes.
    ///
    /// - The first poll is immediate. In a test's own waits it is delayed to shortly
    ///   before the shortest of the latest waits from the same source location ended. The
    ///   last poll is at the deadline.
    /// - A probe that has not returned by the deadline is abandoned.
    /// - A transient failure of a probe ([`ProbeError::passing`]: the service cannot be
    ///   reached, or answered 5xx) is recorded as an observation; a permanent one ends
    ///   the wait.
    pub async fn until<T, F, Fut>(self, probe: F) -> Result<T, WaitError>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<Poll<T>, ProbeError>>,
    {
        let Self { what, within, mut pace, typical, place, tell } = self;
        let start = Instant::now();
        let mut under_way =
            UnderWay { what, place, start, observed: Observations::default(), tell };
        if let Some(early) = typical.as_ref().and_then(TypicalWait::early) {
            // Poll a long wait less often than one that may finish at any moment.
            pace = pace.starting_with(early / 8);
            sleep_until(start + early.min(within)).await;
        }
        let result = poll(start, within, pace, probe, &mut under_way.observed).await;
        if let (Some(typical), Ok(_)) = (typical, &result) {
            typical.took(start.elapsed());
        }
        under_way.end(result.as_ref().err());
        let what = std::mem::take(&mut under_way.what);
        let observed = std::mem::take(&mut under_way.observed);
        result.map_err(|why| WaitError { what, within, why, observed })
    }
}

/// A wait that has not ended. Dropping it reports that it was abandoned, as by a test
/// that exceeds its own deadline meanwhile.
struct UnderWay {
    what: String,
    place: Option<&'static Location<'static>>,
    start: Instant,
    observed: Observations,
    tell: Option<Tell>,
}

impl UnderWay {
    fn end(&mut self, why: Option<&Why>) {
        if let Some(tell) = self.tell.take() {
            let Self { what, place, start, observed, .. } = self;
            tell(&WaitOutcome { what, took: start.elapsed(), why, observed, place: *place });
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.end(Some(&Why::Abandoned));
    }
}

async fn poll<T, F, Fut>(
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
        // The last poll, at the deadline, still gets a moment to answer.
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
        let polls = AtomicUsize::new(0);
        let error = Wait::new("server s to be ACTIVE")
            .within(Duration::from_secs(within))
            .with_backoff(Backoff::seeded(7))
            .until(|| {
                let poll = polls.fetch_add(1, Ordering::Relaxed);
                async move { Ok(Poll::<()>::not_yet(state).with_request_id(format!("req-{poll}"))) }
            })
            .await
            .unwrap_err();
        (error, polls.into_inner())
    }

    #[tokio::test(start_paused = true)]
    async fn a_timeout_says_what_was_seen_when_and_under_which_request() {
        let (error, polls) = stuck_in("BUILD", 60).await;
        assert!((10..60).contains(&polls), "{polls} polls in a minute");
        let text = error.to_string();
        assert!(text.starts_with("gave up waiting for server s to be ACTIVE after 60 s"), "{text}");
        assert!(text.contains("BUILD from 0.0 s to 60.0 s"), "{text}");
        assert!(text.contains(&format!("req-{}", polls - 1)), "{text}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_dead_end_fails_at_once() {
        let start = Instant::now();
        let error = Wait::new("volume v to be available")
            .until(|| async { Ok(Poll::<()>::dead_end("error")) })
            .await
            .unwrap_err();
        assert!(start.elapsed().is_zero());
        assert!(error.to_string().contains("entered the terminal state `error`"), "{error}");
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
    async fn a_wait_that_is_cut_short_still_says_what_it_saw() {
        let (sender, mut told) = tokio::sync::mpsc::unbounded_channel();
        let here = Location::caller();
        let wait = Wait::new("server s to be ACTIVE").started_at(here).on_end(move |outcome| {
            let why = outcome.why.map(ToString::to_string).unwrap_or_default();
            let place = outcome.place.map(ToString::to_string).unwrap_or_default();
            let _ = sender.send(format!("{}: {why}; {}; {place}", outcome.what, outcome.observed));
        });
        let under_way = wait.until(|| async { Ok(Poll::<()>::not_yet("BUILD")) });
        tokio::time::timeout(Duration::from_secs(7), under_way).await.unwrap_err();
        let told = told.recv().await.unwrap();
        assert!(told.starts_with("server s to be ACTIVE: the test ended first; BUILD"), "{told}");
        assert!(told.ends_with(&here.to_string()), "{told}");
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
