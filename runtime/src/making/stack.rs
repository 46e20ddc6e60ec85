//! What a test has to undo, the latest first.

use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use crate::client::by_id::Api;
use crate::kinds::Kind;
use crate::ledger::Outstanding;

/// Something to do at the end.
pub(crate) enum Step {
    /// A thing of the ledger.
    Thing(Box<Thing>),
    /// What a test said to do; it cannot outlive a crash.
    Deferred {
        /// Where the test said so.
        place: &'static Location<'static>,
        /// What to do.
        action: Deferred,
    },
}

/// An action that waits for the end.
pub(crate) type Deferred = Pin<Box<dyn Future<Output = crate::Result> + Send>>;

/// A thing of the ledger, and who can undo it.
pub(crate) struct Thing {
    pub(crate) kind: &'static Kind,
    pub(crate) outstanding: Outstanding,
    pub(crate) actor: Arc<dyn Api>,
    /// Whether the request that makes it has been answered; one that has not may
    /// still make it.
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

/// The test is over, and nothing can be added.
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

    /// Notes that the request of a thing was answered, with the thing's id.
    pub(crate) fn answered(&self, seq: u64, id: Option<String>) {
        if let Some(thing) = self.lock().find(seq) {
            thing.answered = true;
            thing.outstanding.id = id.or(thing.outstanding.id.take());
        }
    }

    /// Takes out a thing that was never made.
    pub(crate) fn forget(&self, seq: u64) {
        self.lock()
            .steps
            .retain(|step| !matches!(step, Step::Thing(thing) if thing.outstanding.seq == seq));
    }

    /// Tells whether there is nothing to undo.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().steps.is_empty()
    }

    /// Ends it, and gives the last step that is left; none when all are done.
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
