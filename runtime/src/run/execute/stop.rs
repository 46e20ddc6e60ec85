//! A request to start no more tests and to stop the running ones.

use std::sync::Arc;

use tokio::sync::watch;

/// A stop request, shared by all clones.
#[derive(Debug, Clone)]
pub struct Stop(watch::Sender<Option<Arc<str>>>);

impl Default for Stop {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl Stop {
    /// Requests the stop; `why` is the reason of tests that were running.
    pub fn request(&self, why: &str) {
        self.0.send_if_modified(|reason| {
            let first = reason.is_none();
            if first {
                *reason = Some(why.into());
            }
            first
        });
    }

    /// Whether a stop was requested.
    pub fn is_requested(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Waits until a stop is requested, and returns the reason.
    pub async fn requested(&self) -> Arc<str> {
        let mut receiver = self.0.subscribe();
        // The sender is `self`, which outlives the wait.
        let reason = receiver.wait_for(Option::is_some).await;
        reason.ok().and_then(|reason| reason.clone()).unwrap_or_else(|| "stopped".into())
    }
}
