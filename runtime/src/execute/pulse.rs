//! A pulse that keeps timers going while a test holds on to a thread.
//!
//! One thread of a tokio runtime at a time waits for timers and sockets. When
//! it finds a single task it runs that task itself and wakes nobody; if the task
//! then never gives the thread back, nobody waits any more, and idle threads
//! sleep on. A task from outside wakes one of them, which looks around and goes
//! to wait in its place.

use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;

/// How often the runtime is woken.
const EVERY: Duration = Duration::from_millis(200);

/// Beats until it is dropped.
#[derive(Debug)]
pub(super) struct Pulse {
    _stop: SyncSender<()>,
}

impl Pulse {
    /// Starts beating; without a thread for it the supervisor's own deadlines
    /// are all there is.
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
