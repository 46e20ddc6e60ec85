//! A request to start no more tests and to stop the running ones.

use tokio::sync::watch;

/// A stop request, shared by all clones.
#[derive(Debug, Clone)]
pub struct Stop(watch::Sender<bool>);

impl Default for Stop {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Stop {
    /// Requests the stop.
    pub fn request(&self) {
        self.0.send_replace(true);
    }

    /// Whether a stop was requested.
    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until a stop is requested.
    pub async fn requested(&self) {
        let mut receiver = self.0.subscribe();
        // The sender is `self`, which outlives the wait.
        let _ = receiver.wait_for(|wanted| *wanted).await;
    }
}
