//! How far the cleanup at the end of a run is, as events.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::cleanup::Progress;
use crate::journal::{Event, Sink};

/// How often the number of what is left is sent.
const EVERY: Duration = Duration::from_secs(1);

/// Counts what is removed, and sends the rest as events.
pub(super) struct CleanupProgress<'a> {
    sink: &'a Sink,
    state: Mutex<State>,
}

struct State {
    left: usize,
    sent: Instant,
}

impl<'a> CleanupProgress<'a> {
    /// Starts with `left` resources to remove.
    pub(super) fn new(sink: &'a Sink, left: usize) -> Self {
        if left > 0 {
            sink.send(Event::CleaningUp { left, waiting: None });
        }
        Self { sink, state: Mutex::new(State { left, sent: Instant::now() }) }
    }

    /// Takes note of what happened.
    pub(super) fn see(&self, progress: &Progress<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = match progress {
            Progress::Removed(_) => {
                state.left = state.left.saturating_sub(1);
                if state.sent.elapsed() < EVERY {
                    return;
                }
                None
            }
            Progress::Waiting { thing, since } => {
                let what = format!("{} {}", thing.intent.kind, thing.intent.name);
                Some((what, since.as_secs()))
            }
            Progress::Left { count, .. } => {
                state.left = *count;
                None
            }
        };
        state.sent = Instant::now();
        self.sink.send(Event::CleaningUp { left: state.left, waiting });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::ledger::{Intent, Outstanding, Owner, Removed};

    #[test]
    fn what_is_left_is_counted_and_what_takes_long_is_named() {
        let sent: Arc<Mutex<Vec<Event>>> = Arc::default();
        let sink = Sink::new({
            let sent = Arc::clone(&sent);
            move |entry| sent.lock().unwrap().push(entry.event)
        });
        CleanupProgress::new(&sink, 0);
        assert_eq!(*sent.lock().unwrap(), [], "there is nothing to clean up");

        let intent = Intent::create("compute.server", "squall-server", Owner::new("u", None));
        let thing = Outstanding { seq: 1, intent, id: None };
        let progress = CleanupProgress::new(&sink, 3);
        let removed =
            Removed { kind: "compute.server".into(), name: "squall-other".into(), ids: vec![] };
        progress.see(&Progress::Removed(&removed));
        progress.see(&Progress::Waiting { thing: &thing, since: Duration::from_secs(10) });
        progress.see(&Progress::Left { count: 1, again: true });
        let waiting = Some(("compute.server squall-server".to_owned(), 10));
        assert_eq!(
            *sent.lock().unwrap(),
            [
                Event::CleaningUp { left: 3, waiting: None },
                Event::CleaningUp { left: 2, waiting },
                Event::CleaningUp { left: 1, waiting: None },
            ]
        );
    }
}
