//! Catching panics of tests, with their source location.

use std::any::Any;
use std::panic::PanicHookInfo;
use std::sync::{Arc, Mutex, Once, PoisonError};

use crate::{Failure, SourceLocation};

tokio::task_local! {
    /// The running test's panic.
    static SEEN: Seen;
}

/// The source location of a panic, if there was one.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen(Arc<Mutex<Option<SourceLocation>>>);

impl Seen {
    /// Runs a test's future and records the location of its panic here.
    pub(super) async fn watch<F: Future>(self, test: F) -> F::Output {
        SEEN.scope(self, test).await
    }

    /// Converts a panic payload into a failure.
    pub(super) fn failure(&self, payload: &(dyn Any + Send)) -> Failure {
        let message = text(payload);
        let place = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        Failure::new(format!("panicked: {message}")).with_location(place)
    }
}

/// Installs a hook that keeps panics inside tests silent: their message and location go
/// into the verdict. Other panics are printed as before.
pub(super) fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if SEEN.try_with(|seen| note(seen, info)).is_err() {
                before(info);
            }
        }));
    });
}

fn note(seen: &Seen, info: &PanicHookInfo<'_>) {
    let place = info.location().map(SourceLocation::from);
    *seen.0.lock().unwrap_or_else(PoisonError::into_inner) = place;
}

fn text(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("with a value that is not text")
}
