//! What a test has to undo, the latest first.

use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use crate::client::by_id::Api;
use crate::kinds::Kind;
use crate::ledger::Outstanding;

/// One step of undoing.
pub(crate) enum Step {
    /// A resource in the ledger.
    Thing(Box<Thing>),
    /// An action of [`defer`](crate::Context::defer), which a crash loses.
    Deferred {
        /// Where it was registered.
        place: &'static Location<'static>,
        /// The action.
        action: Deferred,
    },
}

/// An action that runs when the test ends.
pub(crate) type Deferred = Pin<Box<dyn Future<Output = crate::Result> + Send>>;

/// A resource in the ledger, and the session that can delete it.
pub(crate) struct Thing {
    pub(crate) kind: &'static Kind,
    pub(crate) outstanding: Outstanding,
    pub(crate) actor: Arc<dyn Api>,
    /// Whether the creating request was answered; if not, it may still take effect.
    pub(crate) answered: bool,
}

/// The steps of one test.
#[derive(Default)]
pub(crate) struct Stack(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    closed: bool,
    steps: Vec<Step>,
}

/// The test has ended, so that no step can be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Closed;

impl Stack {
    /// Adds a step.
    pub(crate) fn push(&self, step: Step) -> Result<(), Closed> {
        let mut inner = self.lock();
        if inner.closed {
            return Err(Closed);
        }
        inner.steps.push(step);
        Ok(())
    }

    /// Records that a creating request was answered, with the resource's id.
    pub(crate) fn answered(&self, seq: u64, id: Option<String>) {
        if let Some(thing) = self.lock().find(seq) {
            thing.answered = true;
            thing.outstanding.id = id.or(thing.outstanding.id.take());
        }
    }

    /// Removes a resource that was never created.
    pub(crate) fn forget(&self, seq: u64) {
        self.lock()
            .steps
            .retain(|step| !matches!(step, Step::Thing(thing) if thing.outstanding.seq == seq));
    }

    /// Whether there is nothing to undo.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().steps.is_empty()
    }

    /// Refuses further steps, and returns the last one; `None` when all are done.
    pub(crate) fn close_and_pop(&self) -> Option<Step> {
        let mut inner = self.lock();
        inner.closed = true;
        inner.steps.pop()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn find(&mut self, seq: u64) -> Option<&mut Thing> {
        self.steps.iter_mut().find_map(|step| match step {
            Step::Thing(thing) if thing.outstanding.seq == seq => Some(&mut **thing),
            Step::Thing(_) | Step::Deferred { .. } => None,
        })
    }
}

impl fmt::Debug for Stack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.lock();
        write!(f, "Stack({} steps, closed: {})", inner.steps.len(), inner.closed)
    }
}
