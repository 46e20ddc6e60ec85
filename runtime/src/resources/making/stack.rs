//! What a test has to undo, the latest first.

use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use crate::client::by_id::Api;
use crate::kinds::{self, Kind};
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
    /// Whether what stands on others is undone first, whenever it was created.
    by_kind: bool,
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

    /// Undoes first what stands on others, and of those the latest. It is for resources that
    /// are shared: a part of an early one may stand on a later one.
    pub(crate) fn order_by_kind(&self) {
        self.lock().by_kind = true;
    }

    /// Refuses further steps, and returns the next one; `None` when all are done.
    pub(crate) fn close_and_pop(&self) -> Option<Step> {
        let mut inner = self.lock();
        inner.closed = true;
        if !inner.by_kind {
            return inner.steps.pop();
        }
        let next = inner.next_by_kind()?;
        Some(inner.steps.remove(next))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Returns the position of the next step: an action that comes last, or else the deepest
    /// of the resources after the last action.
    fn next_by_kind(&self) -> Option<usize> {
        let things = self.steps.iter().enumerate().rev().map_while(|(at, step)| match step {
            Step::Thing(thing) => Some((kinds::depth(thing.kind), at)),
            Step::Deferred { .. } => None,
        });
        things.max().map(|(_, at)| at).or_else(|| self.steps.len().checked_sub(1))
    }

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
