//! What a test records in the journal beside its requests: notes and waits.

use std::panic::Location;

use serde_json::Value;
use squall_records::PolicyCell;

use super::Context;
use crate::client::redact;
use crate::journal::{Event, ObservedState, WaitReport};
use crate::wait::{Wait, WaitKey, WaitOutcome};

impl Context {
    /// Records a value as evidence, which reports show with the test.
    ///
    /// Values under keys that name a secret (`password`, `token` and the like) are masked
    /// before anything is written.
    pub fn note(&self, key: &str, value: impl Into<Value>) {
        self.0.sink.send(Event::Note {
            test: self.0.test.clone(),
            key: key.to_owned(),
            value: redact::json(&value.into()),
        });
    }

    /// Records what a persona was answered where a policy rule is checked.
    pub(crate) fn policy_cell(&self, cell: PolicyCell) {
        let (test, cell) = (self.0.test.clone(), Box::new(cell));
        self.0.sink.send(Event::PolicyCell { test, cell });
    }

    /// Starts a wait, which is recorded in the journal; `what` completes "waiting for".
    ///
    /// Waits started at the same source location count as the same kind of wait: the
    /// duration of the latest ones decides when the next polls first.
    ///
    /// ```no_run
    /// # use squall::{Context, wait::ready};
    /// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
    /// ctx.wait("the server to be ACTIVE")
    ///     .until(ready::state(ctx.actor(), ctx.compute().servers().show(id), "ACTIVE"))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn wait(&self, what: impl Into<String>) -> Wait {
        let (test, sink) = (self.0.test.clone(), self.0.sink.clone());
        Wait::new(what)
            .started_at(Location::caller())
            .with_history(self.0.maker.wait_history.of(WaitKey::At(Location::caller())))
            .on_end(move |ended| {
                sink.send(Event::Wait { test, wait: report(ended) });
            })
    }
}

fn report(ended: &WaitOutcome<'_>) -> WaitReport {
    let millis = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let seen = ended.observed.as_slice().iter();
    WaitReport {
        place: ended.place.map(ToString::to_string),
        what: ended.what.to_owned(),
        duration_ms: millis(ended.took),
        error: ended.why.map(ToString::to_string),
        saw: seen
            .map(|seen| ObservedState { state: seen.state.clone(), at_ms: millis(seen.first) })
            .collect(),
    }
}
