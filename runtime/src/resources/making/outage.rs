//! Notices that a cloud does not answer any more.
//!
//! One test cannot tell a service that is down from a cloud that is gone, and retries
//! each request for a while. All requests of a worker together can: once none of them
//! has reached anything for some time, further requests fail at once, and the run ends.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::client::{Exchange, Refusal};

/// How long all connections may be refused.
const REFUSED: Duration = Duration::from_secs(10);

/// How long nothing may answer: a service that is slow is there.
const SILENT: Duration = Duration::from_secs(60);

/// Whether the cloud answers, shared by everything that sends requests.
#[derive(Debug, Clone)]
pub(crate) struct Outage(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Since when no request was answered, and how many were not.
    silent: Mutex<Option<(Instant, usize)>>,
    /// Why the cloud is taken to be gone.
    cause: watch::Sender<Option<String>>,
}

impl Default for Outage {
    fn default() -> Self {
        Self(Arc::new(Inner { silent: Mutex::default(), cause: watch::Sender::new(None) }))
    }
}

impl Outage {
    /// Refuses a request if the cloud is gone.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        match &*self.0.cause.borrow() {
            None => Ok(()),
            Some(cause) => Err(Refusal::new(format!("not sent: {cause}"))),
        }
    }

    /// Records an exchange.
    pub(crate) fn see(&self, exchange: &Exchange) {
        let mut silent = self.0.silent.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(failure) = exchange.failure.as_ref().filter(|_| exchange.status.is_none()) else {
            *silent = None;
            return;
        };
        let is_refused = failure.contains("refused") || failure.contains("resolved");
        let limit = if is_refused { REFUSED } else { SILENT };
        let now = Instant::now();
        let (since, count) = silent.get_or_insert((now, 0));
        *count += 1;
        if now >= *since + limit {
            let cause = format!(
                "the cloud has not answered for {} s ({count} requests failed; the last one, to \
                 {}: {failure})",
                limit.as_secs(),
                exchange.url.split('?').next().unwrap_or_default()
            );
            self.0.cause.send_if_modified(|known| {
                let first = known.is_none();
                if first {
                    *known = Some(cause);
                }
                first
            });
        }
    }

    /// Waits until the cloud is taken to be gone, and returns why.
    pub(crate) async fn lost(&self) -> String {
        let mut cause = self.0.cause.subscribe();
        // The sender is `self`, which outlives the wait.
        let cause = cause.wait_for(Option::is_some).await;
        cause.ok().and_then(|cause| cause.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn exchange(status: Option<u16>, failure: Option<&str>) -> Exchange {
        serde_json::from_value(json!({
            "operation": "a.b.c", "method": "GET", "url": "http://cloud/x?y", "attempt": 1,
            "started": "2026-11-29T10:00:00Z", "duration-ms": 1, "status": status,
            "failure": failure, "request-headers": {}, "response-headers": {},
            "checked": "off", "validated": false,
        }))
        .unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn connections_that_are_all_refused_end_the_run_within_one_time_for_all_tests() {
        let outage = Outage::default();
        let refused = exchange(None, Some("connection refused"));
        outage.see(&refused);
        tokio::time::advance(REFUSED / 2).await;
        outage.see(&refused);
        assert!(outage.check().is_ok(), "it may come back");
        tokio::time::advance(REFUSED / 2).await;
        outage.clone().see(&refused);
        let refusal = outage.check().unwrap_err().to_string();
        assert!(refusal.contains("3 requests failed") && !refusal.contains('?'), "{refusal}");
        assert!(outage.lost().await.contains("has not answered for 10 s"));
    }

    #[tokio::test(start_paused = true)]
    async fn one_answer_is_enough_to_go_on_and_a_slow_service_is_there() {
        let outage = Outage::default();
        outage.see(&exchange(None, Some("connection refused")));
        tokio::time::advance(REFUSED).await;
        outage.see(&exchange(Some(503), None));
        outage.see(&exchange(None, Some("connection refused")));
        assert!(outage.check().is_ok());
        outage.see(&exchange(Some(200), None));
        let slow = exchange(None, Some("no complete response in time"));
        outage.see(&slow);
        tokio::time::advance(REFUSED).await;
        outage.see(&slow);
        assert!(outage.check().is_ok());
        tokio::time::advance(SILENT).await;
        outage.see(&slow);
        assert!(outage.check().is_err(), "nothing answers at all");
    }
}
