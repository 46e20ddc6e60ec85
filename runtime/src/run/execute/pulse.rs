//! Keeps timers running while a test blocks a thread.
//!
//! One thread of a tokio runtime at a time waits for timers and sockets. When it
//! finds a single task, it runs the task itself without waking another thread; if
//! that task then blocks, no thread waits for timers any more. Spawning a task from
//! outside wakes an idle thread, which takes over the waiting.

use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;

/// How often the runtime is woken.
const EVERY: Duration = Duration::from_millis(200);

/// Wakes the runtime regularly until dropped.
#[derive(Debug)]
pub(super) struct Pulse {
    _stop: SyncSender<()>,
}

impl Pulse {
    /// Starts the thread. If it cannot be started, only the supervisor's deadlines apply.
    pub(super) fn start(runtime: Handle) -> Self {
        let (stop, stopped) = sync_channel::<()>(0);
        let beat = move || {
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                runtime.spawn(async {});
            }
        };
        let _ = thread::Builder::new().name("pulse".to_owned()).spawn(beat);
        Self { _stop: stop }
    }
}
