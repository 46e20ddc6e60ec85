//! A waker for two futures that one task polls together.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

/// The waker of a connection and of its exchange.
///
/// They wake each other at each step. While both are polled, that need not go through the
/// runtime, which would poll the whole test for it.
#[derive(Debug, Default)]
pub(super) struct Between(Mutex<Turn>);

#[derive(Debug, Default)]
struct Turn {
    task: Option<Waker>,
    polling: bool,
    woken: bool,
}

impl Between {
    /// Begins to poll; `task` is woken by what happens later.
    pub(super) fn begin(&self, task: &Waker) {
        let mut turn = self.turn();
        turn.task.get_or_insert_with(|| task.clone()).clone_from(task);
        (turn.polling, turn.woken) = (true, false);
    }

    /// Ends polling, unless one of the two was woken meanwhile.
    pub(super) fn end(&self) -> bool {
        let mut turn = self.turn();
        turn.polling = std::mem::take(&mut turn.woken);
        !turn.polling
    }

    /// Ends polling although one of the two was woken: the task has to give way to others.
    pub(super) fn give_way(&self) {
        let mut turn = self.turn();
        (turn.polling, turn.woken) = (false, false);
    }

    fn turn(&self) -> MutexGuard<'_, Turn> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Between {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let task = {
            let mut turn = self.turn();
            if turn.polling {
                turn.woken = true;
                return;
            }
            turn.task.clone()
        };
        if let Some(task) = task {
            task.wake();
        }
    }
}
