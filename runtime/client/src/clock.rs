//! Time as a session sees it, so that tests never wait.

use std::time::Duration;

use jiff::Timestamp;

use crate::transport::BoxFuture;

/// What tells a session the time and lets it wait.
pub trait Clock: Send + Sync + 'static {
    /// Gives the time now.
    fn now(&self) -> Timestamp;

    /// Waits.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()>;
}

/// The machine's own time.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
