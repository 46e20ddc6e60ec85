//! Whether and when a request is sent again: pure functions.

use std::time::Duration;

use http::HeaderMap;
use http::header::RETRY_AFTER;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use crate::transport::{TransportError, TransportErrorKind};

/// How often a request is sent, and the waits in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The maximum number of attempts.
    pub attempts: u32,
    /// The wait after the first attempt if the service names none; it doubles
    /// after each further attempt.
    pub first_wait: Duration,
    /// The longest wait. If a service asks for more, the request is not sent again.
    pub longest_wait: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            first_wait: Duration::from_millis(250),
            longest_wait: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// Sends every request once.
    pub const NEVER: Self =
        Self { attempts: 1, first_wait: Duration::ZERO, longest_wait: Duration::ZERO };

    fn wait(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        self.first_wait.saturating_mul(doubled).min(self.longest_wait)
    }
}

/// Whether a status may lead to another attempt at all.
pub(crate) fn is_retried(status: u16) -> bool {
    matches!(status, 413 | 429 | 503)
}

/// Returns the time to wait before the next attempt after a response, or `None`
/// if the response is final.
///
/// - 413 and 429 mean that the service refused before it did anything: any
///   method is sent again. 413 without `Retry-After` means that the request is
///   too large, which another attempt does not change.
/// - 503 with `Retry-After` is such a refusal too. Without it the service may have
///   begun to process the request: only a repeatable one is sent again.
/// - Every other status is final.
///
/// `Retry-After` is a number of seconds or an HTTP date, which is taken
/// relative to `now`.
pub fn after_response(
    policy: &RetryPolicy,
    attempt: u32,
    repeatable: bool,
    status: u16,
    headers: &HeaderMap,
    now: Timestamp,
) -> Option<Duration> {
    if attempt >= policy.attempts {
        return None;
    }
    let named = retry_after(headers, now);
    let wait = match (status, named) {
        (413 | 429 | 503, Some(wait)) => wait,
        (429, None) => policy.wait(attempt),
        (503, None) if repeatable => policy.wait(attempt),
        _ => return None,
    };
    (wait <= policy.longest_wait).then_some(wait)
}

/// Returns the time to wait before the next attempt after a request without a
/// response, or `None` to give up.
///
/// - After a refused connection, any method is sent again: nothing was sent.
/// - After a broken connection, only a repeatable request is sent again.
/// - Unknown names and untrusted certificates are permanent, and a time-out has
///   used up the time allowed.
pub fn after_failure(
    policy: &RetryPolicy,
    attempt: u32,
    repeatable: bool,
    error: &TransportError,
) -> Option<Duration> {
    let again = match error.kind {
        TransportErrorKind::Refused => true,
        TransportErrorKind::Closed => repeatable,
        _ => false,
    };
    (again && attempt < policy.attempts).then(|| policy.wait(attempt))
}

fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTimeParser::new().parse_timestamp(text).ok()?;
    let seconds = date.as_second().saturating_sub(now.as_second());
    // A date in the past means no wait.
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-24T06:00:00Z";

    fn decide(status: u16, retry_after: Option<&str>, repeatable: bool) -> Option<u64> {
        let mut headers = HeaderMap::new();
        if let Some(value) = retry_after {
            headers.insert(RETRY_AFTER, value.parse().unwrap());
        }
        let policy = RetryPolicy::default();
        after_response(&policy, 2, repeatable, status, &headers, NOW.parse().unwrap())
            .map(|wait| u64::try_from(wait.as_millis()).unwrap())
    }

    #[test]
    fn what_was_refused_before_it_began_is_repeated_whatever_it_is() {
        for status in [413, 429, 503] {
            assert_eq!(decide(status, Some("7"), false), Some(7000), "{status}");
        }
        assert_eq!(decide(429, None, false), Some(500));
    }

    #[test]
    fn what_may_have_been_done_is_not() {
        assert_eq!(decide(503, None, false), None);
        assert_eq!(decide(503, None, true), Some(500));
        assert_eq!(decide(413, None, true), None);
        for status in [200, 400, 401, 404, 409, 500, 502, 504] {
            assert_eq!(decide(status, Some("1"), true), None, "{status}");
        }
    }

    #[test]
    fn a_date_is_taken_relative_to_now() {
        assert_eq!(decide(503, Some("Tue, 24 Nov 2026 06:00:30 GMT"), true), Some(30_000));
        assert_eq!(decide(503, Some("Tue, 24 Nov 2026 05:00:00 GMT"), true), Some(0));
    }

    #[test]
    fn a_wait_beyond_the_longest_is_not_waited() {
        assert_eq!(decide(503, Some("61"), true), None);
    }

    #[test]
    fn attempts_are_bounded() {
        let policy = RetryPolicy { attempts: 2, ..RetryPolicy::default() };
        let refused = TransportError::new(TransportErrorKind::Refused, "");
        assert!(after_failure(&policy, 1, false, &refused).is_some());
        assert!(after_failure(&policy, 2, false, &refused).is_none());
        let broken = TransportError::new(TransportErrorKind::Closed, "");
        assert!(after_failure(&policy, 1, false, &broken).is_none());
        assert!(after_failure(&policy, 1, true, &broken).is_some());
    }
}
