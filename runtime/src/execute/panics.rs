//! Panics: caught where a test runs, with their place.

use std::any::Any;
use std::panic::PanicHookInfo;
use std::sync::{Arc, Mutex, Once, PoisonError};

use crate::{Failure, Place};

tokio::task_local! {
    /// Where the running test's panic is put.
    static SEEN: Seen;
}

/// The place of a panic, once there was one.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen(Arc<Mutex<Option<Place>>>);

impl Seen {
    /// Runs a test's future so that a panic in it is noted here.
    pub(super) async fn watch<F: Future>(self, test: F) -> F::Output {
        SEEN.scope(self, test).await
    }

    /// Turns what a test panicked with into a failure.
    pub(super) fn failure(&self, payload: &(dyn Any + Send)) -> Failure {
        let message = text(payload);
        let place = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        Failure::new(format!("panicked: {message}")).with_place(place)
    }
}

/// Makes panics inside a test silent: their message and place go into its
/// verdict. All others are printed as before.
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
    let place = info.location().map(Place::from);
    *seen.0.lock().unwrap_or_else(PoisonError::into_inner) = place;
}

fn text(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("with a value that is no text")
}
