//! What a test tells the journal beside its requests: notes, and how waits went.

use std::panic::Location;

use serde_json::Value;

use super::Context;
use crate::client::redact;
use crate::journal::{Event, Observation, WaitReport};
use crate::wait::{Wait, WaitKey, WaitOutcome};

impl Context {
    /// Keeps something as evidence: reports show it with the test.
    ///
    /// What stands under a key that names a secret (`password`, `token` and the like) is
    /// hidden before it is written anywhere.
    pub fn note(&self, key: &str, value: impl Into<Value>) {
        self.0.sink.send(Event::Note {
            test: self.0.test.clone(),
            key: key.to_owned(),
            value: redact::json(&value.into()),
        });
    }

    /// Starts a wait, whose course goes to the journal; `what` reads after
    /// "waiting for".
    ///
    /// Waits that start at one place in the source are taken to be of one sort: how long
    /// the latest took tells when the next looks first.
    ///
    /// ```no_run
    /// # use squall::{Context, wait::ready};
    /// # async fn doc(ctx: &Context, id: &str) -> squall::Result {
    /// ctx.wait("the server to be ACTIVE")
    ///     .until(ready::server_status(ctx.actor(), id, "ACTIVE"))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn wait(&self, what: impl Into<String>) -> Wait {
        let (test, sink) = (self.0.test.clone(), self.0.sink.clone());
        Wait::new(what)
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
        what: ended.what.to_owned(),
        duration_ms: millis(ended.took),
        error: ended.why.map(ToString::to_string),
        saw: seen
            .map(|seen| Observation { state: seen.state.clone(), at_ms: millis(seen.first) })
            .collect(),
    }
}
