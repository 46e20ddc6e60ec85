//! Progress of long work, reported while it runs. The command line renders it.

use std::sync::Arc;
use std::time::{Duration, Instant};

/// Receives the steps of long work.
pub trait Progress: Send + Sync {
    /// Called when a step begins: `install nova 2026.2`. Several may be open at once.
    fn begin(&self, step: &str) -> Arc<dyn Watcher>;

    /// Reports something that takes no time.
    fn note(&self, text: &str);
}

/// Receives the progress of one step.
pub trait Watcher: Send + Sync {
    /// Reports how far the step is: `42 of 190 packages`.
    fn at(&self, detail: &str);

    /// Called when the step ends, with its outcome and duration.
    fn end(&self, outcome: Outcome, took: Duration);
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded.
    Done,
    /// It failed or was abandoned.
    Failed,
}

/// A step in progress. Dropping it without calling [`done`](Step::done) reports failure.
#[must_use = "dropping a step reports that it failed"]
pub struct Step {
    watcher: Arc<dyn Watcher>,
    since: Instant,
    ended: bool,
}

impl Step {
    /// Begins a step.
    pub fn begin(progress: &dyn Progress, step: &str) -> Self {
        Self { watcher: progress.begin(step), since: Instant::now(), ended: false }
    }

    /// Reports how far the step is.
    pub fn at(&self, detail: &str) {
        self.watcher.at(detail);
    }

    /// Ends the step and returns how long it took.
    pub fn done(mut self) -> Duration {
        let took = self.since.elapsed();
        self.ended = true;
        self.watcher.end(Outcome::Done, took);
        took
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if !self.ended {
            self.watcher.end(Outcome::Failed, self.since.elapsed());
        }
    }
}

/// Ignores all progress, for tests and for work that is over at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _step: &str) -> Arc<dyn Watcher> {
        Arc::new(Self)
    }

    fn note(&self, _text: &str) {}
}

impl Watcher for Silent {
    fn at(&self, _detail: &str) {}

    fn end(&self, _outcome: Outcome, _took: Duration) {}
}
