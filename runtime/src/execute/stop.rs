//! The wish that no new test starts and those under way end.

use tokio::sync::watch;

/// A wish that can be made once, from anywhere, and is seen everywhere.
#[derive(Debug, Clone)]
pub struct Stop(watch::Sender<bool>);

impl Default for Stop {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Stop {
    /// Makes the wish.
    pub fn request(&self) {
        self.0.send_replace(true);
    }

    /// Tells whether it was made.
    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is made.
    pub async fn requested(&self) {
        let mut receiver = self.0.subscribe();
        // The sender is `self`, which outlives the wait.
        let _ = receiver.wait_for(|wanted| *wanted).await;
    }
}
