//! The cloud's clock: wall time for stamps, scaled time for how long work takes.

use std::time::{Duration, Instant};

use jiff::Timestamp;

/// Tells the time and scales delays by the cloud's speed.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    started: Instant,
    speed: f64,
}

impl Clock {
    /// Starts a clock; at `speed` 2.0 work takes half as long as at 1.0, and at
    /// infinity it is done by the next request.
    pub(crate) fn new(speed: f64) -> Self {
        Self { started: Instant::now(), speed: if speed > 0.0 { speed } else { 1.0 } }
    }

    /// Returns the wall time.
    #[expect(clippy::unused_self, reason = "whoever asks for the time asks the cloud's clock")]
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// Returns the time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Returns the moment, as time since the start, at which work is done that
    /// begins now and takes `milliseconds` at speed 1.
    pub(crate) fn after(&self, milliseconds: u32) -> Duration {
        self.elapsed() + Duration::from_secs_f64(f64::from(milliseconds) / 1000.0 / self.speed)
    }
}

/// How the services write a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// `2026-01-02T03:04:05Z`: compute, image and network.
    Seconds,
    /// `2026-01-02T03:04:05.000000Z`: identity, and compute, whose schemas ask
    /// for a `date-time`, although nova itself leaves the zone out.
    MicrosZulu,
    /// `2026-01-02T03:04:05.000000`, without a zone: volume.
    MicrosBare,
}

/// Writes a time in a service's own form.
pub(crate) fn stamp(at: Timestamp, form: Stamp) -> String {
    let pattern = match form {
        Stamp::Seconds => "%Y-%m-%dT%H:%M:%SZ",
        Stamp::MicrosZulu => "%Y-%m-%dT%H:%M:%S.%6fZ",
        Stamp::MicrosBare => "%Y-%m-%dT%H:%M:%S.%6f",
    };
    at.strftime(pattern).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_written_as_its_services_write_it() {
        let at: Timestamp = "2026-01-02T03:04:05.678901Z".parse().unwrap();
        assert_eq!(stamp(at, Stamp::Seconds), "2026-01-02T03:04:05Z");
        assert_eq!(stamp(at, Stamp::MicrosZulu), "2026-01-02T03:04:05.678901Z");
        assert_eq!(stamp(at, Stamp::MicrosBare), "2026-01-02T03:04:05.678901");
    }

    #[test]
    fn infinite_speed_takes_no_time() {
        let clock = Clock::new(f64::INFINITY);
        assert!(clock.after(1_000_000) <= clock.elapsed());
    }
}
