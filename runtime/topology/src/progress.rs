//! How long work is told while it goes on; the command line renders it.

use std::sync::Arc;
use std::time::{Duration, Instant};

/// Who is told of steps.
pub trait Progress: Send + Sync {
    /// A step begins: `install nova 2026.2`. Several may go on at once.
    fn begin(&self, step: &str) -> Arc<dyn Watcher>;

    /// Something to know that takes no time.
    fn note(&self, text: &str);
}

/// Who is told of one step.
pub trait Watcher: Send + Sync {
    /// What the step is at: `42 of 190 packages`.
    fn at(&self, detail: &str);

    /// It ended, well or not, after this time.
    fn end(&self, outcome: Outcome, took: Duration);
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it says.
    Done,
    /// It failed, or was given up.
    Failed,
}

/// A step under way. Dropped without [`done`](Step::done), it has failed.
#[must_use = "a step that is dropped has failed"]
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

    /// Says what it is at.
    pub fn at(&self, detail: &str) {
        self.watcher.at(detail);
    }

    /// Ends it; tells how long it took.
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

/// Nobody, for tests and for what is over at once.
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
